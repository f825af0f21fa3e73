import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { capturedPlan, knownPlan } from '../../../test/plans/captured.ts'
import { settingRow, statementRow, statementTextRow } from '../../../test/rows.ts'
import { spillingSortOrHash } from './spilling-sort-or-hash.ts'

const MB = 1024 ** 2
const BLOCKS_OF_A_MB = 128
const facts = (plan: ReturnType<typeof knownPlan>, mbPerCall = 5, calls = 100) => ({
  statements: intervalOf([statementRow({ calls, tempBlocksWritten: calls * mbPerCall * BLOCKS_OF_A_MB })]),
  statementTexts: [statementTextRow('select id from letter order by title')],
  statementPlans: [plan],
  settings: [
    settingRow({ name: 'work_mem', value: '1024', unit: 'kB', context: 'user' }),
    settingRow({ name: 'max_connections', value: '100', context: 'postmaster' }),
    settingRow({ name: 'hash_mem_multiplier', value: '2', context: 'user' }),
  ],
  settingOverrides: [],
})
const sort = knownPlan(capturedPlan('spilling-sort', 'analyzed'))

const quiet = {
  'a plan that ran in memory': facts(knownPlan(capturedPlan('healthy-report', 'analyzed'))),
  'a plan that did not run: temp-file-spill has the counters': facts(
    knownPlan(capturedPlan('spilling-sort', 'generic')),
  ),
  'a statement that no longer writes': facts(sort, 0),
  'a few calls': facts(sort, 5, 4),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(spillingSortOrHash, given)).toEqual([])
})

test.each([
  ['spilling-sort', 'The Sort', '16MB'],
  // with hash_mem_multiplier of 2
  ['spilling-hash', 'The Hash', '4MB'],
  ['spilling-aggregate', 'The Aggregate', '4MB'],
])('finds the step of %s and the memory that would hold it', (id, step, workMem) => {
  expect(judge(spillingSortOrHash, facts(knownPlan(capturedPlan(id, 'analyzed'))))).toMatchObject([
    {
      severity: 'info',
      summary: `${step} of a statement does not fit into work_mem and goes to disk`,
      remedy: {
        sql: [`alter role web in database app set work_mem = '${workMem}'`],
        undo: ['alter role web in database app reset work_mem'],
      },
    },
  ])
})

test('does the arithmetic, and names the smallest change that helps', () => {
  expect(judge(spillingSortOrHash, facts(sort))).toMatchObject([
    {
      evidence: expect.arrayContaining([
        { label: 'work_mem that would hold it, roughly', value: 16 * MB, unit: 'bytes' },
        {
          label: 'for this statement alone, in its transaction',
          value: "set local work_mem = '16MB'",
          unit: 'text',
        },
        { label: 'if every connection ran it at once, it would take', value: 1600 * MB, unit: 'bytes' },
      ]),
    },
  ])
})

test('proposes no memory beyond the limit', () => {
  const findings = judge(spillingSortOrHash, facts(sort, 30), { options: { maxWorkMem: '8MB' } })
  expect(findings).toMatchObject([{ severity: 'warning' }])
  expect(findings).not.toMatchObject([{ remedy: expect.anything() }])
})
