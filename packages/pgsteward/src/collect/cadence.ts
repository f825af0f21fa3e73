// When a fact is read again: at its own cadence, more rarely when reading it is dear.

import type { PgFact } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'

export interface CadenceOptions {
  /** Overrides the cadence of facts that are read every minute or oftener; 0 that of every fact. */
  readonly everyMs: Milliseconds | undefined
  /** Share of wall time that reading one fact may take. */
  readonly costShare: number
}

/** Facts with a longer cadence of their own are slow-moving or dear; asking for ten seconds does not mean them. */
const FAST_MS = 60_000

/** Half a second of grace: a timer that fires a little early must not skip a whole period. */
const GRACE_MS = 500

export class Cadence {
  readonly #options: CadenceOptions
  readonly #last = new Map<string, { readonly at: number; readonly tookMs: Milliseconds }>()

  constructor(options: CadenceOptions) {
    this.#options = options
  }

  isDue(fact: Pick<PgFact, 'id' | 'everyMs'>, now: Date): boolean {
    const last = this.#last.get(fact.id)
    if (last === undefined) return true
    const { everyMs: override, costShare } = this.#options
    // 0 asks for every reading in every round: then cost is the caller's concern
    if (override === 0) return true
    const everyMs = fact.everyMs <= FAST_MS ? (override ?? fact.everyMs) : fact.everyMs
    const affordableMs = last.tookMs / costShare
    const waitedMs = now.getTime() - last.at
    // a clock set back: read at once rather than wait until it is where it was
    return waitedMs < 0 || waitedMs >= Math.max(everyMs, affordableMs) - GRACE_MS
  }

  wasRead(fact: Pick<PgFact, 'id'>, now: Date, tookMs: Milliseconds): void {
    this.#last.set(fact.id, { at: now.getTime(), tookMs })
  }
}
