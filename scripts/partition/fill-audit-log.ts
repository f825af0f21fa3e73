// Makes the audit log of the demo as large as one that was never divided: so many rows, evenly over two years until now.

import type pg from 'pg'

const CHUNK = 250_000

/** Its indexes are built anew afterwards, and foreign keys are not asked row by row: a minute in place of ten. */
export async function fillAuditLog(
  client: pg.Client,
  rows: number,
  onProgress: (done: number) => void,
): Promise<void> {
  const indexes = await client.query<{ name: string; definition: string }>(
    `select i.relname as name, pg_get_indexdef(i.oid) as definition
       from pg_index x join pg_class i on i.oid = x.indexrelid
      where x.indrelid = 'audit_log'::regclass and not x.indisprimary`,
  )
  await client.query('set session_replication_role = replica')
  await client.query('truncate audit_log restart identity')
  for (const { name } of indexes.rows) await client.query(`drop index "${name}"`)
  for (let from = 1; from <= rows; from += CHUNK) {
    const to = Math.min(rows, from + CHUNK - 1)
    await client.query(FILL, [from, to, rows])
    onProgress(to)
  }
  for (const { definition } of indexes.rows) await client.query(definition)
  await client.query('reset session_replication_role')
  await client.query('vacuum (analyze) audit_log')
  await client.query('checkpoint')
}

const FILL = `
  with staff as (select array_agg(id order by id) as ids, array_agg(church_id order by id) as churches from app_user)
  insert into audit_log (church_id, app_user_id, action, entity, entity_id, details, created_at)
  select churches[1 + h % cardinality(ids)], ids[1 + h % cardinality(ids)],
         ('{created,updated,viewed,exported,deleted}'::text[])[1 + h % 5],
         ('{member,message,assessment,payment,conversation}'::text[])[1 + h / 7 % 5], 1 + h / 11 % 30000,
         jsonb_build_object('ip', '10.0.' || h % 256 || '.' || h / 256 % 256, 'fields', jsonb_build_array('status', 'name')),
         now() - interval '24 months' * (1 - n / $3::float8)
    from staff, generate_series($1::bigint, $2::bigint) n, lateral (select hashint8(n) & 2147483647 as h) hashed
   order by n`
