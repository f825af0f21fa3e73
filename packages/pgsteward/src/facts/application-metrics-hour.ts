// Named durations and counts of applications, over an hour: for what is counted by the hour, such as deliveries that failed.

import { defineStoredFact } from '../model/fact.ts'
import { readOperations } from './application-reading.ts'

const HOUR_MS = 3_600_000
/** All that the store keeps of an application: counts take no time, and the order is by time. */
const ALL = 5_000

export const applicationMetricsHour = defineStoredFact({
  id: 'application-metrics-hour',
  title: 'Named durations and counts of applications, over an hour',
  read: (memory, targetId, now) =>
    readOperations('metric', memory, targetId, now, { judgedMs: HOUR_MS, limit: ALL }),
})
