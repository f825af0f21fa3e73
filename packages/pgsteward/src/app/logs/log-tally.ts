// What is read between two savings: events to keep, counts by class and minute, slow statements.

import { RecentMap } from '../../collect/ingest/recent-map.ts'
import type { SlowQuery } from '../../model/application.ts'
import type { LogClass, LogEvent, LogMinute } from '../../model/log-event.ts'
import type { Milliseconds } from '../../model/units.ts'
import { fingerprintOf } from '../../sql/fingerprint.ts'
import type { KeptLogEvent } from '../../store/logs/log-store.ts'
import { type Admission, admission } from './admission.ts'
import { slowQueryOf } from './slow-query-of.ts'

const MINUTE_MS = 60_000

/** Clocks differ; beyond that a server's clock is wrong, and its events count as of now. */
const FUTURE_MS: Milliseconds = 10 * MINUTE_MS

export interface TallyOptions {
  readonly severityOf: (classId: string) => LogClass['severity']
  /** Events older than this are counted as lines only. */
  readonly keepMs: Milliseconds
  /** Statements that took at least so long are slow. */
  readonly slowFromMs: Milliseconds
}

export interface Tally {
  readonly events: readonly KeptLogEvent[]
  readonly counts: readonly LogMinute[]
  readonly slowQueries: readonly SlowQuery[]
  /** More than fit into one saving. */
  readonly slowQueriesRefused: number
  /** Every plan, whether or not its event is kept. */
  readonly plans: readonly KeptLogEvent[]
}

/** Plans are large; the store keeps one a shape. */
const MOST_PLANS = 200

/** The store lets a thousand a minute of a target in. */
const MOST_SLOW = 2_000

/** Texts that were fingerprinted lately: an application sends the same ones again and again. */
const MOST_FINGERPRINTS = 2_000

export class LogTally {
  readonly #options: TallyOptions
  readonly #admission: Admission = admission()
  #events: KeptLogEvent[] = []
  #counts = new Map<string, LogMinute>()
  #slowQueries: SlowQuery[] = []
  #slowRefused = 0
  #plans: KeptLogEvent[] = []
  readonly #fingerprints = new RecentMap<string>(MOST_FINGERPRINTS)
  #lastAt = new Map<string, Date>()

  constructor(options: TallyOptions) {
    this.#options = options
  }

  /** `source` had it; `now` stands for its time where it has none. False: it is too old. */
  add(event: LogEvent, source: string, now: Date): boolean {
    const at = this.#momentOf(event.at, now)
    if (now.getTime() - at.getTime() > this.#options.keepMs) return false
    const last = this.#lastAt.get(source)
    if (last === undefined || last < at) this.#lastAt.set(source, at)
    this.#count(event, at)
    const { durationMs } = event
    const isSlow = durationMs !== null && durationMs >= this.#options.slowFromMs
    // with log_min_duration_statement = 0 each statement is an event: those that are fast say nothing one by one
    if (durationMs !== null && !isSlow && event.plan === null) return true
    const kept = this.#keptOf(event, at)
    const slow = slowQueryOf(kept, event.sender, this.#options.slowFromMs)
    if (slow !== null && this.#slowQueries.length < MOST_SLOW) this.#slowQueries.push(slow)
    else if (slow !== null) this.#slowRefused++
    if (kept.plan !== null && this.#plans.length < MOST_PLANS) this.#plans.push(kept)
    if (this.#admission.admit(event.class, this.#options.severityOf(event.class), at)) this.#events.push(kept)
    return true
  }

  get size(): number {
    return this.#events.length + this.#slowQueries.length + this.#plans.length
  }

  lastAt(source: string): Date | null {
    return this.#lastAt.get(source) ?? null
  }

  /** What was added, which begins anew. */
  take(): Tally {
    const taken: Tally = {
      events: this.#events,
      counts: [...this.#counts.values()],
      slowQueries: this.#slowQueries,
      slowQueriesRefused: this.#slowRefused,
      plans: this.#plans,
    }
    this.#slowRefused = 0
    this.#events = []
    this.#counts = new Map()
    this.#slowQueries = []
    this.#plans = []
    return taken
  }

  #momentOf(said: Date | null, now: Date): Date {
    return said === null || said.getTime() - now.getTime() > FUTURE_MS ? now : said
  }

  #count({ class: classId, severity, database }: LogEvent, at: Date): void {
    const minute = Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS
    const key = `${minute} ${classId} ${severity} ${database ?? ''}`
    const known = this.#counts.get(key)
    this.#counts.set(key, {
      at: new Date(minute),
      class: classId,
      severity,
      database,
      count: (known?.count ?? 0) + 1,
      firstAt: known === undefined || at < known.firstAt ? at : known.firstAt,
      lastAt: known === undefined || at > known.lastAt ? at : known.lastAt,
    })
  }

  #keptOf(
    { line: _line, statement: _statement, sender: _sender, ...event }: LogEvent,
    at: Date,
  ): KeptLogEvent {
    return { ...event, at, fingerprint: event.query === null ? null : this.#fingerprintOf(event.query) }
  }

  #fingerprintOf(query: string): string {
    const known = this.#fingerprints.get(query)
    if (known !== undefined) return known
    const fingerprint = fingerprintOf(query)
    this.#fingerprints.set(query, fingerprint)
    return fingerprint
  }
}
