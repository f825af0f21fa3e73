import { expect, test } from 'vitest'
import { callRow, metricRow, NOBODY, readingOf } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { failingExternalCall } from './failing-external-call.ts'

const judged = (calls: readonly object[], metrics: readonly object[] = [], options = {}) =>
  judge(
    failingExternalCall,
    { calls: readingOf(calls.map(callRow)), metrics: readingOf(metrics.map(metricRow)) },
    { options },
  )

const quiet = {
  'a service that answers': { errors: 0 },
  'four lost calls': { errors: 4, count: 10 },
  'a share below a twentieth': { errors: 49, count: 1000 },
}

test.each(Object.entries(quiet))('is quiet on %s, and on a metric like it', (_, sums) => {
  expect(judged([sums], [sums])).toEqual([])
})

test('is quiet on what is named as failing by nature', () => {
  const failing = { errors: 50 }
  const options = { ignore: ['carrier.example:443', 'carrier.send'] }
  expect(judged([failing], [failing], options)).toEqual([])
})

test('leaves charges, and deliveries where they are many, to the rules that they have', () => {
  const failing = (name: string, count: number) => judged([], [{ name, count, errors: count / 2 }])
  expect(failing('billing.charge', 20)).toEqual([])
  expect(failing('message.delivery', 100)).toEqual([])
  expect(failing('message.delivery', 20)).toHaveLength(1)
})

test('is skipped where nobody reports', () => {
  expect(judge(failingExternalCall, { calls: NOBODY, metrics: NOBODY })).toHaveProperty('skip')
})

const finds = {
  'a warning from a twentieth': { sums: { errors: 5, count: 100 }, severity: 'warning' },
  'a warning where all of a few fail': { sums: { errors: 6, count: 6 }, severity: 'warning' },
  'critical where half of many fail': { sums: { errors: 50, count: 100 }, severity: 'critical' },
}

test.each(Object.entries(finds))('finds %s', (_, { sums, severity }) => {
  expect(judged([sums])).toMatchObject([
    { subject: { kind: 'service', application: 'shop', name: 'carrier.example:443' }, severity },
  ])
  expect(judged([], [sums])).toMatchObject([
    { subject: { kind: 'metric', application: 'shop', name: 'carrier.send' }, severity },
  ])
})

test('adds up what several routes call, and names the one that fails most', () => {
  const rows = [
    { errors: 3, count: 100, totalMs: 9e6 },
    { errors: 30, count: 100, route: 'GET /status' },
  ]
  expect(judged(rows)).toMatchObject([
    {
      summary: 'Calls of shop to carrier.example:443 fail, most in GET /status',
      evidence: expect.arrayContaining([{ label: 'failures', value: 33, unit: 'count' }]),
    },
  ])
})

test('a failing metric says where it is measured', () => {
  expect(judged([], [{ errors: 30, route: 'POST /parcels', caller: 'src/carrier.ts:33' }])).toMatchObject([
    { summary: 'carrier.send of shop fails, most in POST /parcels, at src/carrier.ts:33' },
  ])
})

test('a metric that only measures the failing call is no second finding; one that fails oftener is', () => {
  const call = { errors: 30, totalMs: 3000 }
  const metric = { route: 'POST /parcels', caller: 'src/carrier.ts:33', totalMs: 3100 }
  expect(judged([call], [{ ...metric, errors: 30 }])).toMatchObject([
    {
      subject: { kind: 'service' },
      summary: 'Calls of shop to carrier.example:443 fail, most in POST /parcels, at src/carrier.ts:33',
      evidence: expect.arrayContaining([{ label: 'measured as', value: 'carrier.send', unit: 'text' }]),
    },
  ])
  expect(judged([call], [{ ...metric, errors: 31 }])).toMatchObject([
    { subject: { kind: 'service' } },
    { subject: { kind: 'metric' } },
  ])
})

test('outside of requests it says so', () => {
  expect(judged([{ errors: 30, route: null }])).toMatchObject([
    { summary: 'Calls of shop to carrier.example:443 fail, most outside of requests' },
  ])
})

test('the line is known though most calls do not tell it', () => {
  const rows = [
    { errors: 30, route: 'POST /parcels' },
    { errors: 1, count: 3, route: 'POST /parcels', caller: 'src/carrier.ts:33' },
  ]
  expect(judged([], rows)).toMatchObject([
    {
      summary: 'carrier.send of shop fails, most in POST /parcels, at src/carrier.ts:33',
      evidence: expect.arrayContaining([{ label: 'failures', value: 31, unit: 'count' }]),
    },
  ])
})
