import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { databaseAgeRow, settingRow, tableRow } from '../../../test/rows.ts'
import { wraparound } from './wraparound.ts'

const defaults = [
  settingRow({ name: 'autovacuum_freeze_max_age', value: '200000000' }),
  settingRow({ name: 'autovacuum_multixact_freeze_max_age', value: '400000000' }),
]
const judged = (over: Parameters<typeof databaseAgeRow>[0], settings = defaults) =>
  judge(wraparound, { databaseAges: [databaseAgeRow(over)], settings, tables: [tableRow()] })

test.each([
  ['a young database', {}],
  ['a vacuum against wraparound that has just begun', { frozenXidAge: 210_000_000 }],
  ['multixacts before theirs is late', { multixactAge: 700_000_000 }],
])('is quiet on %s', (_, over) => {
  expect(judged(over)).toEqual([])
})

test.each([
  ['transaction ids at twice the age where vacuum starts', { frozenXidAge: 400_000_000 }, 'warning'],
  ['multixacts at twice theirs', { multixactAge: 800_000_000 }, 'warning'],
  ["ids beyond PostgreSQL's own emergency", { frozenXidAge: 1_600_000_000 }, 'critical'],
  ['multixacts beyond it', { multixactAge: 1_700_000_000 }, 'critical'],
])('finds %s', (_, over, severity) => {
  expect(judged(over)).toMatchObject([{ subject: { kind: 'database', name: 'app' }, severity }])
})

test('half of the ids is a warning however high the setting', () => {
  const late = [settingRow({ name: 'autovacuum_freeze_max_age', value: '1500000000' }), ...defaults]
  expect(judged({ frozenXidAge: 1_000_000_000 }, late)).toMatchObject([{ severity: 'warning' }])
})

test('offers to freeze the database it is connected to, and no other', () => {
  expect(judged({ frozenXidAge: 500_000_000 })).toMatchObject([{ remedy: { sql: ['vacuum (freeze)'] } }])
  expect(judged({ frozenXidAge: 500_000_000, database: 'other' })).not.toHaveProperty('0.remedy')
})
