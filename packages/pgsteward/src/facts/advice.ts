// The latest advice for the target: the server seeks it once a day, on a planner twin, and keeps it in the store.

import type { AdviceRun } from '../model/advice-run.ts'
import { defineStoredFact } from '../model/fact.ts'

export interface AdviceReading {
  /** The latest that was done, however the ones after it ended; null: none yet. */
  readonly done: AdviceRun | null
  readonly latest: AdviceRun | null
}

export const advice = defineStoredFact<AdviceReading>({
  id: 'advice',
  title: 'The latest advice on indexes',
  read: (memory, targetId) => memory.advice(targetId),
})
