import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { tableActivityRow, tableRow } from '../../../test/rows.ts'
import { sequentialScans } from './sequential-scans.ts'

/** Over a minute. */
const judged = (
  activity: Parameters<typeof tableActivityRow>[0],
  table: Parameters<typeof tableRow>[0] = {},
  seconds = 60,
) =>
  judge(sequentialScans, {
    tableActivity: intervalOf([tableActivityRow(activity)], seconds),
    tables: [tableRow(table)],
  })

test.each([
  ['index scans alone', {}, {}],
  ['a small table', { sequentialScans: 1000, sequentialRows: 20_000_000 }, { heapBytes: 4 * 1024 ** 2 }],
  ['a nightly export and a backup', { sequentialScans: 4, sequentialRows: 4_000_000 }, {}],
  ['scans that LIMIT ends early', { sequentialScans: 5000, sequentialRows: 5_000_000 }, {}],
  ['few rows a second', { sequentialScans: 20, sequentialRows: 2_000_000 }, {}],
  ["an extension's table", { sequentialScans: 100, sequentialRows: 100_000_000 }, { extension: 'postgis' }],
])('is quiet on %s', (_, activity, table) => {
  expect(judged(activity, table)).toEqual([])
})

test('is quiet on a table that is gone by now', () => {
  const tableActivity = intervalOf([tableActivityRow({ sequentialScans: 100, sequentialRows: 1e8 })])
  expect(judge(sequentialScans, { tableActivity, tables: [] })).toEqual([])
})

test('is quiet when no second was covered, as after a failover', () => {
  expect(judged({ sequentialScans: 100, sequentialRows: 1e8 }, {}, 0)).toEqual([])
})

test.each([
  ['many whole scans', { sequentialScans: 60, sequentialRows: 60_000_000 }, 'warning'],
  [
    'some whole scans beside many by index',
    { sequentialScans: 12, sequentialRows: 12_000_000, indexScans: 90_000 },
    'info',
  ],
])('finds %s', (_, activity, severity) => {
  expect(judged(activity)).toMatchObject([{ subject: { kind: 'table', name: 'parcel' }, severity }])
})
