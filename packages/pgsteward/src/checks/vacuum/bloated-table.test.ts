import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { tableDensityRow } from '../../../test/rows.ts'
import { bloatedTable } from './bloated-table.ts'

const MB = 1024 ** 2

const quiet = {
  'a full table': {},
  'what autovacuum leaves': { freeBytes: 300 * MB },
  'a small table': { heapBytes: 100 * MB, freeBytes: 80 * MB },
  'room that the fill factor keeps': { freeBytes: 600 * MB, fillfactor: 0.5 },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(bloatedTable, { tableDensities: [tableDensityRow(over)] })).toEqual([])
})

const finds = {
  'a table that was emptied': { freeBytes: 900 * MB },
  'an emptied one that keeps room beside each row': { freeBytes: 800 * MB, fillfactor: 0.6 },
  'one full of dead rows': { freeBytes: 0, deadBytes: 600 * MB },
}

test.each(Object.entries(finds))('finds %s', (_, over) => {
  const findings = judge(bloatedTable, { tableDensities: [tableDensityRow(over)] })
  expect(findings).toMatchObject([{ subject: { kind: 'table', name: 'parcel' }, severity: 'warning' }])
  // nothing that is safe to run shrinks a table
  expect(findings).not.toHaveProperty('0.remedy')
})
