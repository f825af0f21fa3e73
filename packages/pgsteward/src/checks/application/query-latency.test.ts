import { expect, test } from 'vitest'
import { NOBODY, queryRow, readingOf } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import { queryLatency } from './query-latency.ts'

const judged = (...rows: Parameters<typeof queryRow>[0][]) =>
  judge(queryLatency, { queries: readingOf(rows.map((row) => queryRow(row))) })

const quiet = {
  'an application that is quick': [{ p95Ms: 400 }],
  'slow statements that are few': [{ p95Ms: 4_000, count: 49 }],
  'one slow statement among many quick ones': [
    { p95Ms: 4_000, count: 40 },
    { p95Ms: 30, count: 4_000 },
  ],
  'a source that tells no percentiles': [{ p95Ms: null, count: 4_000 }],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, rows) => {
  expect(judged(...rows)).toEqual([])
})

test('is skipped where nobody reports', () => {
  expect(judge(queryLatency, { queries: NOBODY })).toHaveProperty('skip')
})

test('finds an application whose statements are slow together (N2), and names the heaviest', () => {
  expect(
    judged(
      { p95Ms: 700, count: 60, totalMs: 30_000, errors: 2 },
      { p95Ms: 700, count: 20, totalMs: 10_000, route: 'GET /places', model: null, name: 'SELECT place' },
      { p95Ms: 20, application: 'other', count: 1_000 },
    ),
  ).toMatchObject([
    {
      subject: { kind: 'application', name: 'shop' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'reported from', value: 500, unit: 'ms' },
        { label: 'statements', value: 80, unit: 'count' },
        { label: 'of them failed', value: 2, unit: 'count' },
        { label: 'heaviest', value: 'GET /parcels: Parcel.findMany', unit: 'text' },
        { label: 'its share of the time', value: 0.75, unit: 'ratio' },
        { label: 'heaviest', value: 'GET /places: SELECT place', unit: 'text' },
      ]),
    },
  ])
})

test('is critical from a second', () => {
  expect(judged({ p95Ms: 1_200 })).toMatchObject([{ severity: 'critical' }])
})

// a bucket of durations is 9 % wide
describeRule(queryLatency, {
  facts: (p95Ms) => ({ queries: readingOf([queryRow({ p95Ms, maxMs: p95Ms })]) }),
  fires: 600,
  worsens: 1_200,
  between: 475,
  calm: 300,
})
