// HTTP requests that applications served, by route, in this minute and the last: for what has to be told within one.

import { defineStoredFact } from '../model/fact.ts'
import { readOperations } from './application-reading.ts'

/** Sums are kept by the minute, so this makes one and what has passed of the next; an outage of half a minute is a quarter of it at least. */
const LATEST_MS = 60_000

export const applicationRequestsLatest = defineStoredFact({
  id: 'application-requests-latest',
  title: 'HTTP requests that applications served, by route, in this minute and the last',
  read: (memory, targetId, now) => readOperations('request', memory, targetId, now, { judgedMs: LATEST_MS }),
})
