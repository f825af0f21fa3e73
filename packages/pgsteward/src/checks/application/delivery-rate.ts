// A channel by which too few messages arrive.

import { applicationCalls } from '../../facts/application-calls.ts'
import { applicationMetrics } from '../../facts/application-metrics.ts'
import { applicationMetricsHour } from '../../facts/application-metrics-hour.ts'
import { threshold } from '../threshold.ts'
import {
  type Deliveries,
  deliveriesByChannel,
  deliveryName,
  deliveryWords,
  failureEvidence,
} from './deliveries.ts'
import { count, keyOf, ratio, skipWithoutReports, text } from './place.ts'

const TARGET = 0.98
/** Five of these are a twentieth: fewer failures are chance. */
const ENOUGH = 100

export const deliveryRate = threshold({
  id: 'delivery-rate',
  area: 'availability',
  title: 'Messages that do not arrive',
  needs: { metrics: applicationMetrics, hour: applicationMetricsHour, calls: applicationCalls },
  label: 'delivered',
  unit: 'ratio',
  is: 'below',
  warning: { at: 0.95, because: 'One message in twenty is what people notice; the target is 98 % (N3).' },
  critical: { at: 0.5, because: 'Half of the messages: the channel is as good as down.' },
  clear: { at: 0.96, because: 'A hundredth above the limit.' },
  leastVolume: {
    at: ENOUGH,
    because: 'Deliveries within ten minutes, else within an hour: a twentieth of fewer is less than five.',
  },
  holdMs: 60_000,
  clearMs: 5 * 60_000,
  rows: ({ metrics, hour, calls }) => {
    const skipped = skipWithoutReports(metrics)
    if (skipped !== null) return skipped
    const latest = new Map(deliveriesByChannel(metrics.rows).map((each) => [keyOfChannel(each), each]))
    return deliveriesByChannel(hour.rows).flatMap((ofHour) => {
      const ofTenMinutes = latest.get(keyOfChannel(ofHour))
      const judged = ofTenMinutes !== undefined && ofTenMinutes.all >= ENOUGH ? ofTenMinutes : ofHour
      // where nothing failed lately it is over, and need not wait for the hour to pass
      if (ofTenMinutes === undefined || ofTenMinutes.failed === 0) return []
      const { application, channel, all, failed } = judged
      return {
        subject: { kind: 'metric', application, name: deliveryName(channel) } as const,
        value: (all - failed) / all,
        volume: all,
        summary: `Too few ${deliveryWords(judged)} of ${application} arrive`,
        evidence: [
          ...ratio('target', TARGET),
          ...text('channel', channel),
          ...count('failed', failed),
          ...count('deliveries', all),
          ...text('counted over', judged === ofHour ? 'an hour' : 'ten minutes'),
          ...failureEvidence(judged, calls.rows),
        ],
      }
    })
  },
})

function keyOfChannel({ application, channel }: Deliveries): string {
  return keyOf(application, channel)
}
