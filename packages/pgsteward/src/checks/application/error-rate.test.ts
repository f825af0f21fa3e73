import { expect, test } from 'vitest'
import { NOBODY, readingOf, requestRow } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import { errorRate } from './error-rate.ts'

type Row = Parameters<typeof requestRow>[0]
const given = (latest: readonly Row[], tenMinutes: readonly Row[] = latest) => ({
  requests: readingOf(tenMinutes.map((row) => requestRow(row))),
  latest: readingOf(latest.map((row) => requestRow(row))),
})
const judged = (...rows: Parameters<typeof given>) => judge(errorRate, given(...rows))

const quiet: Record<string, Parameters<typeof given>> = {
  'requests that succeed': [[{ count: 10_000, errors: 10 }]],
  'a route that fails among many that do not': [[{ count: 5, errors: 5 }, { count: 995 }]],
  'few requests that fail': [[{ count: 99, errors: 99 }]],
  'errors that are over': [[{ count: 2_000 }], [{ count: 10_000, errors: 3_000 }]],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, rows) => {
  expect(judged(...rows)).toEqual([])
})

test('is skipped where nobody reports', () => {
  expect(judge(errorRate, { requests: NOBODY, latest: NOBODY })).toHaveProperty('skip')
})

test('one request in twenty that fails is critical (N3), with the routes that fail most', () => {
  expect(
    judged(
      [
        { name: 'GET /parcels', count: 600, errors: 40 },
        { name: 'POST /parcels', count: 100, errors: 10 },
        { name: 'GET /places', count: 300 },
        { application: 'other', count: 1_000 },
      ],
      [{ count: 10_000, errors: 50 }],
    ),
  ).toMatchObject([
    {
      subject: { kind: 'application', name: 'shop' },
      severity: 'critical',
      summary: 'Requests of shop fail, most of GET /parcels',
      evidence: [
        { label: 'failed', value: 0.05, unit: 'ratio' },
        { label: 'reported from', value: 0.05, unit: 'ratio' },
        { label: 'target', value: 0.001, unit: 'ratio' },
        { label: 'failed requests', value: 50, unit: 'count' },
        { label: 'requests', value: 1_000, unit: 'count' },
        { label: 'counted over', value: 'this minute and the last', unit: 'text' },
        { label: 'failed within ten minutes', value: 0.005, unit: 'ratio' },
        { label: 'route', value: 'GET /parcels', unit: 'text' },
        { label: 'its failed requests', value: 40, unit: 'count' },
        { label: 'route', value: 'POST /parcels', unit: 'text' },
        { label: 'its failed requests', value: 10, unit: 'count' },
        { label: 'routes that fail', value: 2, unit: 'count' },
      ],
    },
  ])
})

test('half a minute of outage after nine and a half good ones is critical at once', () => {
  expect(errorRate.holdMs ?? 0).toBe(0)
  const outage = { count: 75, errors: 75 }
  expect(judged([{ count: 225 }, outage], [{ count: 1_425 }, outage])).toMatchObject([
    { severity: 'critical' },
  ])
})

test('one in fifty is a warning', () => {
  expect(judged([{ count: 1_000, errors: 20 }])).toMatchObject([{ severity: 'warning' }])
})

test('where little is asked for ten minutes are counted', () => {
  expect(judged([{ count: 30 }], [{ count: 120, errors: 60 }])).toMatchObject([
    { evidence: expect.arrayContaining([{ label: 'counted over', value: 'ten minutes', unit: 'text' }]) },
  ])
})

describeRule(errorRate, {
  facts: (rate) => given([{ count: 1_000, errors: 1_000 * rate }]),
  fires: 0.03,
  worsens: 0.06,
  between: 0.015,
  calm: 0.001,
})
