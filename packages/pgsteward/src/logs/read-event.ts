// From an entry to an event: class and figures, duration, query, parameters and plan, users' values taken out.

import { scrubText } from '@pgsteward/instrument/scrub'
import type { LogEntry, LogEvent } from '../model/log-event.ts'
import type { PlanNode } from '../model/what-if.ts'
import { redactPlan } from '../plans/redact-plan.ts'
import { statementSender } from '../sql/statement-sender.ts'
import { classify } from './classify.ts'
import { ParameterScrubber, readParameters } from './log-parameters.ts'
import { readLoggedPlan } from './logged-plan.ts'
import { redactContext, redactDetail, redactMessage } from './redact-message.ts'
import { redactStatement } from './redact-statement.ts'
import { Remembered } from './remembered.ts'
import { statementIn } from './statement-message.ts'

export interface EventOptions {
  /** Default true. False is for a person's own eyes: nothing of it may be stored or sent. */
  readonly redact?: boolean
}

/** Remembers texts between entries: one for a source. */
export function eventReader(options: EventOptions = {}): (entry: LogEntry) => LogEvent {
  const reader = new EventReader(options.redact ?? true)
  return (entry) => reader.read(entry)
}

class EventReader {
  readonly #redacts: boolean
  readonly #parameters = new ParameterScrubber()
  /** Only texts in which nothing had to be done: those with parameters, which come again and again. */
  readonly #clean = new Remembered<true>(5000)
  readonly #messages = new Remembered<string>(2000)
  readonly #details = new Remembered<string>(1000)
  readonly #contexts = new Remembered<string>(1000)
  readonly #names = new Remembered<string>(1000)

  constructor(redacts: boolean) {
    this.#redacts = redacts
  }

  read(entry: LogEntry): LogEvent {
    const classified = classify(entry)
    const told = statementIn(entry.message)
    let sql = told?.sql ?? entry.statement
    let plan: PlanNode | null = null
    let values = entry.detail === null ? null : readParameters(entry.detail)
    let queryId = entry.queryId
    let head = told?.head
    if (told?.plan !== undefined) {
      const logged = readLoggedPlan(told.plan)
      sql = logged.query ?? sql
      plan = logged.plan
      if (logged.format === 'xml' || logged.format === 'yaml') head = `${head} (${logged.format}, not read)`
      queryId ??= logged.queryId
      if (logged.parameters !== null) values = readParameters(logged.parameters) ?? values
    }
    const detail = values === null ? entry.detail : null
    const query = sql === null ? null : this.#statement(sql)
    const sender = sql === null ? null : statementSender(sql)
    const event: LogEvent = {
      line: entry.line,
      at: entry.at,
      severity: entry.severity,
      sqlState: entry.sqlState,
      pid: entry.pid,
      user: entry.user,
      database: entry.database,
      application: this.#name(entry.application),
      client: entry.client,
      queryId,
      message: head ?? this.#message(entry, classified.class, classified.message),
      detail: detail === null ? null : this.#text(this.#details, detail, redactDetail),
      hint: entry.hint,
      context: entry.context === null ? null : this.#text(this.#contexts, entry.context, redactContext),
      statement: told === null ? query : null,
      class: classified.class,
      durationMs: told?.durationMs ?? null,
      query,
      parameters: values === null || !this.#redacts ? values : this.#parameters.scrub(values, sql ?? ''),
      plan: plan === null || !this.#redacts ? plan : redactPlan(plan),
      figures: classified.figures,
    }
    return sender === null ? event : { ...event, sender }
  }

  #statement(sql: string): string {
    if (!this.#redacts || this.#clean.get(sql) !== undefined) return sql
    const redacted = redactStatement(sql)
    if (redacted === sql) this.#clean.set(sql, true)
    return redacted
  }

  #message(entry: LogEntry, logClass: string, masked: string): string {
    if (!this.#redacts) return entry.message
    // Bookkeeping holds no values but those that its class masks; other texts may quote more than their class knows of.
    const isBookkeeping = entry.severity === 'LOG' && logClass !== 'unknown' && !masked.startsWith('AUDIT: ')
    return isBookkeeping ? masked : this.#text(this.#messages, masked, redactMessage)
  }

  #name(name: string | null): string | null {
    return name === null ? null : this.#text(this.#names, name, scrubText)
  }

  #text(known: Remembered<string>, text: string, redact: (text: string) => string): string {
    if (!this.#redacts) return text
    return known.get(text) ?? known.set(text, redact(text))
  }
}
