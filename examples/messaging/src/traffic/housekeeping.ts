// Keeps the demo's data bounded: what the application adds to a table, this removes from the table's old end. The server's own
// counters tell how much that is.

import type pg from 'pg'

const OLDEST: Readonly<Record<string, string>> = {
  audit_log: 'delete from audit_log where id in (select id from audit_log order by id limit $1)',
  conversation_message:
    'delete from conversation_message where id in (select id from conversation_message order by id limit $1)',
  delivery: 'delete from delivery where id in (select id from delivery order by id limit $1)',
  message_recipient:
    'delete from message_recipient where id in (select id from message_recipient order by id limit $1)',
  message: `delete from message where id in (select id from message
     where id < (select min(message_id) from message_recipient) order by id limit $1)`,
  payment: 'delete from payment where id in (select id from payment order by id limit $1)',
  app_session:
    'delete from app_session where token_hash in (select token_hash from app_session order by expires_at limit $1)',
  carrier_event: `delete from carrier_event
     where received_at < (select received_at from carrier_event order by received_at offset $1 limit 1)`,
}

/** At most so many rows of a table at once: after a long stay away the rest waits for the next round. */
const BATCH = 200

const ROWS = `
  select relname as name, n_tup_ins - n_tup_del as rows from pg_catalog.pg_stat_user_tables where relname = any ($1) order by relname`

export type Rows = ReadonlyMap<string, number>

/** How many rows each table gained since its statistics began. */
export async function countRows(client: pg.ClientBase): Promise<Rows> {
  const { rows } = await client.query<{ name: string; rows: string }>(ROWS, [Object.keys(OLDEST)])
  return new Map(rows.map((row) => [row.name, Number(row.rows)]))
}

/** Removes what came since `before`. After a crash the statistics begin anew, and nothing is removed. */
export async function keepRows(client: pg.ClientBase, before: Rows): Promise<void> {
  const now = await countRows(client)
  // deliveries go before their recipients, recipients before their messages
  for (const [table, sql] of Object.entries(OLDEST)) {
    const added = (now.get(table) ?? 0) - (before.get(table) ?? 0)
    if (added > 0) await client.query(sql, [Math.min(BATCH, added)])
  }
}
