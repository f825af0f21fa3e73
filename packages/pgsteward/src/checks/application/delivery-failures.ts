// Deliveries that fail, by their number: what a rate hides where most messages arrive.

import { applicationCalls } from '../../facts/application-calls.ts'
import { applicationMetrics } from '../../facts/application-metrics.ts'
import { applicationMetricsHour } from '../../facts/application-metrics-hour.ts'
import { threshold } from '../threshold.ts'
import { anHour } from './an-hour.ts'
import { DELIVERY, type Deliveries, deliveriesByChannel, failureEvidence } from './deliveries.ts'
import { count, ratio, skipWithoutReports, text } from './place.ts'

export const deliveryFailures = threshold({
  id: 'delivery-failures',
  area: 'availability',
  title: 'Deliveries that fail',
  needs: { metrics: applicationMetrics, hour: applicationMetricsHour, calls: applicationCalls },
  label: 'failed an hour',
  unit: 'count',
  is: 'above',
  warning: {
    at: 10,
    because: 'An hour: half of what is critical, while it can still be looked into in peace.',
  },
  critical: {
    at: 20,
    because:
      'An hour, all channels of an application together (N3). Who sends a million a day sets it higher.',
  },
  clear: { at: 5, because: 'Half of the limit: failures come in clusters.' },
  // nothing is held back: twenty failures are no chance, and have to be told within a minute
  clearMs: 10 * 60_000,
  rows: ({ metrics, hour, calls }) => {
    const skipped = skipWithoutReports(metrics)
    if (skipped !== null) return skipped
    const latest = Map.groupBy(deliveriesByChannel(metrics.rows), ({ application }) => application)
    const ofHour = Map.groupBy(deliveriesByChannel(hour.rows), ({ application }) => application)
    return [...ofHour].map(([application, channels]) => {
      const now = latest.get(application) ?? []
      const failed = sum(channels, 'failed')
      const all = sum(channels, 'all')
      const worst = channels.toSorted((a, b) => b.failed - a.failed)[0]!
      return {
        subject: { kind: 'metric', application, name: DELIVERY } as const,
        value: anHour(failed, sum(now, 'failed')),
        summary: `Deliveries of ${application} fail`,
        evidence: [
          ...count('failed in the last ten minutes', sum(now, 'failed')),
          ...count('failed in the last hour', failed),
          ...ratio('of all in the last hour', all > 0 ? failed / all : null),
          ...text('channel', worst.channel),
          ...(channels.length > 1 ? count('of them by this channel', worst.failed) : []),
          ...failureEvidence({ application, rows: channels.flatMap(({ rows }) => rows) }, calls.rows),
        ],
      }
    })
  },
})

function sum(channels: readonly Deliveries[], column: 'all' | 'failed'): number {
  return channels.reduce((total, each) => total + each[column], 0)
}
