import { expect, test } from 'vitest'
import type { SlowQueryRecord } from '../../model/application.ts'
import { fingerprintOf } from '../../sql/fingerprint.ts'
import type { StatementTotals, Store } from '../../store/store.ts'
import { historyWorkload } from './advice-workload.ts'

const NOW = new Date('2026-03-10T12:00:00Z')
const BY_SHOP = 'select id from parcel where shop_id = $1 and note = $2'

const totals = (over: Partial<StatementTotals>): StatementTotals => ({
  queryId: '1',
  database: 'app',
  user: 'web',
  text: BY_SHOP,
  calls: 600,
  totalExecMs: 1200,
  rows: 1200,
  sharedBlocksHit: 0,
  sharedBlocksRead: 0,
  tempBlocksWritten: 0,
  walBytes: 0,
  blockReadMs: 0,
  ...over,
})

const slow = (parameters: readonly string[] | null, text = BY_SHOP) =>
  ({ fingerprint: fingerprintOf(text), parameters }) as SlowQueryRecord

const workloadOf = (
  statements: readonly StatementTotals[],
  slowQueries: readonly SlowQueryRecord[] = [],
  seconds = 600,
) =>
  historyWorkload(
    {
      topStatements: async () => statements,
      statementSums: async () => ({ totalExecMs: 0, calls: 0, seconds }),
      slowQueries: async () => slowQueries,
    } as unknown as Store,
    'shop',
    'app',
    NOW,
  )

test('calls are by the minute of what the history covers, several users are one', async () => {
  const found = await workloadOf([totals({}), totals({ user: 'job', calls: 400, totalExecMs: 800, rows: 0 })])
  expect(found).toEqual({
    workload: {
      statements: [{ id: '1', sql: BY_SHOP, callsPerMinute: 100, variants: [], rowsPerCall: 1.2 }],
      leftOut: [],
    },
    about: {
      source: 'history',
      statements: 1,
      from: new Date(NOW.getTime() - 600_000),
      to: NOW,
      execMsPerMinute: { '1': 200 },
    },
  })
})

test('other databases, catalog queries, utility statements and our own are no workload', async () => {
  const texts = [
    'select * from pg_stat_activity',
    'vacuum parcel',
    'begin',
    'select a from parcel /* pgsteward:facts */',
    'select n.nspname from pg_catalog.pg_namespace n',
  ]
  const others = texts.map((text, index) => totals({ queryId: String(index + 10), text }))
  const found = await workloadOf([
    totals({ database: 'other', queryId: '9' }),
    ...others,
    totals({ queryId: '2', text: '/* route */ (select 1 from parcel)' }),
    totals({ queryId: '3', text: '' }),
  ])
  expect(found!.workload.statements.map(({ id }) => id)).toEqual(['2'])
  expect(found!.workload.leftOut).toEqual([{ id: '3', because: 'its text is not known' }])
})

test('values that applications told of are taken, unless a part is redacted, cut off or no value', async () => {
  const found = await workloadOf(
    [totals({})],
    [
      slow(['7', "it's"]),
      slow(['7', "it's"]),
      slow(['8', 'null']),
      slow(['9', '[redacted]']),
      slow(['10', 'cut off…']),
      slow(['[1, 2]', 'a']),
      slow(['<12 bytes>', 'a']),
      slow(null),
      slow(['1', '2'], 'select 1 from letter where a = $1 and b = $2'),
    ],
  )
  expect(found!.workload.statements[0]!.variants).toEqual([
    ['7', "'it''s'"],
    ['8', 'null'],
  ])
})

test('no more than five samples of one statement', async () => {
  const found = await workloadOf(
    [totals({})],
    [...Array(9).keys()].map((number) => slow([String(number), 'a'])),
  )
  expect(found!.workload.statements[0]!.variants).toHaveLength(5)
})

test('a history that covers nothing, or nothing of that database, is none', async () => {
  expect(await workloadOf([totals({})], [], 0)).toBe(null)
  expect(await workloadOf([totals({ database: 'other' })])).toBe(null)
})
