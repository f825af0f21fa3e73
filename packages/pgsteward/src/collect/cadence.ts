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

/** One slow answer may be the machine's fault; three in a row are the fact's. */
const TOLD_BY = 3

/** Until there are as many, a slow first answer, from cold caches, holds back the second no longer than this. */
const PERIODS_AT_FIRST = 3

/** Half a second of grace: a timer that fires a little early must not skip a whole period. */
const GRACE_MS = 500

interface LastRead {
  readonly at: number
  readonly took: readonly Milliseconds[]
}

export class Cadence {
  readonly #options: CadenceOptions
  readonly #last = new Map<string, LastRead>()

  constructor(options: CadenceOptions) {
    this.#options = options
  }

  isDue(fact: Pick<PgFact, 'id' | 'everyMs'>, now: Date): boolean {
    const last = this.#last.get(fact.id)
    if (last === undefined) return true
    const { everyMs: override } = this.#options
    // 0 asks for every reading in every round: then cost is the caller's concern
    if (override === 0) return true
    return this.#isOver(last, fact.everyMs <= FAST_MS ? (override ?? fact.everyMs) : fact.everyMs, now)
  }

  /** Out of its turn: all that counts is what reading it costs. */
  isAffordable(fact: Pick<PgFact, 'id'>, now: Date): boolean {
    const last = this.#last.get(fact.id)
    return last === undefined || this.#isOver(last, 0, now)
  }

  #isOver(last: LastRead, everyMs: Milliseconds, now: Date): boolean {
    const { costShare } = this.#options
    const dearMs = Math.min(...last.took) / costShare
    const affordableMs = last.took.length < TOLD_BY ? Math.min(dearMs, PERIODS_AT_FIRST * everyMs) : dearMs
    const waitedMs = now.getTime() - last.at
    // a clock set back: read at once rather than wait until it is where it was
    return waitedMs < 0 || waitedMs >= Math.max(everyMs, affordableMs) - GRACE_MS
  }

  /** `tookMs` of the target's time, not of what we made of the answer. */
  wasRead(fact: Pick<PgFact, 'id'>, now: Date, tookMs: Milliseconds): void {
    const before = this.#last.get(fact.id)?.took ?? []
    this.#last.set(fact.id, { at: now.getTime(), took: [...before, tookMs].slice(-TOLD_BY) })
  }
}
