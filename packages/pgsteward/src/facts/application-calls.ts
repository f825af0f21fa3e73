// Requests that applications sent to other services, by route, over ten minutes.

import { defineStoredFact } from '../model/fact.ts'
import { readOperations } from './application-reading.ts'

export const applicationCalls = defineStoredFact({
  id: 'application-calls',
  title: 'Requests that applications sent to other services, by route, over ten minutes',
  read: (memory, targetId, now) => readOperations('call', memory, targetId, now),
})
