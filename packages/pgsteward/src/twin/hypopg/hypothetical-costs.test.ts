import { describe, expect, test } from 'vitest'
import type { PlanNode } from '../../model/what-if.ts'
import { type HypotheticalIndex, mendPlan } from './hypothetical-costs.ts'
import { conditionQuestion } from './rows-read.ts'

const INDEX: HypotheticalIndex = { name: 'sketch', rows: 10_000, blocks: 50, hypopgBlocks: 50, treeHeight: 1 }
const NAME = '<13473>btree_parcel_sender'
/** (1 + 1) levels of 50 operators at 0.0025. */
const DESCENT = 0.25

const node = (type: string, costs: [number, number], rows: number, more: object = {}): PlanNode =>
  ({
    'Node Type': type,
    'Startup Cost': costs[0],
    'Total Cost': costs[1],
    'Plan Rows': rows,
    'Plan Width': 8,
    ...more,
  }) as PlanNode

const scan = (more: object = {}, rows = 1) =>
  node('Index Scan', [0.04, 8.06], rows, { 'Index Name': NAME, ...more })

const mended = (plan: PlanNode, index: HypotheticalIndex = INDEX, rowsRead = new Map<PlanNode, number>()) =>
  mendPlan(plan, {
    indexes: new Map([['13473', index]]),
    rowsRead,
    settings: { versionNum: 150_000, cpuOperatorCost: 0.0025, randomPageCost: 4 },
  })

describe('mending plans over hypothetical indexes', () => {
  test('a plan without one is as it was', () => {
    const plan = node('Seq Scan', [0, 100], 5)
    expect(mended(plan)).toBe(plan)
  })

  test('a scan pays its descent, and has our name for the index', () => {
    expect(mended(scan())).toMatchObject({
      'Index Name': 'sketch',
      'Startup Cost': 0.29,
      'Total Cost': 8.31,
    })
  })

  test('each value of IN is a descent', () => {
    const plan = scan({ 'Index Cond': "(sender = ANY ('{1,2,3,4}'::integer[]))" })
    expect(mended(plan)['Total Cost']).toBeCloseTo(8.06 + 4 * DESCENT)
  })

  test('pages that deduplication saves are not paid, by the entries that are read', () => {
    const plan = node('Index Scan', [0.04, 400], 1000, { 'Index Name': NAME })
    const index = { ...INDEX, hypopgBlocks: 150 }
    // 15 pages less 5
    expect(mended(plan, index)['Total Cost']).toBeCloseTo(400 + DESCENT - 10 * 4)
    expect(mended(plan, index, new Map([[plan, 2000]]))['Total Cost']).toBeCloseTo(400 + DESCENT - 20 * 4)
  })

  test('the inner side of a nested loop pays for each outer row, unless its rows are kept', () => {
    const join = (inner: PlanNode) =>
      node('Nested Loop', [0.5, 1000], 100, {
        Plans: [node('Seq Scan', [0, 100], 100, { 'Parent Relationship': 'Outer' }), inner],
      })
    const inner = scan({ 'Parent Relationship': 'Inner' })
    expect(mended(join(inner))['Total Cost']).toBeCloseTo(1000 + 100 * DESCENT)
    const kept = node('Materialize', [0.1, 8.1], 1, { 'Parent Relationship': 'Inner', Plans: [scan()] })
    expect(mended(join(kept))['Total Cost']).toBeCloseTo(1000 + DESCENT)
    // as many runs as its cost has room for
    const memo = node('Memoize', [0.1, 8.1], 1, { 'Parent Relationship': 'Inner', Plans: [scan()] })
    const total = mended(
      node('Nested Loop', [0.5, 181], 100, {
        Plans: [node('Seq Scan', [0, 100], 100, { 'Parent Relationship': 'Outer' }), memo],
      }),
    )['Total Cost']
    expect(total).toBeCloseTo(181 + 10 * DESCENT)
  })

  test('a bitmap has its cost before the first row, a limit only what it reads', () => {
    const bitmap = node('Bitmap Heap Scan', [4.4, 50], 20, {
      Plans: [node('Bitmap Index Scan', [0, 4.4], 20, { 'Index Name': NAME })],
    })
    expect(mended(bitmap)).toMatchObject({ 'Startup Cost': 4.65, 'Total Cost': 50.25 })
    const all = node('Index Scan', [0, 400], 1000, { 'Index Name': NAME })
    const limit = node('Limit', [0, 200], 500, { Plans: [all] })
    expect(mended(limit, { ...INDEX, hypopgBlocks: 150 })['Total Cost']).toBeCloseTo(200 + DESCENT - 20)
  })

  test('a subquery in a filter pays for each row that its cost has room for, a hashed one once', () => {
    const plan = (filter: string) =>
      node('Seq Scan', [0, 906], 50, {
        Filter: filter,
        Plans: [scan({ 'Parent Relationship': 'SubPlan', 'Subplan Name': 'SubPlan 1' })],
      })
    expect(mended(plan('(weight > (SubPlan 1))'))['Total Cost']).toBeCloseTo(906 + 112 * DESCENT)
    expect(mended(plan('(hashed SubPlan 1)'))['Total Cost']).toBeCloseTo(906 + DESCENT)
  })
})

describe('what can be asked of an index condition alone', () => {
  const of = (condition: string, more: object = {}) =>
    conditionQuestion(
      scan({ 'Index Cond': condition, Filter: '(x > 1)', 'Relation Name': 'Parcel Nö', Alias: 'p', ...more }),
      'public',
    )
  test.each([
    ['(sender = 7)', true],
    ["((p.sender = 7) AND (p.label = 'a.b'::text))", true],
    ['(p.sender = h.place)', false],
    ['(sender = $0)', false],
    ['(sender = (InitPlan 1).col1)', false],
  ])('%s: %s', (condition, isAsked) => {
    expect(of(condition)).toBe(
      isAsked ? `select 1 from only public."Parcel Nö" as p where ${condition}` : null,
    )
  })

  test('nothing is asked where no filter hides the rows', () => {
    expect(of('(sender = 7)', { Filter: undefined })).toBeNull()
  })
})
