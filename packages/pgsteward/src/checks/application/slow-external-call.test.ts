import { expect, test } from 'vitest'
import { callRow, metricRow, NOBODY, readingOf, requestRow } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { slowExternalCall } from './slow-external-call.ts'

const slow = { p95Ms: 2000, count: 50, totalMs: 50 * 1800 }
const requests = readingOf([requestRow({ name: 'POST /parcels', count: 50, totalMs: 50 * 2000 })])
const judged = (
  calls: readonly object[],
  options = {},
  metrics = readingOf<ReturnType<typeof metricRow>>([]),
) => judge(slowExternalCall, { calls: readingOf(calls.map(callRow)), requests, metrics }, { options })

const quiet = {
  'a quick service': { p95Ms: 900 },
  'a slow one that was called a few times': { ...slow, count: 9 },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, call) => {
  expect(judged([call])).toEqual([])
})

test('is quiet on services that are named as slow by nature', () => {
  expect(judged([slow], { ignoreServices: ['carrier.example:443'] })).toEqual([])
})

test('is skipped where nobody reports', () => {
  expect(judge(slowExternalCall, { calls: NOBODY, requests: NOBODY, metrics: NOBODY })).toHaveProperty('skip')
})

test('names service, route, the share of the request and the place that measures it', () => {
  const metrics = readingOf([
    metricRow({ route: 'POST /parcels', caller: 'src/carrier.ts:33', totalMs: 50 * 1801 }),
    metricRow({ route: 'GET /other', caller: 'src/other.ts:1', totalMs: 50 * 1801 }),
    // it contains more than the call
    metricRow({
      name: 'parcel.create',
      route: 'POST /parcels',
      caller: 'src/parcels.ts:5',
      totalMs: 50 * 1990,
    }),
    // too short to contain it
    metricRow({ name: 'label.print', route: 'POST /parcels', caller: 'src/label.ts:5', totalMs: 50 * 20 }),
    metricRow({
      name: 'database.operation',
      route: 'POST /parcels',
      caller: 'src/x.ts:5',
      totalMs: 50 * 1800,
    }),
  ])
  expect(judged([slow], {}, metrics)).toEqual([
    {
      subject: { kind: 'service', application: 'shop', name: 'carrier.example:443' },
      severity: 'warning',
      summary: 'POST /parcels waits long for carrier.example:443, at src/carrier.ts:33',
      evidence: expect.arrayContaining([
        { label: "share of the request's time", value: 0.9, unit: 'ratio' },
        { label: 'call', value: 'POST carrier.example:443', unit: 'text' },
        { label: 'measured as', value: 'carrier.send', unit: 'text' },
        { label: 'called at', value: 'src/carrier.ts:33', unit: 'text' },
      ]),
    },
  ])
})

test('is a note outside of requests, where nobody waits', () => {
  expect(judged([{ ...slow, route: null }])).toMatchObject([
    { severity: 'info', summary: 'carrier.example:443 answers shop slowly, most outside of requests' },
  ])
})

test('is a note where the call goes on after the answer: the requests are shorter than their calls', () => {
  const calls = readingOf([callRow(slow)])
  const short = readingOf([requestRow({ name: 'POST /parcels', count: 50, totalMs: 50 * 100 })])
  expect(judge(slowExternalCall, { calls, requests: short, metrics: readingOf([]) })).toMatchObject([
    { severity: 'info', summary: 'carrier.example:443 answers shop slowly, most in POST /parcels' },
  ])
})

test('calls of one request at the same time may take longer together than it does', () => {
  const calls = readingOf([callRow({ p95Ms: 2000, count: 500, totalMs: 500 * 1800 })])
  expect(judge(slowExternalCall, { calls, requests, metrics: readingOf([]) })).toMatchObject([
    { severity: 'warning', summary: 'POST /parcels waits long for carrier.example:443' },
  ])
})

test('a route that waits matters more than a job that calls oftener', () => {
  const job = { ...slow, route: null, count: 5000, totalMs: 9e9 }
  expect(judged([job, slow])).toMatchObject([
    { severity: 'warning', summary: 'POST /parcels waits long for carrier.example:443' },
  ])
})

test('a service that several routes call is one finding', () => {
  const other = { ...slow, name: 'GET carrier.example:443', route: 'GET /status', totalMs: 60_000 }
  expect(judged([slow, other])).toMatchObject([
    {
      summary: 'POST /parcels waits long for carrier.example:443',
      evidence: expect.arrayContaining([{ label: 'also from', value: 'GET /status', unit: 'text' }]),
    },
  ])
})
