// Which applications report, and since when they are silent.

import { defineStoredFact } from '../model/fact.ts'
import { type ApplicationReading, readApplications } from './application-reading.ts'

export const applications = defineStoredFact<ApplicationReading<never>>({
  id: 'applications',
  title: 'Applications that reported within the last hour',
  read: async (memory, targetId, now) => ({ ...(await readApplications(memory, targetId, now)), rows: [] }),
})
