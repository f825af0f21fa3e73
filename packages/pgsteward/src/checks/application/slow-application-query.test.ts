import { expect, test } from 'vitest'
import { NOBODY, queryRow, readingOf, slowQueryGroup } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { slowApplicationQuery } from './slow-application-query.ts'

const none = readingOf<never>([])
const judged = (query: object, options = {}) =>
  judge(slowApplicationQuery, { queries: readingOf([queryRow(query)]), slowQueries: none }, { options })

const quiet = {
  'a quick statement': { p95Ms: 20 },
  'a slow one that was sent a few times': { p95Ms: 900, count: 19 },
  'one whose percentiles the source does not tell': { p95Ms: null, maxMs: 3000 },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, query) => {
  expect(judged(query)).toEqual([])
})

test('is quiet on one or two slow ones, which a cold cache explains', () => {
  const slowQueries = readingOf([slowQueryGroup({ count: 2, maxMs: 4000 })])
  expect(judge(slowApplicationQuery, { queries: readingOf([queryRow()]), slowQueries })).toEqual([])
})

test('is quiet on a few late ones among many', () => {
  const queries = readingOf([queryRow({ count: 301 })])
  const slowQueries = readingOf([slowQueryGroup({ count: 3 })])
  expect(judge(slowApplicationQuery, { queries, slowQueries })).toEqual([])
})

test('is quiet on routes that are named as slow by nature', () => {
  expect(judged({ p95Ms: 3000 }, { ignoreRoutes: ['GET /parcels'] })).toEqual([])
})

test('is skipped where nobody reports', () => {
  expect(judge(slowApplicationQuery, { queries: NOBODY, slowQueries: NOBODY })).toHaveProperty('skip')
})

const finds = {
  'a warning from half a second': { query: { p95Ms: 500 }, severity: 'warning' },
  'critical from two seconds': { query: { p95Ms: 2000 }, severity: 'critical' },
}

test.each(Object.entries(finds))('finds %s', (_, { query, severity }) => {
  expect(judged(query)).toMatchObject([{ severity }])
})

test('names route, model, place and the statement of pg_stat_statements', () => {
  expect(judged({ p95Ms: 700, maxMs: 1400 })).toEqual([
    {
      subject: { kind: 'call-site', application: 'shop', name: 'GET /parcels: Parcel.findMany' },
      severity: 'warning',
      summary: 'GET /parcels waits long for Parcel.findMany, at src/parcels.ts:12',
      evidence: expect.arrayContaining([
        { label: '95th percentile', value: 700, unit: 'ms' },
        { label: 'slowest', value: 1400, unit: 'ms' },
        { label: 'route', value: 'GET /parcels', unit: 'text' },
        { label: 'sent at', value: 'src/parcels.ts:12', unit: 'text' },
        { label: 'query id', value: '42', unit: 'text' },
      ]),
    },
  ])
})

test('three single slow ones are a warning, though the percentile is fine', () => {
  const facts = {
    queries: readingOf([queryRow({ count: 300, p95Ms: 20 })]),
    slowQueries: readingOf([slowQueryGroup({ count: 3, maxMs: 4000 })]),
  }
  expect(judge(slowApplicationQuery, facts)).toMatchObject([
    {
      severity: 'warning',
      subject: { name: 'GET /parcels: Parcel.findMany' },
      evidence: expect.arrayContaining([
        { label: 'single slow ones', value: 3, unit: 'count' },
        { label: 'slowest', value: 4000, unit: 'ms' },
      ]),
    },
  ])
})

test('what is slow by both is one finding', () => {
  const facts = {
    queries: readingOf([queryRow({ p95Ms: 2500 }), queryRow({ p95Ms: 600, caller: 'src/parcels.ts:90' })]),
    slowQueries: readingOf([slowQueryGroup({ count: 30 })]),
  }
  expect(judge(slowApplicationQuery, facts)).toMatchObject([{ severity: 'critical' }])
})
