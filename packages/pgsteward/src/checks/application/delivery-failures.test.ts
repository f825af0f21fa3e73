import { expect, test } from 'vitest'
import { callRow, metricRow, NOBODY, readingOf } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import { deliveryFailures } from './delivery-failures.ts'

type Row = Parameters<typeof metricRow>[0]
const sms = (over: Row = {}) =>
  metricRow({ name: 'message.delivery', labels: 'channel=sms', count: 100_000, ...over })
const given = (tenMinutes: readonly Row[], hour: readonly Row[] = tenMinutes) => ({
  metrics: readingOf(tenMinutes.map(sms)),
  hour: readingOf(hour.map(sms)),
  calls: readingOf([callRow()]),
})
const judged = (...rows: Parameters<typeof given>) => judge(deliveryFailures, given(...rows))

const quiet: Record<string, Parameters<typeof given>> = {
  'four failures, which are not projected to an hour': [[{ errors: 4 }]],
  'an hour of failures that is over': [[{ errors: 0 }], [{ errors: 90 }]],
  'failures of something else': [[{ name: 'carrier.send', errors: 90 }]],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, rows) => {
  expect(judged(...rows)).toEqual([])
})

test('is skipped where nobody reports', () => {
  expect(judge(deliveryFailures, { metrics: NOBODY, hour: NOBODY, calls: NOBODY })).toHaveProperty('skip')
})

test('twenty failures within minutes are critical at once (N3), all channels together, with the worst', () => {
  expect(judged([{ errors: 12 }, { errors: 8, labels: 'channel=email' }])).toMatchObject([
    {
      subject: { kind: 'metric', application: 'shop', name: 'message.delivery' },
      severity: 'critical',
      evidence: expect.arrayContaining([
        { label: 'failed an hour', value: 20, unit: 'count' },
        { label: 'reported from', value: 20, unit: 'count' },
        { label: 'of all in the last hour', value: 0.0001, unit: 'ratio' },
        { label: 'channel', value: 'sms', unit: 'text' },
        { label: 'of them by this channel', value: 12, unit: 'count' },
      ]),
    },
  ])
})

test('nothing is held back, so that a fault is told within a minute', () => {
  expect(deliveryFailures.holdMs ?? 0).toBe(0)
})

test('failures that come one by one warn when the hour has ten, and are critical with twenty', () => {
  expect(judged([{ errors: 4 }], [{ errors: 20 }])).toMatchObject([{ severity: 'critical' }])
  expect(judged([{ errors: 4 }], [{ errors: 19 }])).toMatchObject([{ severity: 'warning' }])
  expect(judged([{ errors: 2 }], [{ errors: 9 }])).toMatchObject([{ sustains: true }])
})

describeRule(deliveryFailures, {
  facts: (failed) => given([{ errors: failed }]),
  fires: 11,
  worsens: 21,
  between: 7,
  calm: 4,
})
