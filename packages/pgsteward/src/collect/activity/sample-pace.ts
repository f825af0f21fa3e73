// How long to wait for the next sample: as configured, or longer where an answer costs the target more than its share.

import type { Milliseconds } from '../../model/units.ts'

/** Of the target's time, at most. */
const COST_SHARE = 0.01
const AT_MOST_MS = 60_000
/** Weight of the latest answer: one slow answer is a hiccup, ten are a loaded server. */
const LATEST = 0.2

export class SamplePace {
  readonly #everyMs: Milliseconds
  #answerMs: Milliseconds | null = null

  constructor(everyMs: Milliseconds) {
    this.#everyMs = everyMs
  }

  /** Of the server's own work, without the way there and back. */
  note(answerMs: Milliseconds): void {
    this.#answerMs = this.#answerMs === null ? answerMs : this.#answerMs * (1 - LATEST) + answerMs * LATEST
  }

  get answerMs(): Milliseconds | null {
    return this.#answerMs
  }

  get everyMs(): Milliseconds {
    const affordableMs = (this.#answerMs ?? 0) / COST_SHARE
    return Math.min(AT_MOST_MS, Math.max(this.#everyMs, affordableMs))
  }

  /** Null while it goes as configured. */
  get because(): string | null {
    if (this.everyMs <= this.#everyMs) return null
    return `an answer takes the server ${Math.round(this.#answerMs ?? 0)} ms, so it is asked every ${(this.everyMs / 1000).toFixed(1)} s and not every ${(this.#everyMs / 1000).toFixed(1)} s`
  }
}
