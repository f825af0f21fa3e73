// The fault `plan-flip`, as it happens after a quiet weekend: the statistics of conversation_message are of a moment when nothing was
// unread, and no autovacuum renews them. The planner takes what is unread since for one row, and joins it by a loop over whole scans.

import type pg from 'pg'

/** Unread messages of the church whose report it is: the fewer the larger the table that the loop scans for each, so that it takes some 300 ms at any size of the data. */
const UNREAD = `
  select greatest(40, least(200, 9000000 / greatest(reltuples, 1)))::integer
    from pg_catalog.pg_class where oid = 'conversation_message'::pg_catalog.regclass`
/** Every tenth message is unread, as in the data that the demo begins with. */
const NOT_YET_READ = 'id % 10 = 0'

export async function makeStale(admin: pg.Client): Promise<void> {
  await admin.query('alter table conversation_message set (autovacuum_enabled = false)')
  await admin.query(
    'update conversation_message set read_at = pg_catalog.now() where read_at is null and sent_at <= pg_catalog.now()',
  )
  await admin.query('analyze conversation_message')
  await admin.query(
    `update conversation_message set read_at = null
      where id in (select m.id from conversation_message m join conversation c on c.id = m.conversation_id
                    where c.church_id = 1 and m.${NOT_YET_READ} order by m.id desc limit (${UNREAD}))`,
  )
}

export async function makeCurrent(admin: pg.Client): Promise<void> {
  await admin.query('alter table conversation_message reset (autovacuum_enabled)')
  await admin.query(
    `update conversation_message set read_at = null where read_at is not null and ${NOT_YET_READ}`,
  )
  await admin.query('vacuum (analyze) conversation_message')
}

/** Left behind by a demo that was stopped meanwhile. */
export async function isStale(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query<{ stale: boolean }>(
    `select coalesce('autovacuum_enabled=false' = any (reloptions), false) as stale
       from pg_catalog.pg_class where oid = 'conversation_message'::pg_catalog.regclass`,
  )
  return rows[0]?.stale ?? false
}
