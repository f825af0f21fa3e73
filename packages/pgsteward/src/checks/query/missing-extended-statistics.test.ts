import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { capturedPlan, knownPlan } from '../../../test/plans/captured.ts'
import { statementRow, statementTextRow, tableRow } from '../../../test/rows.ts'
import type { ExtendedStatisticsRow } from '../../facts/extended-statistics.ts'
import type { PlanNode } from '../../model/what-if.ts'
import { missingExtendedStatistics } from './missing-extended-statistics.ts'

const statistics = (over: Partial<ExtendedStatisticsRow> = {}): ExtendedStatisticsRow => ({
  database: 'app',
  schema: 'public',
  name: 'car_brand_model',
  tableSchema: 'public',
  table: 'car',
  columns: ['brand', 'model'],
  kinds: ['dependencies', 'mcv'],
  ...over,
})
const car = tableRow({ name: 'car', rows: 90_000 })
const facts = (plan: ReturnType<typeof knownPlan>, over = {}) => ({
  statements: intervalOf([statementRow({ calls: 100, totalExecMs: 10_000 })]),
  statementTexts: [statementTextRow('select c.id from car c where c.brand = $1 and c.model = $2')],
  statementPlans: [plan],
  tables: [car],
  extendedStatistics: [] as readonly ExtendedStatisticsRow[],
  ...over,
})
const correlated = knownPlan(capturedPlan('correlated-columns', 'analyzed'))
const step = (over: Record<string, unknown>): PlanNode => ({
  'Node Type': 'Seq Scan',
  'Startup Cost': 0,
  'Total Cost': 1000,
  'Plan Rows': 100,
  'Plan Width': 4,
  'Actual Rows': 100,
  'Actual Loops': 1,
  'Actual Total Time': 10,
  'Relation Name': 'car',
  Alias: 'car',
  ...over,
})
const groups = (expected: number, came: number, key = ['brand', 'model']) =>
  knownPlan(
    step({
      'Node Type': 'Aggregate',
      'Relation Name': undefined,
      'Plan Rows': expected,
      'Actual Rows': came,
      'Group Key': key,
      Plans: [step({ 'Parent Relationship': 'Outer', 'Plan Rows': 90_000, 'Actual Rows': 90_000 })],
    }),
  )

const quiet = {
  'the same columns with extended statistics': facts(correlated, { extendedStatistics: [statistics()] }),
  'a table that changed since its ANALYZE, which comes first': facts(correlated, {
    tables: [{ ...car, modifiedSinceAnalyze: 50_000 }],
  }),
  'one column alone': facts(
    knownPlan(step({ Filter: "(brand = 'a'::text)", 'Plan Rows': 1, 'Actual Rows': 5000 })),
  ),
  'ranges, which extended statistics do not help': facts(
    knownPlan(step({ Filter: '((town > 3) AND (id < 9))', 'Plan Rows': 1, 'Actual Rows': 5000 })),
  ),
  'fewer rows than expected': facts(
    knownPlan(step({ Filter: '((town = 3) AND (id = 9))', 'Plan Rows': 5000, 'Actual Rows': 1 })),
  ),
  'as many groups as expected': facts(groups(300, 60)),
  'a plan that did not run': facts(knownPlan(capturedPlan('correlated-columns', 'generic'))),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(missingExtendedStatistics, given)).toEqual([])
})

test('finds two columns of a condition that go together', () => {
  expect(judge(missingExtendedStatistics, facts(correlated))).toMatchObject([
    {
      subject: { kind: 'table', schema: 'public', name: 'car' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'rows with equal brand, model: came', value: 1500, unit: 'count' },
      ]),
      remedy: {
        sql: [
          'create statistics if not exists public.car_brand_model_stx (dependencies, mcv) on brand, model from public.car',
          'analyze public.car',
        ],
        undo: ['drop statistics if exists public.car_brand_model_stx'],
      },
    },
  ])
})

test('finds groups that are far fewer than expected, for which statistics of another kind do not count', () => {
  const given = facts(groups(9000, 60), { extendedStatistics: [statistics()] })
  expect(judge(missingExtendedStatistics, given)).toMatchObject([
    {
      remedy: {
        sql: [
          expect.stringContaining('car_brand_model_stx (ndistinct) on brand, model from'),
          'analyze public.car',
        ],
      },
    },
  ])
})

test('tells all statements of a table in one finding', () => {
  const other = knownPlan(
    step({ Filter: "((town = 3) AND (model = 'a'::text))", 'Plan Rows': 1, 'Actual Rows': 5000 }),
    { queryId: '2', queryIds: ['2'] },
  )
  const given = facts(correlated, {
    statements: intervalOf([
      statementRow({ calls: 100, totalExecMs: 10_000 }),
      statementRow({ queryId: '2', calls: 100, totalExecMs: 10_000 }),
    ]),
    statementPlans: [correlated, other],
  })
  const findings = judge(missingExtendedStatistics, given)
  expect(findings).toMatchObject([{ remedy: { undo: [expect.anything(), expect.anything()] } }])
})
