import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { asPlanned, capturedPlan, knownPlan } from '../../../test/plans/captured.ts'
import { statementRow, statementTextRow, tableRow } from '../../../test/rows.ts'
import { nestedLoopMisestimate } from './nested-loop-misestimate.ts'

const stale = tableRow({ name: 'basket', rows: 30_000, modifiedSinceAnalyze: 28_000 })
const fresh = { ...stale, modifiedSinceAnalyze: 0 }
const facts = (plan: ReturnType<typeof knownPlan>, basket = stale, over = {}) => ({
  statements: intervalOf([statementRow({ calls: 100, totalExecMs: 20_000, ...over })]),
  statementTexts: [statementTextRow('select b.id, l.sku from basket b join basket_line l on true')],
  statementPlans: [plan],
  tables: [basket],
})
const misled = knownPlan(capturedPlan('stale-statistics', 'analyzed'))
const notRun = knownPlan(asPlanned(capturedPlan('stale-statistics', 'analyzed')))

const quiet = {
  'a nested loop over as many rows as expected': facts(knownPlan(capturedPlan('healthy-join', 'analyzed'))),
  'a statement without a known plan': facts({ ...misled, queryId: '9', queryIds: ['9'] }),
  'one that takes next to no time': facts(misled, stale, { totalExecMs: 100 }),
  'one that was called a few times': facts(misled, stale, { calls: 4 }),
  'a plan of another database': facts({ ...misled, database: 'other' }),
  'a plan that did not run, whose pages its cost could pay': facts(notRun, stale, {
    sharedBlocksHit: 100 * 100,
  }),
  'the same with many pages, on current statistics': facts(notRun, fresh, {
    sharedBlocksHit: 100 * 50_000,
  }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(nestedLoopMisestimate, given)).toEqual([])
})

test('finds a loop that was chosen for a few rows, with the table to analyze', () => {
  expect(judge(nestedLoopMisestimate, facts(misled))).toMatchObject([
    {
      subject: { kind: 'query', queryId: '1' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'runs of the inner side', value: 22_400, unit: 'count' },
        { label: 'the planner expected', value: 1, unit: 'count' },
        { label: 'the estimate goes wrong at', value: 'Seq Scan on basket b', unit: 'text' },
      ]),
      remedy: { sql: ['analyze public.basket'], undo: null },
    },
  ])
})

test('has no remedy where the table is current: the planner can not know better', () => {
  const findings = judge(nestedLoopMisestimate, facts(misled, fresh))
  expect(findings).toHaveLength(1)
  expect(findings).not.toMatchObject([{ remedy: expect.anything() }])
})

test('is critical where it keeps a session busy', () => {
  const given = facts(misled, stale, { totalExecMs: 90_000 })
  expect(judge(nestedLoopMisestimate, given)).toMatchObject([{ severity: 'critical' }])
})

test('suspects a plan that did not run by pages that its cost could never pay, and a stale table', () => {
  const given = facts(notRun, stale, { sharedBlocksHit: 100 * 50_000 })
  expect(judge(nestedLoopMisestimate, given)).toMatchObject([
    {
      evidence: expect.arrayContaining([
        { label: 'pages of 8 kB visited a call', value: 50_000, unit: 'count' },
      ]),
      remedy: { sql: ['analyze public.basket'] },
    },
  ])
})

test('a plan of a fingerprint stands for all statements that have it, unless one has its own', () => {
  const other = statementRow({ queryId: '2', calls: 100, totalExecMs: 20_000 })
  const given = facts({ ...misled, queryId: null, queryIds: ['1', '2'] })
  const statements = intervalOf([...given.statements.rows, other])
  expect(judge(nestedLoopMisestimate, { ...given, statements })).toHaveLength(2)
  const own = knownPlan(capturedPlan('healthy-join', 'analyzed'), { queryId: '2', queryIds: ['2'] })
  const statementPlans = [own, ...given.statementPlans]
  expect(judge(nestedLoopMisestimate, { ...given, statements, statementPlans })).toHaveLength(1)
})

test('says that there is no plan at all', () => {
  expect(judge(nestedLoopMisestimate, { ...facts(misled), statementPlans: [] })).toMatchObject({
    skip: expect.stringMatching(/auto_explain/),
  })
})
