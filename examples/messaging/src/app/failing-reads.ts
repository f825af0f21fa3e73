// The fault `error-spike`: two in three reads fail, as under a release that does not know what is stored.

import type { Faults } from './faults.ts'
import type { Reads } from './reads.ts'

const ONE_IN = 3

export function failingReads(reads: Reads, faults: Pick<Faults, 'has'>): Reads {
  let asked = 0
  return {
    ...reads,
    answer: async (...of) => {
      asked += 1
      if (faults.has('error-spike') && asked % ONE_IN !== 0)
        throw new Error('a row is in a state that this version does not know')
      await reads.answer(...of)
    },
  }
}
