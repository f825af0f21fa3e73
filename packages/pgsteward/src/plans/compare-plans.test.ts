import { expect, test } from 'vitest'
import type { PlanNode } from '../model/what-if.ts'
import { comparePlans, isSameCost } from './compare-plans.ts'

const node = (type: string, cost: number, more: Partial<PlanNode> = {}): PlanNode => ({
  'Node Type': type,
  'Startup Cost': 0,
  'Total Cost': cost,
  'Plan Rows': 1,
  'Plan Width': 8,
  ...more,
})

const join = (inner: PlanNode) =>
  node('Nested Loop', 100, {
    'Join Type': 'Inner',
    Plans: [node('Seq Scan', 10, { 'Relation Name': 'a' }), inner],
  })

test('costs, rows and widths are no part of the shape', () => {
  const comparison = comparePlans(node('Seq Scan', 100), node('Seq Scan', 105, { 'Plan Rows': 9 }))
  expect(comparison).toEqual({ isSameShape: true, costRatio: 1.05, difference: null })
})

test('names where shapes part', () => {
  const [one, other] = [
    join(node('Index Scan', 1, { 'Relation Name': 'b', 'Index Name': 'b_x' })),
    join(node('Index Scan', 1, { 'Relation Name': 'b', 'Index Name': 'b_y' })),
  ]
  expect(comparePlans(one, other).difference).toBe(
    'Nested Loop > Index Scan on b: Index Name "b_y", not "b_x"',
  )
})

test('a missing input is another shape', () => {
  expect(
    comparePlans(node('Append', 1, { Plans: [node('Seq Scan', 1)] }), node('Append', 1)).difference,
  ).toBe('Append: 0 inputs, not 1')
})

test.each([
  [1000, 1000.9, true],
  [1000, 1001.1, false],
  // EXPLAIN rounds to a hundredth
  [0.29, 0.3, true],
  [0.29, 0.31, false],
])('%d and %d: the same cost is %s', (one, other, isSame) => {
  expect(isSameCost(comparePlans(node('Result', one), node('Result', other)), one)).toBe(isSame)
})
