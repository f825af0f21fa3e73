import { expect, test } from 'vitest'
import { capturedPlan, capturedRows } from '../../../test/plans/captured.ts'
import { INSIGHT_CASES, type InsightCase } from '../../../test/plans/insight-cases.ts'
import type { PlanNode } from '../../model/what-if.ts'
import { redactPlan } from '../redact-plan.ts'
import { insightsOf } from './insights-of.ts'

const forms = INSIGHT_CASES.flatMap((one) =>
  ([14, 18] as const).flatMap((major) =>
    (['analyzed', 'generic'] as const).map((form) => [one.id, major, form, one] as const),
  ),
)

test.each(forms)(
  'of %s on PostgreSQL %i, %s, says what it should (A5)',
  (id, major, form, one: InsightCase) => {
    const plan = capturedPlan(id, form, major)
    const insights = insightsOf(plan, { rowsOf: (_schema, table) => capturedRows(table, major) })
    const kinds = [...new Set(insights.map((each) => each.kind))].filter((kind) => kind !== 'dominant-step')
    expect(kinds.sort()).toEqual([...one[form]].sort())
    for (const each of insights) {
      expect(each.words).toMatch(/^[A-Z\w].*\.$/)
      expect(each.words).not.toMatch(/NaN|undefined|null|Infinity/)
      expect(each.share).toBeGreaterThanOrEqual(0)
      expect(each.share).toBeLessThanOrEqual(1)
    }
  },
)

test.each(forms)(
  'of %s on PostgreSQL %i, %s, says the same once its values are replaced (S5)',
  (id, major, form) => {
    const plan = capturedPlan(id, form, major)
    const context = { rowsOf: (_schema: string | null, table: string) => capturedRows(table, major) }
    const kinds = (of: PlanNode) => insightsOf(of, context).map((each) => `${each.kind} ${each.path.join()}`)
    expect(kinds(redactPlan(plan))).toEqual(kinds(plan))
  },
)

const withoutClock = (plan: PlanNode): PlanNode =>
  JSON.parse(JSON.stringify(plan, (field, value) => (/^Actual .*Time$/.test(field) ? undefined : value)))

test.each(INSIGHT_CASES.map((one) => [one.id, one] as const))(
  'of %s, logged without a clock (auto_explain.log_timing off), says what it should',
  (id, one) => {
    const insights = insightsOf(withoutClock(capturedPlan(id, 'analyzed')), {})
    const kinds = [...new Set(insights.map((each) => each.kind))].filter((kind) => kind !== 'dominant-step')
    expect(kinds.sort()).toEqual([...one.analyzed].sort())
    expect(insights.every(({ share }) => share >= 0 && share <= 1)).toBe(true)
  },
)

test('the heaviest is said first', () => {
  const shares = insightsOf(capturedPlan('stale-statistics', 'analyzed')).map((each) => each.share)
  expect(shares).toEqual(shares.toSorted((a, b) => b - a))
  expect(shares.length).toBeGreaterThan(1)
})

const scan = (over: Record<string, unknown>): PlanNode => ({
  'Node Type': 'Seq Scan',
  'Startup Cost': 0,
  'Total Cost': 1000,
  'Plan Rows': 100,
  'Plan Width': 4,
  'Relation Name': 'parcel',
  ...over,
})

test('a share of the time counts each run, and workers as one', () => {
  const ran = (rows: number, ms: number, loops: number) => ({
    'Actual Rows': rows,
    'Actual Total Time': ms,
    'Actual Loops': loops,
  })
  const plan = scan({
    'Node Type': 'Gather',
    'Workers Launched': 2,
    ...ran(100, 100, 1),
    Plans: [scan({ 'Parent Relationship': 'Outer', 'Parallel Aware': true, ...ran(33, 90, 3) })],
  })
  expect(insightsOf(plan)).toMatchObject([{ kind: 'dominant-step', path: [0], share: 0.9 }])
})

test('of a plan without values, what the statement returns tells a misestimate', () => {
  expect(insightsOf(scan({ 'Plan Rows': 3 }), { rowsPerCall: 4000 })).toMatchObject([
    { kind: 'misestimate', figures: { expectedRows: 3, actualRows: 4000 } },
  ])
  expect(insightsOf(scan({ 'Plan Rows': 300 }), { rowsPerCall: 600 })).toEqual([])
  const limited = scan({ 'Node Type': 'Limit', 'Plan Rows': 3, Plans: [scan({})] })
  expect(insightsOf(limited, { rowsPerCall: 4000 }).map((each) => each.kind)).not.toContain('misestimate')
})

test('of a generic plan, the pages visited tell that a LIMIT walks far', () => {
  const walk = scan({
    'Node Type': 'Limit',
    'Plan Rows': 10,
    Plans: [
      scan({
        'Node Type': 'Index Scan',
        'Index Name': 'parcel_sent_at',
        'Plan Rows': 3000,
        Filter: '(org_id = $1)',
        'Parent Relationship': 'Outer',
      }),
    ],
  })
  expect(insightsOf(walk, { blocksPerCall: 5000, rowsPerCall: 10 })).toContainEqual(
    expect.objectContaining({ kind: 'order-by-limit', path: [0] }),
  )
  const kinds = insightsOf(walk, { blocksPerCall: 50, rowsPerCall: 10 }).map((each) => each.kind)
  expect(kinds).not.toContain('order-by-limit')
})

test('JIT is told from what EXPLAIN has beside the plan', () => {
  const ran = { 'Actual Rows': 1, 'Actual Total Time': 200, 'Actual Loops': 1 }
  const JIT = { Functions: 12, Timing: { Generation: { Total: 2 }, Total: 150 } }
  expect(insightsOf(scan({ ...ran, JIT }))).toMatchObject([{ kind: 'jit', share: 0.75 }])
  expect(insightsOf(scan({ ...ran, JIT: { ...JIT, Timing: { Total: 20 } } }))).toEqual([])
})

test('a dear step that never ran is named, a pruned partition is not', () => {
  const ran = (loops: number) => ({ 'Actual Rows': 0, 'Actual Total Time': 0.1, 'Actual Loops': loops })
  const planOf = (type: string) =>
    scan({
      'Node Type': type,
      'Total Cost': 5000,
      ...ran(1),
      Plans: [
        scan({ 'Parent Relationship': 'Outer', 'Total Cost': 100, ...ran(1) }),
        scan({ 'Parent Relationship': 'Inner', 'Total Cost': 4500, ...ran(0) }),
      ],
    })
  expect(insightsOf(planOf('Hash Join'))).toContainEqual(
    expect.objectContaining({ kind: 'never-executed', path: [1] }),
  )
  expect(insightsOf(planOf('Append')).map((each) => each.kind)).not.toContain('never-executed')
})

test('a plan of unknown or missing fields says nothing rather than something wrong', () => {
  const odd = { 'Node Type': 'Custom Scan', Plans: [{ 'Node Type': 'Mystery' }] } as unknown as PlanNode
  expect(() => insightsOf(odd)).not.toThrow()
})
