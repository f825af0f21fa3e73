import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import type { PreparedTransactionRow } from '../../facts/prepared-transactions.ts'
import { preparedTransactionOld } from './prepared-transaction-old.ts'

const prepared = (minutes: number, over: Partial<PreparedTransactionRow> = {}): PreparedTransactionRow => ({
  gid: 'order-7',
  database: 'app',
  owner: 'web',
  ageMs: minutes * 60_000,
  xidAge: 1000,
  ...over,
})

const quiet = {
  none: [],
  'one on its way': [prepared(1)],
  'one of another database, where alone it can be finished': [prepared(100, { database: 'other' })],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, preparedTransactions) => {
  expect(judge(preparedTransactionOld, { preparedTransactions })).toEqual([])
})

const finds = {
  'one that was left': { row: prepared(6), severity: 'warning', sql: "rollback prepared 'order-7'" },
  'one that was left for long': {
    row: prepared(61),
    severity: 'critical',
    sql: "rollback prepared 'order-7'",
  },
  'one whose name needs quoting': {
    row: prepared(6, { gid: "it's" }),
    severity: 'warning',
    sql: "rollback prepared 'it''s'",
  },
}

test.each(Object.entries(finds))('finds %s', (_, { row, severity, sql }) => {
  expect(judge(preparedTransactionOld, { preparedTransactions: [row] })).toMatchObject([
    {
      subject: { kind: 'backend', name: `prepared ${row.gid}` },
      severity,
      remedy: { sql: [sql], undo: null },
    },
  ])
})
