// Keeps the data bounded: what the traffic adds to a table, it removes from the table's old end.

import type { Query } from './action.ts'

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

export interface Housekeeping {
  /** Notes how many rows a statement added. */
  readonly note: (sql: string, rows: number) => void
  readonly run: (query: Query) => Promise<void>
}

export function createHousekeeping(): Housekeeping {
  const added = new Map<string, number>()
  return {
    note(sql, rows) {
      const table = /^insert into (\w+)/.exec(sql)?.[1]
      if (table !== undefined && table in OLDEST) added.set(table, (added.get(table) ?? 0) + rows)
    },
    async run(query) {
      // deliveries go before their recipients, recipients before their messages
      for (const [table, sql] of Object.entries(OLDEST)) {
        const count = Math.min(BATCH, added.get(table) ?? 0)
        if (count === 0) continue
        await query(sql, [count])
        added.set(table, (added.get(table) ?? 0) - count)
      }
    },
  }
}
