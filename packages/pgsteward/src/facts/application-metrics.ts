// Named durations and counts of applications, over ten minutes.

import { defineStoredFact } from '../model/fact.ts'
import { readOperations } from './application-reading.ts'

/** All that the store keeps of an application: counts take no time, and the order is by time. */
const ALL = 5_000

export const applicationMetrics = defineStoredFact({
  id: 'application-metrics',
  title: 'Named durations and counts of applications, over ten minutes',
  read: (memory, targetId, now) => readOperations('metric', memory, targetId, now, { limit: ALL }),
})
