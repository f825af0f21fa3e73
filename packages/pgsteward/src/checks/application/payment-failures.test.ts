import { expect, test } from 'vitest'
import { callRow, metricRow, NOBODY, readingOf } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import { paymentFailures } from './payment-failures.ts'

type Row = Parameters<typeof metricRow>[0]
const charge = (over: Row = {}) => metricRow({ name: 'billing.charge', count: 40, ...over })
const outcome = (name: string, count: number): Row => ({
  name: 'billing.charges',
  labels: `currency=USD outcome=${name}`,
  count,
  p95Ms: null,
})
const given = (tenMinutes: readonly Row[], hour: readonly Row[] = tenMinutes) => ({
  metrics: readingOf(tenMinutes.map(charge)),
  hour: readingOf(hour.map(charge)),
  calls: readingOf([callRow({ name: 'POST payments.example:443', errors: 3, count: 30 })]),
})
const judged = (rows: Parameters<typeof given>, options = {}) =>
  judge(paymentFailures, given(...rows), { options })

const quiet: Record<string, Parameters<typeof given>> = {
  'cards that were declined': [[{ errors: 0 }, outcome('declined', 30), outcome('succeeded', 10)]],
  'failures that are over': [[{ errors: 0 }], [{ errors: 9 }]],
  'failures of something else': [[{ name: 'carrier.send', errors: 90 }]],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, rows) => {
  expect(judged(rows)).toEqual([])
})

test('is skipped where nobody reports', () => {
  expect(judge(paymentFailures, { metrics: NOBODY, hour: NOBODY, calls: NOBODY })).toHaveProperty('skip')
})

test('finds more than two failures an hour (N3), with declined cards and the service that fails', () => {
  expect(
    judged([
      [{ errors: 1 }],
      [{ errors: 3, route: 'POST /orders' }, outcome('declined', 5), outcome('failed', 3)],
    ]),
  ).toMatchObject([
    {
      subject: { kind: 'metric', application: 'shop', name: 'billing.charge' },
      severity: 'warning',
      summary: 'Payments of shop fail',
      evidence: expect.arrayContaining([
        { label: 'failed an hour', value: 3, unit: 'count' },
        { label: 'failed in the last ten minutes', value: 1, unit: 'count' },
        { label: 'charges in the last hour', value: 40, unit: 'count' },
        { label: 'cards declined in the last hour', value: 5, unit: 'count' },
        { label: 'route', value: 'POST /orders', unit: 'text' },
        { label: 'a service that fails too', value: 'payments.example:443', unit: 'text' },
      ]),
    },
  ])
})

test('two failures open nothing, and keep what is open', () => {
  expect(judged([[{ errors: 2 }]])).toMatchObject([{ sustains: true }])
})

test('declined cards count where that is asked for', () => {
  const declined: Parameters<typeof given> = [[{ errors: 1 }, outcome('declined', 9)]]
  expect(judged(declined, { countDeclined: true })).toMatchObject([{ severity: 'critical' }])
})

test('counts by outcome are enough', () => {
  const counts: Row[] = [outcome('failed', 4), outcome('succeeded', 4)]
  expect(judged([counts])).toMatchObject([
    { evidence: expect.arrayContaining([{ label: 'charges in the last hour', value: 8, unit: 'count' }]) },
  ])
})

test('limits in the wrong order are refused', () => {
  expect(paymentFailures.options.safeParse({ warning: 10, critical: 5 }).success).toBe(false)
  expect(paymentFailures.options.safeParse({ warning: null, critical: null }).success).toBe(false)
  expect(paymentFailures.options.safeParse({ warning: null }).success).toBe(true)
})

describeRule(paymentFailures, {
  facts: (failed) => given([{ errors: failed }]),
  fires: 3,
  worsens: 10,
  between: 2,
  calm: 0,
})
