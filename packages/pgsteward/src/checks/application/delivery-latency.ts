// A channel by which messages arrive late.

import { applicationMetrics } from '../../facts/application-metrics.ts'
import { threshold } from '../threshold.ts'
import { deliveriesByChannel, deliveryName, deliveryWords } from './deliveries.ts'
import { mergedPercentile } from './merged-percentile.ts'
import { count, milliseconds, skipWithoutReports, text } from './place.ts'

const TARGET_MS = 5_000

export const deliveryLatency = threshold({
  id: 'delivery-latency',
  area: 'availability',
  title: 'Messages that arrive late',
  needs: { metrics: applicationMetrics },
  label: '95th percentile',
  unit: 'ms',
  is: 'above',
  warning: {
    at: 15_000,
    because: 'Three times the target of 5 s (N3): whoever waits for a code or an answer asks again.',
  },
  critical: { at: 60_000, because: 'A minute: codes run out and conversations break off.' },
  leastVolume: {
    at: 20,
    because: 'Within ten minutes: the 95th percentile of fewer is their slowest, a matter of chance.',
  },
  // a carrier that catches up after a pause
  holdMs: 2 * 60_000,
  clearMs: 5 * 60_000,
  rows: ({ metrics }) => {
    const skipped = skipWithoutReports(metrics)
    if (skipped !== null) return skipped
    return deliveriesByChannel(metrics.rows).flatMap((each) => {
      const { application, channel, all, failed, rows } = each
      const value = mergedPercentile(rows, 0.95)
      if (value === null) return []
      const slowest = rows.toSorted((a, b) => (b.p95Ms ?? 0) - (a.p95Ms ?? 0))[0]!
      return {
        subject: { kind: 'metric', application, name: deliveryName(channel) } as const,
        value,
        volume: all,
        summary: `${sentence(deliveryWords(each))} of ${application} take long`,
        evidence: [
          ...milliseconds('target', TARGET_MS),
          ...milliseconds('median', mergedPercentile(rows, 0.5)),
          ...milliseconds('longest', Math.max(...rows.map(({ maxMs }) => maxMs))),
          ...text('channel', channel),
          ...count('deliveries', all),
          ...count('failed', failed),
          ...text('application', application),
          ...text('slowest in', slowest.route),
          ...text('measured at', rows.find(({ caller }) => caller !== null)?.caller ?? null),
        ],
      }
    })
  },
})

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
