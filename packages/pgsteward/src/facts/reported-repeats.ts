// Query ids of statements that an application itself reports as repeated (N+1): what it says is certain, so others need not guess.

import { defineStoredFact } from '../model/fact.ts'
import { applicationRepeats } from './application-repeats.ts'

export const reportedRepeats = defineStoredFact<ReadonlySet<string>>({
  id: 'reported-repeats',
  title: 'Statements that applications report as repeated within a request',
  read: async (memory, targetId, now) => {
    const { rows } = await applicationRepeats.read(memory, targetId, now)
    return new Set(rows.flatMap(({ queryIds }) => queryIds))
  },
  withoutStore: new Set(),
})
