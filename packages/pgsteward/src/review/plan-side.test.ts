import { expect, test } from 'vitest'
import type { PlanNode } from '../model/what-if.ts'
import { memorySetting, planSide } from './plan-side.ts'

function node(
  type: string,
  total: number,
  over: Record<string, unknown> = {},
  ...children: PlanNode[]
): PlanNode {
  return {
    'Node Type': type,
    'Startup Cost': 0,
    'Total Cost': total,
    'Plan Rows': 1000,
    'Plan Width': 100,
    ...over,
    ...(children.length === 0 ? {} : { Plans: children }),
  }
}

const SCAN = node('Seq Scan', 1000, { 'Relation Name': 'message', Schema: 'public' })
const context = {
  table: () => ({ rows: 100_000, sizeBytes: 10_000_000, root: { schema: 'public', name: 'message' } }),
  workMemBytes: 64 * 1024,
  hashMemMultiplier: 2,
}

function rowsRead(plan: PlanNode): number | undefined {
  return planSide(plan, context).sequentialScans[0]?.rows
}

test('a sequential scan is read to its end', () => {
  expect(rowsRead(SCAN)).toBe(100_000)
  expect(rowsRead(node('Nested Loop', 3000, {}, SCAN, SCAN))).toBe(100_000)
})

test('below a LIMIT it is read as far as its cost is paid for', () => {
  expect(rowsRead(node('Limit', 10, {}, SCAN))).toBe(1000)
  expect(rowsRead(node('Limit', 10, {}, node('Gather', 1000, {}, SCAN)))).toBe(1000)
})

test('a sort or a hash table below the LIMIT reads it all', () => {
  const sort = node('Sort', 1300, { 'Startup Cost': 1290 }, SCAN)
  expect(rowsRead(node('Limit', 1291, {}, sort))).toBe(100_000)
  const join = node('Hash Join', 2000, {}, node('Index Scan', 10), node('Hash', 1000, {}, SCAN))
  expect(rowsRead(node('Limit', 10, {}, join))).toBe(100_000)
})

test('what does not fit into work_mem spills, but for the best few', () => {
  expect(planSide(node('Sort', 1300, {}, SCAN), context).spillBytes).toBe(124_000)
  expect(planSide(node('Limit', 10, {}, node('Sort', 1300, {}, SCAN)), context).spillBytes).toBe(0)
  // hash tables have twice as much
  expect(planSide(node('Hash', 1300, {}, SCAN), context).spillBytes).toBe(0)
})

test('settings of memory are kilobytes unless they say otherwise', () => {
  expect([memorySetting('4MB', 1), memorySetting('64', 1), memorySetting(undefined, 7)]).toEqual([
    4 * 1024 ** 2,
    65_536,
    7,
  ])
})
