// How many transaction ids and multixact ids the cluster handed out: what the forecast of wraparound counts with.

import { defineCounterFact } from '../model/fact.ts'
import { number } from './column.ts'
import { perSecond } from './rates.ts'

/** One row. */
export interface TransactionIdsRow {
  /** Ids handed out; read-only transactions take none. */
  readonly transactionIds: number
  /** Of rows that several transactions lock at once. Counts to 2^32 and begins anew, which shows as a fall. */
  readonly multixactIds: number
}

// The next multixact id is shown nowhere without superuser rights but as the age of the first one, in 32 bits with a sign.
const TRANSACTION_IDS = `
  select pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::bigint as transaction_ids,
         (pg_catalog.mxid_age('1'::pg_catalog.xid)::bigint + 4294967296) % 4294967296 as multixact_ids`

export const transactionIds = defineCounterFact<TransactionIdsRow>({
  id: 'transaction-ids',
  title: 'Transaction ids and multixact ids handed out',
  scope: 'cluster',
  everyMs: 60_000,
  variants: [{ since: 140000, sql: TRANSACTION_IDS }],
  keyOf: () => 'transaction-ids',
  counters: ['transactionIds', 'multixactIds'],
  parse: (raw) => ({
    transactionIds: number(raw, 'transaction_ids'),
    multixactIds: number(raw, 'multixact_ids'),
  }),
  series: [
    {
      name: 'transactionIds.used',
      unit: 'perSecond',
      value: (row, seconds) => perSecond(row.transactionIds, seconds),
    },
    {
      name: 'multixactIds.used',
      unit: 'perSecond',
      value: (row, seconds) => perSecond(row.multixactIds, seconds),
    },
  ],
})
