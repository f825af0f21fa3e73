// Statements that can be written so that they cost less, each proven on a planner twin with the latest advice.

import type { ProvenRewrite } from '../model/advice.ts'
import { defineStoredFact } from '../model/fact.ts'

export type { ProvenRewrite } from '../model/advice.ts'

/** Empty before the first advice. */
export const rewrites = defineStoredFact<readonly ProvenRewrite[]>({
  id: 'rewrites',
  title: 'Rewrites of statements that the latest advice proved on a planner twin',
  read: async (memory, targetId) => (await memory.advice(targetId)).done?.report?.rewrites ?? [],
  withoutStore: [],
})
