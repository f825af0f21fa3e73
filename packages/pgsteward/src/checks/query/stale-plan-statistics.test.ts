import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { capturedPlan, knownPlan } from '../../../test/plans/captured.ts'
import { statementRow, statementTextRow, tableRow } from '../../../test/rows.ts'
import type { PlanNode } from '../../model/what-if.ts'
import { stalePlanStatistics } from './stale-plan-statistics.ts'

const stale = tableRow({ name: 'basket', rows: 30_000, modifiedSinceAnalyze: 28_000 })
const scan = (over: Record<string, unknown>): PlanNode => ({
  'Node Type': 'Seq Scan',
  'Startup Cost': 0,
  'Total Cost': 500,
  'Plan Rows': 1,
  'Plan Width': 4,
  'Relation Name': 'basket',
  Alias: 'basket',
  Filter: "(state = 'open'::text)",
  ...over,
})
const ran = (rows: number) =>
  knownPlan(scan({ 'Actual Rows': rows, 'Actual Loops': 1, 'Actual Total Time': 10 }))
const facts = (plan: ReturnType<typeof knownPlan>, basket = stale, over = {}) => ({
  statements: intervalOf([statementRow({ calls: 100, totalExecMs: 10_000, ...over })]),
  statementTexts: [statementTextRow('select id from basket where state = $1')],
  statementPlans: [plan],
  tables: [basket],
})

const quiet = {
  'a plan that expected what came': facts(ran(5)),
  'a current table, whose misestimate has another cause': facts(ran(20_000), {
    ...stale,
    modifiedSinceAnalyze: 500,
  }),
  'a misled nested loop, which has a finding of its own': facts(
    knownPlan(capturedPlan('stale-statistics', 'analyzed')),
  ),
  'a plan that did not run, of a statement that returns few rows': facts(knownPlan(scan({}))),
  'a statement that takes next to no time': facts(ran(20_000), stale, { totalExecMs: 50 }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(stalePlanStatistics, given)).toEqual([])
})

test.each([
  ['as it ran', facts(ran(20_000))],
  [
    'as planned, by the rows that the statement returns',
    facts(knownPlan(scan({})), stale, { rows: 2_000_000 }),
  ],
  [
    'on a table that was never analyzed',
    facts(ran(20_000), { ...stale, reltuples: null, lastAnalyzeAt: null }),
  ],
])('finds a table whose statistics mislead a plan, %s', (_, given) => {
  expect(judge(stalePlanStatistics, given)).toMatchObject([
    {
      subject: { kind: 'table', name: 'basket' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'rows that came', value: 20_000, unit: 'count' },
        { label: 'rows that were expected', value: 1, unit: 'count' },
      ]),
      remedy: { sql: ['analyze public.basket'], undo: null },
    },
  ])
})

test('names all statements that it hurts in one finding', () => {
  const given = facts(ran(20_000))
  const findings = judge(stalePlanStatistics, {
    ...given,
    statements: intervalOf([...given.statements.rows, statementRow({ queryId: '2', totalExecMs: 70_000 })]),
    statementPlans: [ran(20_000), { ...ran(9000), queryId: '2', queryIds: ['2'] }],
  })
  expect(findings).toMatchObject([
    {
      severity: 'critical',
      evidence: expect.arrayContaining([expect.objectContaining({ label: 'query 2' })]),
    },
  ])
})
