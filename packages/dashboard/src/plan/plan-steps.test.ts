import { expect, test } from 'vitest'
import { misestimateOf, planSteps } from './plan-steps.ts'

const scan = {
  'Node Type': 'Seq Scan',
  'Relation Name': 'orders',
  Alias: 'o',
  'Total Cost': 80,
  'Plan Rows': 10,
  Filter: '(a = $1)',
}
const index = {
  'Node Type': 'Index Scan',
  'Relation Name': 'c',
  'Index Name': 'c_pkey',
  'Total Cost': 10,
  'Plan Rows': 1,
}
const join = {
  'Node Type': 'Nested Loop',
  'Join Type': 'Left',
  'Total Cost': 100,
  'Plan Rows': 10,
  Plans: [scan, index],
}

test('rows are the tree from the top, each with its own share of the cost', () => {
  expect(planSteps(join).map(({ depth, title, on, share }) => [depth, title, on, share])).toEqual([
    [0, 'Nested Loop (Left)', '', 0.1],
    [1, 'Seq Scan', 'orders o', 0.8],
    [1, 'Index Scan', 'c by c_pkey', 0.1],
  ])
})

test('an executed plan shares its time, over all loops, and tells how far estimates were off', () => {
  const executed = {
    ...join,
    'Actual Total Time': 50,
    'Actual Loops': 1,
    'Actual Rows': 4000,
    Plans: [
      { ...scan, 'Actual Total Time': 5, 'Actual Loops': 1, 'Actual Rows': 4000 },
      { ...index, 'Actual Total Time': 0.01, 'Actual Loops': 4000, 'Actual Rows': 1 },
    ],
  }
  const steps = planSteps(executed)
  expect(steps.map(({ share }) => share)).toEqual([0.1, 0.1, 0.8])
  expect(steps.map(misestimateOf)).toEqual([400, 400, 1])
  expect(steps[2]).toMatchObject({ rowsExpected: 4000, rowsActual: 4000, loops: 4000, actualMs: 40 })
})

test('a step that was never reached has no rows to compare', () => {
  const [step] = planSteps({ ...scan, 'Actual Loops': 0, 'Actual Rows': 0, 'Actual Total Time': 0 })
  expect(step).toMatchObject({ rowsActual: null, share: 0 })
  expect(misestimateOf(step!)).toBeNull()
})
