// A log in short: what happened how often, what was slow, what deadlocked, what could not be read. Memory is bounded.

import type { LogClass, LogEvent, LogSeverity } from '../model/log-event.ts'
import type { Milliseconds } from '../model/units.ts'
import { fingerprintOf } from '../sql/fingerprint.ts'
import { LOG_CLASSES } from './classes/all.ts'
import { ownCopy } from './remembered.ts'

export interface ClassSummary {
  readonly class: string
  /** How bad the catalogue takes it to be, whatever severity PostgreSQL logs it with: a crash is only LOG. */
  readonly grade: LogClass['severity']
  readonly severity: LogSeverity
  readonly count: number
  readonly firstAt: Date | null
  readonly lastAt: Date | null
  /** The first one's. */
  readonly line: number
  readonly message: string
}

export interface StatementDurations {
  readonly fingerprint: string
  readonly query: string
  readonly calls: number
  readonly totalMs: Milliseconds
  readonly meanMs: Milliseconds
  readonly maxMs: Milliseconds
  /** Of the slowest. */
  readonly line: number
  readonly database: string | null
}

export interface Incident {
  readonly line: number
  readonly at: Date | null
  readonly message: string
  readonly detail: string | null
  readonly query: string | null
}

export interface LogSummary {
  readonly events: number
  readonly unknown: number
  readonly fromAt: Date | null
  readonly toAt: Date | null
  readonly severities: Readonly<Partial<Record<LogSeverity, number>>>
  /** The worst grade first, then the worst severity, then the most frequent. */
  readonly classes: readonly ClassSummary[]
  /** Those that took most time together; at most 10. */
  readonly slowest: readonly StatementDurations[]
  readonly plans: number
  /** The first 5. */
  readonly deadlocks: readonly Incident[]
  /** Messages that no class takes, by what they look like; the first 10. */
  readonly unknownMessages: readonly {
    readonly message: string
    readonly count: number
    readonly line: number
  }[]
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

interface Durations {
  query: string
  calls: number
  totalMs: number
  maxMs: number
  line: number
  database: string | null
}

const GRADES = new Map(LOG_CLASSES.map(({ id, severity }) => [id, severity]))
const GRADE_ORDER: readonly LogClass['severity'][] = ['critical', 'warning', 'info']
const MAX_STATEMENTS = 5000
const MAX_UNKNOWN = 500
const RANK: readonly LogSeverity[] = ['PANIC', 'FATAL', 'ERROR', 'WARNING', 'LOG', 'NOTICE', 'INFO', 'DEBUG']

export class LogSummarizer {
  #events = 0
  #unknown = 0
  #plans = 0
  #fromMs = Number.POSITIVE_INFINITY
  #toMs = Number.NEGATIVE_INFINITY
  readonly #severities: Partial<Record<LogSeverity, number>> = {}
  readonly #classes = new Map<string, Map<LogSeverity, Mutable<ClassSummary>>>()
  #statements = new Map<string, Durations>()
  readonly #deadlocks: Incident[] = []
  readonly #unknownMessages = new Map<string, { message: string; count: number; line: number }>()

