import { expect, test } from 'vitest'
import { callRow, NOBODY, queryRow, readingOf, requestRow } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { slowRoute } from './slow-route.ts'

const judged = (request: object, options = {}) =>
  judge(
    slowRoute,
    {
      requests: readingOf([requestRow(request)]),
      queries: readingOf([queryRow()]),
      calls: readingOf([callRow()]),
    },
    { options },
  )

const quiet = {
  'a quick route': { p95Ms: 999 },
  'a slow one that was asked for a few times': { p95Ms: 4000, count: 19 },
  'one whose percentiles the source does not tell': { p95Ms: null },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, request) => {
  expect(judged(request)).toEqual([])
})

test('a route may have a limit of its own, above or below', () => {
  expect(judged({ p95Ms: 4000 }, { limits: { 'GET /parcels': '30s' } })).toEqual([])
  expect(judged({ p95Ms: 400 }, { limits: { 'GET /parcels': '300ms' } })).toHaveLength(1)
})

test('is skipped where nobody reports', () => {
  expect(judge(slowRoute, { requests: NOBODY, queries: NOBODY, calls: NOBODY })).toHaveProperty('skip')
})

const finds = {
  'a warning from a second': { request: { p95Ms: 1000 }, severity: 'warning' },
  'a warning where only a tail is very slow': { request: { p95Ms: 9000, p50Ms: 50 }, severity: 'warning' },
  'critical where everybody waits': { request: { p95Ms: 5000, p50Ms: 1200 }, severity: 'critical' },
}

test.each(Object.entries(finds))('finds %s', (_, { request, severity }) => {
  expect(judged(request)).toMatchObject([
    { subject: { kind: 'route', application: 'shop', name: 'GET /parcels' }, severity },
  ])
})

test('says what the time goes to', () => {
  const requests = readingOf([requestRow({ p95Ms: 1500, totalMs: 100_000, queryMs: 60_000 })])
  const queries = readingOf([
    queryRow({ totalMs: 50_000 }),
    queryRow({ totalMs: 90_000, route: 'GET /other' }),
    queryRow({ totalMs: 90_000, application: 'other' }),
  ])
  const calls = readingOf([callRow({ route: 'GET /parcels', totalMs: 30_000 })])
  expect(judge(slowRoute, { requests, queries, calls })).toMatchObject([
    {
      evidence: expect.arrayContaining([
        { label: 'statements a request', value: 3, unit: 'count' },
        { label: "statements' share of the time", value: 0.6, unit: 'ratio' },
        { label: 'heaviest statement', value: 'Parcel.findMany, at src/parcels.ts:12', unit: 'text' },
        { label: 'its share of the time', value: 0.5, unit: 'ratio' },
        { label: 'heaviest call to another service', value: 'POST carrier.example:443', unit: 'text' },
        { label: "the call's share of the time", value: 0.3, unit: 'ratio' },
      ]),
    },
  ])
})
