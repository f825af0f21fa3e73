// HTTP requests that applications served, by route, over ten minutes.

import { defineStoredFact } from '../model/fact.ts'
import { readOperations } from './application-reading.ts'

export const applicationRequests = defineStoredFact({
  id: 'application-requests',
  title: 'HTTP requests that applications served, by route, over ten minutes',
  read: (memory, targetId, now) => readOperations('request', memory, targetId, now),
})
