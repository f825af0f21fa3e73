import { expect, test } from 'vitest'
import { callRow, NOBODY, queryRow, readingOf, requestRow } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import { slowFeature } from './slow-feature.ts'

type Row = Parameters<typeof requestRow>[0]
const given = (...rows: readonly Row[]) => ({
  requests: readingOf(rows.map((row) => requestRow({ name: 'POST /api/sign-in', ...row }))),
  queries: readingOf([queryRow({ route: 'POST /api/sign-in', totalMs: 500 })]),
  calls: readingOf([callRow()]),
})
const judged = (rows: readonly Row[], options = {}) => judge(slowFeature, given(...rows), { options })

const quiet: Record<string, readonly Row[]> = {
  'signing in within its target': [{ p95Ms: 900 }],
  'a slow route of no feature': [{ name: 'GET /export', p95Ms: 30_000 }],
  'nineteen slow requests': [{ p95Ms: 9_000, count: 19 }],
  'a slow route that is asked for seldom, among quick ones': [
    { p95Ms: 9_000, count: 20 },
    { name: 'POST /api/register', p95Ms: 200, count: 2_000 },
  ],
  'requests whose source tells no durations': [{ p95Ms: null }],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, rows) => {
  expect(judged(rows)).toEqual([])
})

test('is skipped where nobody reports', () => {
  expect(judge(slowFeature, { requests: NOBODY, queries: NOBODY, calls: NOBODY })).toHaveProperty('skip')
})

// a bucket of durations is 9 % wide
const limits: [feature: string, route: string, quietMs: number, slowMs: number][] = [
  ['auth', 'POST /api/auth/login', 1_200, 1_650],
  ['auth', 'POST /api/sign-in', 1_200, 1_650],
  ['messages', 'POST /api/conversations/:id/messages', 2_000, 2_750],
  ['messages', 'POST /api/broadcasts', 2_000, 2_750],
  ['conversations', 'GET /api/conversations', 800, 1_100],
  ['billing', 'POST /api/billing/payments', 2_400, 3_300],
]

test.each(limits)('%s: %s has the limit of N3', (feature, name, quietMs, slowMs) => {
  expect(judged([{ name, p95Ms: quietMs, maxMs: quietMs }])).toEqual([])
  expect(judged([{ name, p95Ms: slowMs, maxMs: slowMs }])).toMatchObject([
    { subject: { kind: 'feature', application: 'shop', name: feature }, severity: 'warning' },
  ])
})

test('routes of a feature are judged together, by all their requests, and the slow ones named', () => {
  expect(
    judged([
      { p95Ms: 1_900, count: 60, totalMs: 5_000 },
      { name: 'POST /api/register', p95Ms: 1_900, count: 40 },
      { name: 'GET /api/auth/me', p95Ms: 5, count: 10 },
      { application: 'other', p95Ms: 5 },
    ]),
  ).toMatchObject([
    {
      subject: { kind: 'feature', application: 'shop', name: 'auth' },
      summary: 'auth of shop answers slowly, most in POST /api/sign-in',
      evidence: expect.arrayContaining([
        { label: 'target', value: 1_000, unit: 'ms' },
        { label: 'reported from', value: 1_500, unit: 'ms' },
        { label: 'requests', value: 110, unit: 'count' },
        { label: 'slow route', value: 'POST /api/sign-in', unit: 'text' },
        { label: 'slow route', value: 'POST /api/register', unit: 'text' },
        { label: 'its share of the time', value: 0.1, unit: 'ratio' },
      ]),
    },
  ])
})

test('groups of the configuration replace the built-in ones', () => {
  const search = { routes: ['GET /search*'], target: '100ms', warning: '200ms', critical: '1s' }
  expect(
    judged([{ p95Ms: 9_000 }, { name: 'GET /search/:what', p95Ms: 300 }], { groups: { search } }),
  ).toMatchObject([{ subject: { name: 'search' }, severity: 'warning' }])
  const wrong = { search: { ...search, target: '300ms' } }
  expect(slowFeature.options.safeParse({ groups: wrong }).success).toBe(false)
})

describeRule(slowFeature, {
  facts: (p95Ms) => given({ p95Ms, maxMs: p95Ms }),
  fires: 1_650,
  worsens: 3_300,
  between: 1_420,
  calm: 700,
})
