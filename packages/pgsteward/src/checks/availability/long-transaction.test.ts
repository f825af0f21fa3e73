import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { activityRow } from '../../../test/rows.ts'
import { longTransaction } from './long-transaction.ts'

const MINUTE = 60_000
const open = (minutes: number, over = {}) =>
  activityRow({
    state: 'active',
    transactionAgeMs: minutes * MINUTE,
    queryAgeMs: 200,
    stateAgeMs: 200,
    ...over,
  })

const quiet = {
  'a transaction of some minutes': open(29),
  'one long statement, which long-running-query reports': open(60, { queryAgeMs: 60 * MINUTE - 50 }),
  'a session idle in it for long, which idle-in-transaction reports': open(60, {
    state: 'idle in transaction',
    stateAgeMs: 10 * MINUTE,
  }),
  'a dump': open(60, { application: 'pg_dump' }),
  'a transaction in another database': open(60, { database: 'other' }),
  'a session without a transaction': open(60, { state: 'idle', transactionAgeMs: null }),
  'a background process': open(60, { backendType: 'logical replication worker' }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, row) => {
  expect(judge(longTransaction, { activity: [row] })).toEqual([])
})

const finds = {
  'a batch that never commits': open(31),
  'one seen between two of its statements': open(31, { state: 'idle in transaction', stateAgeMs: 3 }),
}

test.each(Object.entries(finds))('finds %s', (_, row) => {
  expect(judge(longTransaction, { activity: [row] })).toMatchObject([
    { subject: { kind: 'backend' }, severity: 'warning' },
  ])
})
