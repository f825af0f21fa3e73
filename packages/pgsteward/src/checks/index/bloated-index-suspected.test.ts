import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { indexEstimateRow } from '../../../test/rows.ts'
import { bloatedIndexSuspected } from './bloated-index-suspected.ts'

const MB = 1024 ** 2

const quiet = {
  'an index of its expected size': {},
  'one a third larger, as under random inserts': { freshBytes: 67 * MB },
  'one that deduplication made smaller than expected': { freshBytes: 300 * MB },
  'one whose columns are hidden from us': { freshBytes: null },
  'a small one': { sizeBytes: 8 * MB, freshBytes: MB },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(bloatedIndexSuspected, { indexEstimates: [indexEstimateRow(over)] })).toEqual([])
})

test('finds one twice as large as it should be, as information without a remedy', () => {
  const findings = judge(bloatedIndexSuspected, {
    indexEstimates: [indexEstimateRow({ freshBytes: 40 * MB })],
  })
  expect(findings).toMatchObject([{ subject: { name: 'parcel_weight_idx' }, severity: 'info' }])
  expect(findings).not.toHaveProperty('0.remedy')
})

test('leaves to measurement what is measured', () => {
  const server = { extensions: new Map([['pgstattuple', '1.5']]) }
  const small = indexEstimateRow({ freshBytes: 40 * MB })
  const large = indexEstimateRow({
    name: 'large',
    sizeBytes: 1000 * MB,
    freshBytes: 400 * MB,
    budgetBytes: null,
  })
  const late = indexEstimateRow({ name: 'late', freshBytes: 40 * MB, budgetBytes: 600 * MB })
  expect(judge(bloatedIndexSuspected, { indexEstimates: [small, large, late] }, { server })).toMatchObject([
    { subject: { name: 'large' } },
    { subject: { name: 'late' } },
  ])
})
