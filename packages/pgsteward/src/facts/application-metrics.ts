// Named durations and counts of applications, over ten minutes.

import { defineStoredFact } from '../model/fact.ts'
import { readOperations } from './application-reading.ts'

export const applicationMetrics = defineStoredFact({
  id: 'application-metrics',
  title: 'Named durations and counts of applications, over ten minutes',
  read: (memory, targetId, now) => readOperations('metric', memory, targetId, now),
})
