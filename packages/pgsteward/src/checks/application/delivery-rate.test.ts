import { expect, test } from 'vitest'
import { callRow, metricRow, NOBODY, readingOf } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import { deliveryRate } from './delivery-rate.ts'

type Row = Parameters<typeof metricRow>[0]
const sms = (over: Row = {}) => metricRow({ name: 'message.delivery', labels: 'channel=sms', ...over })
const given = (
  tenMinutes: readonly Row[],
  hour: readonly Row[] = tenMinutes,
  calls: readonly Row[] = [],
) => ({
  metrics: readingOf(tenMinutes.map(sms)),
  hour: readingOf(hour.map(sms)),
  calls: readingOf(calls.map((row) => callRow(row))),
})
const judged = (...rows: Parameters<typeof given>) => judge(deliveryRate, given(...rows))

const quiet: Record<string, Parameters<typeof given>> = {
  'messages that arrive': [[{ count: 1000, errors: 39 }]],
  'failures among few': [[{ count: 99, errors: 30 }]],
  'an hour that was bad, where nothing failed in its last ten minutes': [
    [{ count: 20 }],
    [{ count: 400, errors: 100 }],
  ],
  'a channel that was not used lately': [[], [{ count: 400, errors: 100 }]],
  'another metric that fails': [[{ name: 'carrier.send', count: 1000, errors: 900 }]],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, rows) => {
  expect(judged(...rows)).toEqual([])
})

test('is skipped where nobody reports', () => {
  expect(judge(deliveryRate, { metrics: NOBODY, hour: NOBODY, calls: NOBODY })).toHaveProperty('skip')
})

test('finds a channel by which one in twenty does not arrive (N3), with the service that fails too', () => {
  const calls = [
    { count: 100, errors: 30 },
    { application: 'other', count: 100, errors: 100 },
  ]
  expect(
    judged(
      [
        { count: 150, errors: 10, route: 'POST /parcels', caller: 'src/parcels.ts:12' },
        { count: 50 },
        { labels: 'channel=email', count: 500, errors: 1 },
        { application: 'other', count: 500 },
      ],
      undefined,
      calls,
    ),
  ).toMatchObject([
    {
      subject: { kind: 'metric', application: 'shop', name: 'message.delivery channel=sms' },
      severity: 'warning',
      summary: 'Too few sms deliveries of shop arrive',
      evidence: expect.arrayContaining([
        { label: 'delivered', value: 0.95, unit: 'ratio' },
        { label: 'target', value: 0.98, unit: 'ratio' },
        { label: 'failed', value: 10, unit: 'count' },
        { label: 'deliveries', value: 200, unit: 'count' },
        { label: 'counted over', value: 'ten minutes', unit: 'text' },
        { label: 'route', value: 'POST /parcels', unit: 'text' },
        { label: 'a service that fails too', value: 'carrier.example:443', unit: 'text' },
        { label: "the service's failures", value: 0.3, unit: 'ratio' },
      ]),
    },
  ])
})

test('where few are sent an hour is counted', () => {
  expect(judged([{ count: 20, errors: 10 }], [{ count: 110, errors: 60 }])).toMatchObject([
    {
      severity: 'critical',
      evidence: expect.arrayContaining([{ label: 'counted over', value: 'an hour', unit: 'text' }]),
    },
  ])
})

test('counts of delivered and undelivered messages are enough, and are not counted twice', () => {
  const delivered = { name: 'message.delivered', labels: 'channel=push to=a b', count: 80, p95Ms: null }
  const undelivered = { ...delivered, name: 'message.undelivered', count: 40 }
  const push = { name: 'message.delivery channel=push' }
  expect(judged([delivered, undelivered])).toMatchObject([{ subject: push, severity: 'warning' }])
  const both = { labels: 'channel=push', count: 120, errors: 40 }
  expect(judged([delivered, undelivered, both])).toMatchObject([
    { subject: push, evidence: expect.arrayContaining([{ label: 'deliveries', value: 120, unit: 'count' }]) },
  ])
})

describeRule(deliveryRate, {
  facts: (rate) => given([{ count: 1000, errors: Math.round(1000 * (1 - rate)) }]),
  fires: 0.945,
  worsens: 0.45,
  between: 0.955,
  calm: 0.99,
})
