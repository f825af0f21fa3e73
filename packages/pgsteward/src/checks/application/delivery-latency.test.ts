import { expect, test } from 'vitest'
import { metricRow, NOBODY, readingOf } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import { deliveryLatency } from './delivery-latency.ts'

type Row = Parameters<typeof metricRow>[0]
const given = (...rows: readonly Row[]) => ({
  metrics: readingOf(
    rows.map((row) => metricRow({ name: 'message.delivery', labels: 'channel=sms', ...row })),
  ),
})

const quiet: Record<string, readonly Row[]> = {
  'messages that arrive in time': [{ p95Ms: 13_000 }],
  'a few that were late': [{ p95Ms: 40_000, count: 19 }],
  'one slow route among many messages': [
    { p95Ms: 40_000, count: 30, route: 'POST /late' },
    { p95Ms: 2_000, count: 3_000 },
  ],
  'counts, which tell no durations': [{ name: 'message.delivered', p95Ms: null }],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, rows) => {
  expect(judge(deliveryLatency, given(...rows))).toEqual([])
})

test('is skipped where nobody reports', () => {
  expect(judge(deliveryLatency, { metrics: NOBODY })).toHaveProperty('skip')
})

test('finds a channel by which messages take over 15 s (N3), with target and route', () => {
  const slow = { p95Ms: 20_000, route: 'POST /parcels', caller: 'src/parcels.ts:12' }
  expect(
    judge(deliveryLatency, given(slow, { p95Ms: 100, count: 10 }, { labels: 'channel=email', p95Ms: 100 })),
  ).toMatchObject([
    {
      subject: { kind: 'metric', application: 'shop', name: 'message.delivery channel=sms' },
      severity: 'warning',
      summary: 'Sms deliveries of shop take long',
      evidence: expect.arrayContaining([
        { label: 'reported from', value: 15_000, unit: 'ms' },
        { label: 'target', value: 5_000, unit: 'ms' },
        { label: 'channel', value: 'sms', unit: 'text' },
        { label: 'deliveries', value: 110, unit: 'count' },
        { label: 'slowest in', value: 'POST /parcels', unit: 'text' },
        { label: 'measured at', value: 'src/parcels.ts:12', unit: 'text' },
      ]),
    },
  ])
})

// a bucket of durations is 9 % wide
describeRule(deliveryLatency, {
  facts: (p95Ms) => given({ p95Ms, maxMs: p95Ms }),
  fires: 18_000,
  worsens: 70_000,
  between: 14_200,
  calm: 5_000,
})
