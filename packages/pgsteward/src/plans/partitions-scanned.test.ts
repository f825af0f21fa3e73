import { expect, test } from 'vitest'
import type { PlanNode } from '../model/what-if.ts'
import { costOfPlan, partitionsScanned } from './partitions-scanned.ts'

const node = (type: string, cost: number, plans: readonly PlanNode[] = [], more = {}): PlanNode => ({
  'Node Type': type,
  'Startup Cost': 0,
  'Total Cost': cost,
  'Plan Rows': 1,
  'Plan Width': 8,
  ...(plans.length === 0 ? {} : { Plans: plans }),
  ...more,
})
const scan = (name: string, cost = 10) => node('Index Scan', cost, [], { 'Relation Name': name })

test('each partition counts once, and tables that are none do not', () => {
  const plan = node('Hash Join', 50, [node('Append', 20, [scan('a'), scan('b'), scan('a')]), scan('other')])
  expect([...partitionsScanned(plan, new Set(['a', 'b', 'c']))]).toEqual(['a', 'b'])
})

test('what is left out when the plan begins is taken off, up to the top', () => {
  const append = node('Append', 300, [scan('a')], { 'Subplans Removed': 29 })
  expect(costOfPlan(append)).toBe(10)
  expect(costOfPlan(node('Aggregate', 310, [append]))).toBe(20)
  expect(costOfPlan(node('Append', 300, [scan('a')]))).toBe(300)
})

test('the inner side of a loop is left as it is', () => {
  const append = node('Append', 300, [scan('a')], { 'Subplans Removed': 29 })
  expect(costOfPlan(node('Nested Loop', 9000, [scan('b'), append]))).toBe(9000)
})
