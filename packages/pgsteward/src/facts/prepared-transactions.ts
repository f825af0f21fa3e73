// Transactions prepared for two-phase commit and not finished: they hold locks and the xmin horizon without any session.

import { defineStateFact } from '../model/fact.ts'
import { number, text } from './column.ts'

export interface PreparedTransactionRow {
  readonly gid: string
  readonly database: string
  readonly owner: string
  /** Since it was prepared, by the server's clock. */
  readonly ageMs: number
  readonly xidAge: number
}

export const preparedTransactions = defineStateFact<PreparedTransactionRow>({
  id: 'prepared-transactions',
  title: 'Prepared transactions that wait for COMMIT PREPARED or ROLLBACK PREPARED',
  scope: 'cluster',
  everyMs: 60_000,
  variants: [
    {
      since: 140000,
      sql: `
  select x.gid                                  as gid,
         x.database                             as database,
         x.owner                                as owner,
         extract(epoch from pg_catalog.clock_timestamp() - x.prepared) * 1000 as age_ms,
         pg_catalog.age(x.transaction)          as xid_age
    from pg_catalog.pg_prepared_xacts x
   order by x.prepared, x.gid
   limit 1000`,
    },
  ],
  keyOf: (row) => row.gid,
  parse: (raw) => ({
    gid: text(raw, 'gid'),
    database: text(raw, 'database'),
    owner: text(raw, 'owner'),
    ageMs: number(raw, 'age_ms'),
    xidAge: number(raw, 'xid_age'),
  }),
})
