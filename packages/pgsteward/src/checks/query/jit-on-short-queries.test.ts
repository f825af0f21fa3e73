import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { knownPlan } from '../../../test/plans/captured.ts'
import { settingRow, statementRow, statementTextRow } from '../../../test/rows.ts'
import type { PlanNode } from '../../model/what-if.ts'
import { jitOnShortQueries } from './jit-on-short-queries.ts'

const facts = (...rows: ReturnType<typeof statementRow>[]) => ({
  statements: intervalOf(rows),
  statementTexts: [statementTextRow('select sum(weight * price) from parcel where shop_id = $1')],
  statementPlans: [] as ReturnType<typeof knownPlan>[],
  settings: [settingRow({ name: 'jit_above_cost', value: '100000', context: 'user' })],
  settingOverrides: [] as { role: string | null; database: string | null; name: string; value: string }[],
})
const compiled = (calls: number, meanMs: number, jitPerCall: number, over = {}) =>
  statementRow({ calls, totalExecMs: calls * meanMs, jitMs: calls * jitPerCall, ...over })

const quiet = {
  'a server without JIT': facts(compiled(100, 200, 0)),
  'a long report that JIT serves': facts(compiled(10, 8000, 300)),
  'a few milliseconds': facts(compiled(1000, 8, 3)),
  'a few calls': facts(compiled(4, 300, 200)),
  'another database': facts(compiled(100, 200, 150, { database: 'other' })),
  'next to no time over the interval': facts(compiled(5, 30, 20)),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(jitOnShortQueries, given)).toEqual([])
})

test('finds statements that are compiled for most of their time, and switches it off for the database', () => {
  expect(judge(jitOnShortQueries, facts(compiled(100, 200, 150)))).toMatchObject([
    {
      subject: { kind: 'setting', name: 'jit' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'query 1: compiling, of its time', value: 0.75, unit: 'ratio' },
        { label: 'compiling a call', value: 150, unit: 'ms' },
      ]),
      remedy: { sql: ["alter database app set jit = 'off'"], undo: ['alter database app reset jit'] },
    },
  ])
})

test('raises the cost where long statements use it', () => {
  const given = facts(compiled(100, 200, 150), compiled(10, 9000, 300, { queryId: '2' }))
  expect(judge(jitOnShortQueries, given)).toMatchObject([
    { remedy: { sql: ["alter database app set jit_above_cost = '1000000'"] } },
  ])
})

test('undo brings back what the database had', () => {
  const given = facts(compiled(100, 200, 150))
  const settingOverrides = [{ role: null, database: 'app', name: 'jit', value: 'on' }]
  expect(judge(jitOnShortQueries, { ...given, settingOverrides })).toMatchObject([
    { remedy: { undo: ["alter database app set jit = 'on'"] } },
  ])
})

test('takes it from a plan that ran where the server does not count it, as PostgreSQL 14', () => {
  const plan = {
    'Node Type': 'Aggregate',
    'Total Cost': 200_000,
    'Plan Rows': 1,
    'Actual Rows': 1,
    'Actual Total Time': 200,
    JIT: { Functions: 9, Timing: { Total: 120 } },
  } as unknown as PlanNode
  const given = { ...facts(compiled(100, 200, 0)), statementPlans: [knownPlan(plan)] }
  expect(judge(jitOnShortQueries, given)).toMatchObject([
    { evidence: expect.arrayContaining([{ label: 'compiling a call', value: 120, unit: 'ms' }]) },
  ])
})
