// N+1: the same statement many times in one request. Looked for when a request ends, and only in requests with statements enough.

import type { RepeatEvent } from './drained.ts'
import { QueryEntry, type QueryStatistics } from './query-statistics.ts'
import type { RequestContext } from './request-context.ts'
import type { Statement } from './statement-table.ts'

const MAX_EVENTS = 200
/** Of one statement in one route, between two drains: the others say the same. */
const MAX_ALIKE = 20

interface Repeat {
  readonly statement: Statement
  first: QueryEntry
  readonly repetitions: number
  totalMs: number
}

export class RepeatFinder {
  readonly #from: number
  readonly #drop: (kind: string) => void
  #events: RepeatEvent[] = []
  #alike = new Map<string, number>()

  constructor(repeatsFrom: number, drop: (kind: string) => void) {
    this.#from = repeatsFrom
    this.#drop = drop
  }

  look(context: RequestContext, route: string | null, statistics: QueryStatistics): void {
    let most = 0
    for (let entry = context.entries; entry !== null; entry = entry.next)
      if (entry.statement !== null) most = Math.max(most, ++entry.statement.repetitions)
    // Nothing is made for a request without, as nearly all are.
    const repeats = most >= this.#from ? this.#repeatsOf(context) : null
    for (let entry = context.entries; entry !== null; entry = entry.next)
      if (entry.statement !== null) entry.statement.repetitions = 0
    if (repeats === null) return
    for (const repeat of repeats) this.#add(repeat, context, route, statistics)
  }

  drain(): readonly RepeatEvent[] {
    const events = this.#events
    this.#events = []
    this.#alike = new Map()
    return events
  }

  #repeatsOf(context: RequestContext): Iterable<Repeat> {
    const repeats = new Map<Statement, Repeat>()
    for (let entry = context.entries; entry !== null; entry = entry.next) {
      if (!(entry instanceof QueryEntry)) continue
      const { statement } = entry
      const { repetitions } = statement
      if (repetitions < this.#from) continue
      const repeat = repeats.get(statement) ?? { statement, first: entry, repetitions, totalMs: 0 }
      repeats.set(statement, repeat)
      repeat.totalMs += entry.durationMs
      if (repeat.first.site === null && entry.site !== null) repeat.first = entry
    }
    return repeats.values()
  }

  #add(repeat: Repeat, context: RequestContext, route: string | null, statistics: QueryStatistics): void {
    const key = `${repeat.statement.fingerprint} ${route}`
    const alike = this.#alike.get(key) ?? 0
    // The next of its kind tells its place, where this request's were not among the sampled: once between two drains.
    if (repeat.first.site === null && alike === 0)
      repeat.statement.capturesLeft = Math.max(repeat.statement.capturesLeft, this.#from)
    if (alike >= MAX_ALIKE || this.#events.length >= MAX_EVENTS) {
      this.#drop('repeats')
      return
    }
    this.#alike.set(key, alike + 1)
    this.#events.push({
      ...statistics.identityOf(repeat.first, route),
      at: Date.now(),
      repetitions: repeat.repetitions,
      totalMs: repeat.totalMs,
      traceId: context.traceId,
    })
  }
}
