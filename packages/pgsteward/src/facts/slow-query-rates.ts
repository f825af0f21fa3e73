// How many statements were slow within the last minutes, whoever told of them, and which they were.

import type { SlowQueryGroup, SlowQueryRates } from '../model/application.ts'
import { defineStoredFact } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'

export interface SlowQueryRate extends SlowQueryRates {
  readonly windowMs: Milliseconds
  /** The heaviest, by statement and place. */
  readonly groups: readonly SlowQueryGroup[]
}

/** A rate a minute of one minute jumps with each statement; of five it is told within minutes, and one burst is no rate. */
const RATE_MS: Milliseconds = 5 * 60_000

const MOST_GROUPS = 20

export const slowQueryRates = defineStoredFact<SlowQueryRate>({
  id: 'slow-query-rates',
  title: 'Statements that were slow, of all sources, over five minutes',
  async read(memory, targetId, now) {
    const window = { from: new Date(now.getTime() - RATE_MS), to: now }
    const rates = await memory.slowQueryRates(targetId, window)
    const groups =
      rates.slow === 0 ? [] : await memory.slowQueryGroups(targetId, window, { limit: MOST_GROUPS })
    return { ...rates, windowMs: RATE_MS, groups }
  },
})
