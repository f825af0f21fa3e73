// Values of stored facts that change slowly, kept from round to round of one target.

import type { StoredFact } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'

/** Rounds come a little early or late; a reading of the round before is always too old. */
const OF_ROUND = 0.75

export class StoredReadings {
  readonly #roundMs: Milliseconds
  readonly #kept = new Map<StoredFact<unknown>, { readonly at: Date; readonly value: Promise<unknown> }>()

  /** `roundMs`: between whole rounds of the target. */
  constructor(roundMs: Milliseconds) {
    this.#roundMs = roundMs
  }

  /** Reads it anew once it is older than the fact allows; a reading that failed is not kept. */
  valueOf(fact: StoredFact<unknown>, now: Date, read: () => Promise<unknown>): Promise<unknown> {
    if (fact.keptFor === undefined) return read()
    const mostMs = fact.keptFor === 'round' ? this.#roundMs * OF_ROUND : fact.keptFor
    const kept = this.#kept.get(fact)
    // a clock set back: anew
    const ageMs = kept === undefined ? Number.NaN : now.getTime() - kept.at.getTime()
    if (kept !== undefined && ageMs >= 0 && ageMs < mostMs) return kept.value
    const value = read()
    this.#kept.set(fact, { at: now, value })
    value.catch(() => {
      if (this.#kept.get(fact)?.value === value) this.#kept.delete(fact)
    })
    return value
  }
}
