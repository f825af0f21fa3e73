// Lets a serverless target sleep: while nobody else uses it, it is read rarely, and no session stays open between.

import type { ActivityRow } from '../facts/activity.ts'
import type { Interval, Reading } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'

export interface RestOptions {
  /** Quiet for this long, then resting. Neon suspends after 5 minutes without a query, ours included. */
  readonly idleAfterMs: Milliseconds
  /** While resting one round each this long: each wakes the target. */
  readonly everyMs: Milliseconds
}

/** Five quiet minutes, then one look an hour: asleep for at least nine tenths of the time that nobody uses it. */
export const LET_SLEEP: RestOptions = { idleAfterMs: 5 * 60_000, everyMs: 60 * 60_000 }

export class Rest {
  readonly #options: RestOptions | undefined
  #busyAt: number | null = null
  #until: Date | null = null

  constructor(options: RestOptions | undefined) {
    this.#options = options
  }

  /** The next round is not due before; null: not resting. */
  until(now: Date): Date | null {
    return this.#until !== null && this.#until > now ? this.#until : null
  }

  /** Told after each round what it saw. */
  note(now: Date, readings: ReadonlyMap<string, Reading>): void {
    if (this.#options === undefined) return
    const wasResting = this.#until !== null
    const isBusy = hasClients(readings.get('activity')) || hasMoved(readings.get('statements'))
    if (isBusy || (this.#busyAt === null && !wasResting)) this.#busyAt = now.getTime()
    const isQuiet = !isBusy && now.getTime() - (this.#busyAt ?? 0) >= this.#options.idleAfterMs
    this.#until = isQuiet ? new Date(now.getTime() + this.#options.everyMs) : null
  }
}

/** A client that does something, or did within the last minute. Idle connections of a pool don't keep a target awake. */
function hasClients(reading: Reading | undefined): boolean {
  if (reading?.status !== 'rows') return false
  return (reading.rows as readonly ActivityRow[]).some(
    (row) =>
      row.backendType === 'client backend' &&
      (row.state !== 'idle' || (row.stateAgeMs !== null && row.stateAgeMs < 60_000)),
  )
}

/** Statements of others that ran between the last two rounds, by clients that have gone since. */
function hasMoved(reading: Reading | undefined): boolean {
  return reading?.status === 'interval' && (reading.latest as Interval<unknown>).rows.length > 0
}
