// Queries over the application's threshold, one event each. The slowest are kept where there are too many.

import type { ResolvedOptions } from '../options.ts'
import type { Scrubber } from '../redact/scrub.ts'
import type { SlowQueryEvent } from './drained.ts'
import type { QueryEntry, QueryStatistics } from './query-statistics.ts'
import type { RequestContext } from './request-context.ts'
import { requestName } from './request-name.ts'

const MAX_EVENTS = 200
const SQLSTATE = /^[\dA-Z]{5}$/

interface Pending {
  readonly entry: QueryEntry
  readonly context: RequestContext | null
  readonly at: number
  readonly waitedForPoolMs: number
  readonly sqlState: string | null
  readonly parameters: readonly string[] | null
  /** Drains that passed since: an event waits for its route, but not for ever. */
  age: number
}

export class SlowQueries {
  readonly #options: ResolvedOptions
  readonly #scrubber: Scrubber
  readonly #drop: (kind: string) => void
  #pending: Pending[] = []

  constructor(options: ResolvedOptions, scrubber: Scrubber, drop: (kind: string) => void) {
    this.#options = options
    this.#scrubber = scrubber
    this.#drop = drop
  }

  add(
    entry: QueryEntry,
    context: RequestContext | null,
    waitedForPoolMs: number,
    error: unknown,
    values: readonly unknown[] | null,
  ): void {
    let place = this.#pending.length
    if (place === MAX_EVENTS) {
      this.#drop('slowQueries')
      place = this.#fastest()
      if (this.#pending[place]!.entry.durationMs >= entry.durationMs) return
    }
    this.#pending[place] = {
      entry,
      context,
      at: Date.now(),
      waitedForPoolMs,
      sqlState: sqlStateOf(error),
      parameters:
        this.#options.parameters && values !== null
          ? this.#scrubber.parameters(values, entry.statement.text)
          : null,
      age: 0,
    }
  }

  drain(statistics: QueryStatistics): readonly SlowQueryEvent[] {
    const events: SlowQueryEvent[] = []
    const waiting: Pending[] = []
    for (const pending of this.#pending) {
      const { entry, context } = pending
      if (context !== null && !context.hasEnded && pending.age++ === 0) {
        waiting.push(pending)
        continue
      }
      events.push({
        ...statistics.identityOf(
          entry,
          context === null ? null : requestName(context.method, context.currentRoute()),
        ),
        at: pending.at,
        durationMs: entry.durationMs,
        waitedForPoolMs: pending.waitedForPoolMs,
        severity: entry.durationMs >= this.#options.verySlowQueryMs ? 'critical' : 'warning',
        rows: entry.rows < 0 ? null : entry.rows,
        sqlState: pending.sqlState,
        parameters: pending.parameters,
        traceId: context?.traceId ?? null,
        spanId: context?.spanId ?? null,
      })
    }
    this.#pending = waiting
    return events
  }

  #fastest(): number {
    let fastest = 0
    for (let at = 1; at < this.#pending.length; at++)
      if (this.#pending[at]!.entry.durationMs < this.#pending[fastest]!.entry.durationMs) fastest = at
    return fastest
  }
}

function sqlStateOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  return typeof code === 'string' && SQLSTATE.test(code) ? code : null
}
