import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { tableEstimateRow } from '../../../test/rows.ts'
import { bloatedTableSuspected } from './bloated-table-suspected.ts'

const MB = 1024 ** 2

const quiet = {
  'a table of its expected size': {},
  'what autovacuum leaves': { freshBytes: 700 * MB },
  'one estimated larger than it is': { freshBytes: 1300 * MB },
  'one whose columns are hidden from us': { freshBytes: null },
  'a small one': { heapBytes: 90 * MB, freshBytes: MB },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(bloatedTableSuspected, { tableEstimates: [tableEstimateRow(over)] })).toEqual([])
})

test('finds one twice as large as it should be, as information without a remedy', () => {
  const findings = judge(bloatedTableSuspected, {
    tableEstimates: [tableEstimateRow({ freshBytes: 500 * MB })],
  })
  expect(findings).toMatchObject([{ subject: { kind: 'table', name: 'parcel' }, severity: 'info' }])
  expect(findings).not.toHaveProperty('0.remedy')
})

test('leaves to measurement what is measured', () => {
  const server = { extensions: new Map([['pgstattuple', '1.5']]) }
  const early = tableEstimateRow({ freshBytes: 100 * MB })
  const late = tableEstimateRow({ name: 'late', freshBytes: 100 * MB, budgetBytes: 600 * MB })
  expect(judge(bloatedTableSuspected, { tableEstimates: [early, late] }, { server })).toMatchObject([
    { subject: { name: 'late' } },
  ])
})
