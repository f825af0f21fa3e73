import { expect, test } from 'vitest'
import type { ReplannedStatement, ReviewReport } from '../model/review.ts'
import type { StatisticsFile } from '../twin/statistics/statistics-file.ts'
import { judgePlanCheck } from './judge-plan-check.ts'
import { DEFAULT_POLICY, type Policy, parsePolicy } from './policy.ts'

const NOW = new Date('2026-06-01T12:00:00Z')

function side(cost: number, rows = 0): NonNullable<ReplannedStatement['after']> {
  const sequentialScans =
    rows === 0 ? [] : [{ schema: 'public', table: 'message', rows, sizeBytes: rows * 100 }]
  return { cost, rows: 1, steps: [], sequentialScans, indexes: [], spillBytes: 0, plan: {} as never }
}

function statement(over: Partial<ReplannedStatement>): ReplannedStatement {
  return {
    id: 'inbox',
    sql: 'select 1',
    callsPerMinute: 60,
    isNew: false,
    before: side(10),
    after: side(10),
    errorBefore: null,
    errorAfter: null,
    difference: null,
    valuesFrom: 'text',
    ...over,
  }
}

function broken(plan: Partial<ReplannedStatement>, policy: Policy = DEFAULT_POLICY): readonly string[] {
  const plans = [statement(plan)]
  const given = {
    review: { findings: [] } as unknown as ReviewReport,
    plans,
    file: { tables: [] } as unknown as StatisticsFile,
  }
  return judgePlanCheck(given, policy, NOW).conditions.flatMap(({ id, status }) =>
    status === 'fail' || status === 'warn' ? `${status} ${id}` : [],
  )
}

test.each([
  ['the same plan', {}, []],
  ['a little dearer', { after: side(14) }, ['warn workload-cost']],
  ['many times dearer, yet cheap', { before: side(1), after: side(90) }, ['warn workload-cost']],
  ['much dearer', { after: side(1000) }, ['fail cost-increase', 'warn workload-cost']],
  [
    'a new scan of a large table',
    { after: side(14, 50_000) },
    ['fail new-sequential-scan', 'warn workload-cost'],
  ],
  ['a new scan of a small table', { after: side(10, 500) }, []],
  ['a scan that is made today too', { before: side(10, 50_000), after: side(10, 50_000) }, []],
  [
    'the same of a new statement',
    { isNew: true, before: side(10, 50_000), after: side(10, 50_000) },
    ['fail new-sequential-scan'],
  ],
  [
    'a statement that production can’t run yet',
    { before: null, errorBefore: 'no column', after: side(10, 50_000) },
    ['fail new-sequential-scan'],
  ],
  ['a new statement that is dear', { isNew: true, after: side(20_000) }, ['warn new-statement-cost']],
  ['no plan any more', { after: null, errorAfter: 'no column' }, ['fail statement-fails']],
  [
    'no plan, before or after',
    { before: null, after: null, errorBefore: 'x', errorAfter: 'x' },
    ['warn not-planned'],
  ],
  [
    'a new one without a plan',
    { isNew: true, before: null, after: null, errorBefore: 'x', errorAfter: 'x' },
    ['fail statement-fails'],
  ],
  ['a sort that spills from now on', { after: { ...side(10), spillBytes: 1e9 } }, ['warn spill']],
])('judges %s', (_, plan, expected) => {
  expect(broken(plan)).toEqual(expected)
})

test('a policy sets levels and thresholds, in JSON with comments', () => {
  const policy = parsePolicy(
    `{ // ours
       "conditions": { "cost-increase": { "ratio": 200 }, "workload-cost": "off", /* large ones */ "new-sequential-scan": { "level": "warn", "rows": 1e5, "size": "1MB", }, } }`,
    'policy.json',
  )
  expect(broken({ after: side(1000, 200_000) }, policy)).toEqual(['warn new-sequential-scan'])
  expect(broken({ after: side(3000, 50_000) }, policy)).toEqual(['fail cost-increase'])
})

test.each([
  ['{', 'is not JSON'],
  ['{ "conditions": { "cost": "off" } }', 'is not a policy'],
  ['{ "conditions": { "cost-increase": { "ratio": "two" } } }', 'is not a policy'],
  ['{ "waivers": [{ "statement": "a", "reason": "b" }] }', 'is not a policy'],
  ['{ "waivers": [{ "reason": "b", "expires": "2026-01-01" }] }', 'is not a policy'],
  [
    '{ "waivers": [{ "statement": "a", "condition": "nope", "reason": "b", "expires": "2026-01-01" }] }',
    'is not a policy',
  ],
])('refuses a policy that is not understood: %s', (text, message) => {
  expect(() => parsePolicy(text, 'policy.json')).toThrow(message)
})

test('a waiver holds until its day, for its condition, and says when it is over or idle', () => {
  const plans = [statement({ after: side(1000) })]
  const judge = (waiver: object) => {
    const policy = parsePolicy(
      JSON.stringify({ waivers: [{ statement: 'inbox', reason: 'known', ...waiver }] }),
      'p',
    )
    const given = {
      review: { findings: [] } as unknown as ReviewReport,
      plans,
      file: { tables: [] } as unknown as StatisticsFile,
    }
    const { conditions, notes } = judgePlanCheck(given, policy, NOW)
    return [conditions.find(({ id }) => id === 'cost-increase')!.status, ...notes]
  }
  expect(judge({ expires: '2026-06-01' })).toEqual(['ok'])
  expect(judge({ expires: '2026-05-31' })).toEqual([
    'fail',
    'The waiver for inbox ended on 2026-05-31: known',
  ])
  expect(judge({ expires: '2026-07-01', condition: 'spill' })).toEqual([
    'fail',
    'The waiver for inbox is no longer needed.',
  ])
})
