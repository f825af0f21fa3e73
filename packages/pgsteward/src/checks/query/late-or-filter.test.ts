import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { capturedPlan, knownPlan } from '../../../test/plans/captured.ts'
import { statementRow, statementTextRow } from '../../../test/rows.ts'
import type { PlanNode } from '../../model/what-if.ts'
import { lateOrFilter } from './late-or-filter.ts'

const facts = (plan: ReturnType<typeof knownPlan>, over = {}) => ({
  statements: intervalOf([statementRow({ calls: 100, totalExecMs: 20_000, ...over })]),
  statementTexts: [
    statementTextRow(
      'select i.id from invoice i join client c on c.id = i.client_id where c.email = $1 or i.number = $2',
    ),
  ],
  statementPlans: [plan],
  tables: [],
  rewrites: [],
})
const ran = capturedPlan('late-or', 'analyzed')
const withFilter = (filter: string): PlanNode => ({ ...ran, 'Join Filter': filter })

const quiet = {
  'a join without OR': facts(knownPlan(capturedPlan('healthy-join', 'analyzed'))),
  'OR on one table, which two indexes can serve': facts(
    knownPlan(withFilter("((c.email = 'a'::text) OR (c.email = 'b'::text))")),
  ),
  'OR whose parts compare the tables with each other': facts(
    knownPlan(withFilter('((c.id = i.client_id) OR (i.number = c.name))')),
  ),
  'an OR that keeps most of what was joined': facts(
    knownPlan({ ...ran, 'Actual Rows': 80_000, 'Rows Removed by Join Filter': 10_000 }),
  ),
  'one that takes next to no time': facts(knownPlan(ran), { totalExecMs: 50 }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(lateOrFilter, given)).toEqual([])
})

test.each(['analyzed', 'generic'] as const)('finds an OR across tables in a plan that is %s', (form) => {
  expect(judge(lateOrFilter, facts(knownPlan(capturedPlan('late-or', form))))).toMatchObject([
    {
      subject: { kind: 'query', queryId: '1' },
      evidence: expect.arrayContaining([
        expect.objectContaining({
          label: 'Rewrite',
          value: expect.stringMatching(
            /^the statement with where c\.email = .*; union all: the same with where i\.number = .* and \(\(c\.email = .*\)\) is not true$/,
          ),
        }),
      ]),
    },
  ])
})

test('shows the rewrite that the twin has proven, where there is one', () => {
  const proven = {
    id: '1',
    kind: 'union-all',
    before: 'select 1',
    sql: 'select i.id ... union all select i.id ...',
    why: 'each part by its own index',
    sameResult: 'always',
    callsPerMinute: 100,
    costBefore: 4000,
    costAfter: 20,
  }
  const found = judge(lateOrFilter, { ...facts(knownPlan(ran)), rewrites: [proven] })
  expect(found).toMatchObject([
    { evidence: expect.arrayContaining([{ label: 'Rewrite', value: proven.sql, unit: 'text' }]) },
  ])
})
