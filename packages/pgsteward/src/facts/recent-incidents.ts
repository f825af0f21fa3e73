// Incidents of blocking over the last hour, those that are over too.

import type { BlockingIncident } from '../model/activity.ts'
import { defineStoredFact } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'

/** Whoever is called looks within the hour. */
export const INCIDENTS_MS: Milliseconds = 60 * 60_000

export const recentIncidents = defineStoredFact<readonly BlockingIncident[]>({
  id: 'recent-incidents',
  title: 'Transactions that others waited behind for a second or longer, over an hour',
  read: (memory, targetId, now) =>
    memory.blockingIncidents(targetId, { from: new Date(now.getTime() - INCIDENTS_MS), to: now }),
})
