import { expect, test } from 'vitest'
import type { PlanNode } from '../model/what-if.ts'
import { planShape, shapeDifference } from './plan-shape.ts'

const node = (type: string, more: Partial<PlanNode> = {}, ...plans: PlanNode[]): PlanNode => ({
  'Node Type': type,
  'Startup Cost': 0,
  'Total Cost': 10,
  'Plan Rows': 1,
  'Plan Width': 8,
  ...more,
  ...(plans.length > 0 ? { Plans: plans } : {}),
})
const seq = (name: string, alias = name, cost = 10) =>
  node('Seq Scan', { 'Relation Name': name, Alias: alias, 'Total Cost': cost })
const index = (name: string, by: string, alias = name, cost = 10) =>
  node('Index Scan', { 'Relation Name': name, Alias: alias, 'Index Name': by, 'Total Cost': cost })

test('says the steps in one line and hashes them', () => {
  const plan = node(
    'Hash Join',
    { 'Join Type': 'Left' },
    seq('orders', 'o'),
    node('Hash', {}, index('customers', 'customers_pkey', 'c')),
  )
  expect(planShape(plan).text).toBe(
    'Hash Join [Left](Seq Scan on orders; Hash(Index Scan on customers using customers_pkey))',
  )
  expect(planShape(plan).hash).toMatch(/^[0-9a-f]{12}$/)
})

const days = (count: number) =>
  [...Array(count).keys()].map((day) =>
    index(`events_2026_${day}`, `events_2026_${day}_at_idx`, `events_${day + 1}`),
  )

const same: readonly [string, PlanNode, PlanNode][] = [
  ['costs and rows', seq('a'), node('Seq Scan', { 'Relation Name': 'a', Alias: 'a', 'Plan Rows': 99 })],
  ['another alias', seq('a', 'x'), seq('a', 'y')],
  [
    'the number of workers',
    node('Gather', { 'Workers Planned': 2 }, seq('a')),
    node('Gather', { 'Workers Planned': 4 }, seq('a')),
  ],
  ['a partition more', node('Append', {}, ...days(3)), node('Append', {}, ...days(4))],
  [
    'partitions pruned at run time',
    node('Append', { 'Subplans Removed': 2 }, ...days(1)),
    node('Append', {}, ...days(3)),
  ],
  ['all partitions but one pruned', days(1)[0]!, node('Append', {}, ...days(3))],
  [
    'the one left under the alias of its table',
    index('events_2026_3', 'events_2026_3_at_idx', 'e'),
    node(
      'Append',
      {},
      index('events_2026_3', 'events_2026_3_at_idx', 'e_1'),
      index('events_2026_4', 'events_2026_4_at_idx', 'e_2'),
    ),
  ],
  [
    'the empty partition of tomorrow, which is scanned',
    node('Append', {}, ...days(3)),
    node('Append', {}, ...days(3), seq('events_2026_9', 'events_9', 0.5)),
  ],
  [
    'fields that EXPLAIN leaves out as text',
    node('Nested Loop', { 'Join Type': 'Inner', 'Parallel Aware': false }, seq('a'), seq('b')),
    node('Nested Loop', {}, seq('a'), seq('b')),
  ],
  [
    'what VERBOSE adds, and values in keys',
    node('Sort', { 'Sort Key': ['o.at DESC', "((o.kind = 'x'::text))"] }, seq('orders', 'o')),
    node('Sort', { 'Sort Key': ['at DESC', "((kind = 'y'::text))"] }, seq('orders', 'o')),
  ],
]
test.each(same)('the same shape: %s', (_, one, other) => {
  expect(planShape(one)).toEqual(planShape(other))
  expect(shapeDifference(one, other)).toBeNull()
})

const different: readonly [string, PlanNode, PlanNode][] = [
  ['another index', index('a', 'a_x'), index('a', 'a_y')],
  ['a scan instead', index('a', 'a_x'), seq('a')],
  [
    'parallel or not',
    seq('a'),
    node('Gather', {}, node('Seq Scan', { 'Relation Name': 'a', 'Parallel Aware': true })),
  ],
  [
    'the order in a self-join',
    node('Nested Loop', {}, seq('a', 'parent'), seq('a', 'child')),
    node('Nested Loop', {}, seq('a', 'child'), seq('a', 'parent')),
  ],
  ['tables whose names end in digits', seq('orders_1'), seq('orders_2')],
  [
    'partitions scanned instead of searched',
    node('Append', {}, ...days(3)),
    node(
      'Append',
      {},
      ...days(3).map(
        (day) => ({ ...day, 'Node Type': 'Seq Scan', 'Index Name': undefined }) as unknown as PlanNode,
      ),
    ),
  ],
  ['parts of a union', node('Append', {}, seq('a'), seq('b')), node('Append', {}, seq('a'))],
]
test.each(different)('another shape: %s', (_, one, other) => {
  expect(planShape(one).hash).not.toBe(planShape(other).hash)
  expect(shapeDifference(one, other)).not.toBeNull()
})
