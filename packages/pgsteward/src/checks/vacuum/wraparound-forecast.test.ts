import { describe, expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { databaseAgeRow, tableRow } from '../../../test/rows.ts'
import type { DatabaseAgeRow } from '../../facts/database-ages.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { TransactionIdRates } from '../../facts/transaction-id-rates.ts'
import { wraparoundForecast } from './wraparound-forecast.ts'

const GB = 1024 ** 3
const DAY_MS = 86_400_000

/** `perSecond` transaction ids within the last ten minutes, and a tenth of it multixacts. */
const facts = (
  perSecond: number,
  age: Partial<DatabaseAgeRow>,
  { table = {}, day = null }: { table?: Partial<TableRow>; day?: TransactionIdRates | null } = {},
) => ({
  databaseAges: [databaseAgeRow(age)],
  settings: [],
  tables: [tableRow({ frozenXidAge: age.frozenXidAge ?? 0, totalBytes: 20 * GB, ...table })],
  transactionIds: intervalOf([{ transactionIds: perSecond * 600, multixactIds: perSecond * 60 }], 600),
  transactionIdRates: day,
})
const aDayOf = (transactionIdsPerSecond: number) => ({
  transactionIdsPerSecond,
  multixactIdsPerSecond: 0,
  hours: 24,
})

describe('is quiet on', () => {
  test.each([
    [
      'an age that vacuum is not late for',
      facts(20_000, { frozenXidAge: 20_000_000 }, { table: { totalBytes: GB } }),
    ],
    ['a late vacuum with weeks to go', facts(1_000, { frozenXidAge: 210_000_000 })],
    ['a vacuum that comes in a week', facts(100, { frozenXidAge: 140_000_000 })],
    ['one of small tables', facts(100, { frozenXidAge: 190_000_000 }, { table: { totalBytes: GB } })],
    [
      'one of another database, whose tables are not known',
      facts(100, { frozenXidAge: 190_000_000, database: 'other' }),
    ],
    ['a busy minute of a quiet day', facts(100_000, { frozenXidAge: 210_000_000 }, { day: aDayOf(100) })],
    ['ids that nobody uses', facts(0, { frozenXidAge: 2_000_000_000 })],
  ])('%s', (_, given) => {
    expect(judge(wraparoundForecast, given)).toEqual([])
  })
})

test('skips where nothing is known of the rate', () => {
  expect(judge(wraparoundForecast, { ...facts(1, {}), transactionIds: intervalOf([], 0) })).toHaveProperty(
    'skip',
  )
})

describe('finds', () => {
  test.each([
    ['an end within two weeks', facts(2_000, { frozenXidAge: 210_000_000 }), 'warning', 11.2],
    ['an end within three days', facts(10_000, { frozenXidAge: 210_000_000 }), 'critical', 2.24],
    [
      'an end of another database',
      facts(10_000, { frozenXidAge: 210_000_000, database: 'other' }),
      'critical',
      2.24,
    ],
    ['an end of multixacts', facts(20_000, { multixactAge: 410_000_000, frozenXidAge: 0 }), 'warning', 10.03],
    [
      'the rate of a day before that of ten minutes',
      facts(1, { frozenXidAge: 210_000_000 }, { day: aDayOf(10_000) }),
      'critical',
      2.24,
    ],
  ])('%s', (_, given, severity, days) => {
    const findings = judge(wraparoundForecast, given)
    expect(findings).toMatchObject([{ subject: { kind: 'database' }, severity }])
    const left = Array.isArray(findings)
      ? findings[0].evidence.find(({ label }: { label: string }) => label.startsWith('the server refuses'))
      : undefined
    expect(left.value / DAY_MS).toBeCloseTo(days, 1)
  })

  test('a large table whose turn comes within days, with the vacuum to do before', () => {
    expect(judge(wraparoundForecast, facts(100, { frozenXidAge: 190_000_000 }))).toMatchObject([
      {
        severity: 'info',
        evidence: expect.arrayContaining([
          { label: 'it starts in', value: 100_000_000, unit: 'ms' },
          { label: 'tables', value: 'public.parcel', unit: 'text' },
        ]),
        remedy: { sql: ['vacuum (freeze) public.parcel'], undo: null },
      },
    ])
  })

  test('a table that set an earlier age for itself', () => {
    const table = { frozenXidAge: 99_000_000, options: ['autovacuum_freeze_max_age=100000000'] }
    expect(judge(wraparoundForecast, facts(100, { frozenXidAge: 190_000_000 }, { table }))).toHaveLength(1)
  })
})