  add(event: LogEvent): void {
    const { severity, at } = event
    this.#events++
    this.#severities[severity] = (this.#severities[severity] ?? 0) + 1
    if (at !== null) {
      const ms = at.getTime()
      if (ms < this.#fromMs) this.#fromMs = ms
      if (ms > this.#toMs) this.#toMs = ms
    }
    this.#addClass(event)
    if (event.plan !== null) this.#plans++
    if (event.durationMs !== null && event.query !== null)
      this.#addStatement(event, event.durationMs, event.query)
    if (event.class === 'unknown') this.#addUnknown(event)
    else if (event.class === 'deadlock' && this.#deadlocks.length < 5)
      this.#deadlocks.push({
        line: event.line,
        at,
        message: ownCopy(event.message),
        detail: event.detail === null ? null : ownCopy(event.detail),
        query: event.query === null ? null : ownCopy(event.query),
      })
  }

  summary(): LogSummary {
    const classes = [...this.#classes.values()].flatMap((bySeverity) => [...bySeverity.values()])
    return {
      events: this.#events,
      unknown: this.#unknown,
      fromAt: Number.isFinite(this.#fromMs) ? new Date(this.#fromMs) : null,
      toAt: Number.isFinite(this.#toMs) ? new Date(this.#toMs) : null,
      severities: this.#severities,
      classes: classes.sort(
        (a, b) =>
          GRADE_ORDER.indexOf(a.grade) - GRADE_ORDER.indexOf(b.grade) ||
          RANK.indexOf(a.severity) - RANK.indexOf(b.severity) ||
          b.count - a.count ||
          (a.class < b.class ? -1 : 1),
      ),
      slowest: this.#slowest(),
      plans: this.#plans,
      deadlocks: this.#deadlocks,
      unknownMessages: [...this.#unknownMessages.values()]
        .sort((a, b) => b.count - a.count || a.line - b.line)
        .slice(0, 10),
    }
  }

  #addClass({ class: id, severity, at, line, message }: LogEvent): void {
    let bySeverity = this.#classes.get(id)
    if (bySeverity === undefined) {
      bySeverity = new Map()
      this.#classes.set(id, bySeverity)
    }
    const known = bySeverity.get(severity)
    if (known === undefined) {
      const text = ownCopy(message.slice(0, 300))
      bySeverity.set(severity, {
        class: id,
        grade: GRADES.get(id) ?? 'info',
        severity,
        count: 1,
        firstAt: at,
        lastAt: at,
        line,
        message: text,
      })
      return
    }
    known.count++
    if (at === null) return
    known.firstAt ??= at
    if (known.lastAt === null || known.lastAt < at) known.lastAt = at
  }

  #addStatement(event: LogEvent, durationMs: Milliseconds, query: string): void {
    const known = this.#statements.get(query)
    if (known !== undefined) {
      known.calls++
      known.totalMs += durationMs
      if (durationMs > known.maxMs) {
        known.maxMs = durationMs
        known.line = event.line
      }
      return
    }
    if (this.#statements.size >= MAX_STATEMENTS) this.#forgetLightest()
    const text = ownCopy(query)
    const { line, database } = event
    this.#statements.set(text, {
      query: text,
      calls: 1,
      totalMs: durationMs,
      maxMs: durationMs,
      line,
      database,
    })
  }

  /** The lighter half goes; what is slow stays. */
  #forgetLightest(): void {
    const heaviest = [...this.#statements].sort(([, a], [, b]) => b.totalMs - a.totalMs)
    this.#statements = new Map(heaviest.slice(0, MAX_STATEMENTS / 2))
  }

  #addUnknown({ message, line }: LogEvent): void {
    this.#unknown++
    const shape = message.slice(0, 200).replace(/\d+/g, '0')
    const known = this.#unknownMessages.get(shape)
    if (known !== undefined) known.count++
    else if (this.#unknownMessages.size < MAX_UNKNOWN)
      this.#unknownMessages.set(ownCopy(shape), { message: ownCopy(message.slice(0, 200)), count: 1, line })
  }

  /** Texts that differ in lists' lengths and spaces only are one statement. */
  #slowest(): readonly StatementDurations[] {
    const byFingerprint = new Map<string, Durations>()
    for (const statement of this.#statements.values()) {
      const fingerprint = fingerprintOf(statement.query)
      const known = byFingerprint.get(fingerprint)
      if (known === undefined) byFingerprint.set(fingerprint, { ...statement })
      else {
        known.calls += statement.calls
        known.totalMs += statement.totalMs
        if (statement.maxMs > known.maxMs)
          Object.assign(known, { maxMs: statement.maxMs, line: statement.line })
      }
    }
    return [...byFingerprint]
      .sort(([, a], [, b]) => b.totalMs - a.totalMs)
      .slice(0, 10)
      .map(([fingerprint, { query, calls, totalMs, maxMs, line, database }]) => ({
        fingerprint,
        query,
        calls,
        totalMs,
        meanMs: totalMs / calls,
        maxMs,
        line,
        database,
      }))
  }
}
