// An event of PostgreSQL's log: what one message says, with the class it belongs to, literals of users' data taken out.

import type { Bytes, Milliseconds, Window } from './units.ts'
import type { PlanNode } from './what-if.ts'

/** PostgreSQL's severities of messages, least first. */
export const LOG_SEVERITIES = [
  'DEBUG',
  'INFO',
  'NOTICE',
  'WARNING',
  'ERROR',
  'LOG',
  'FATAL',
  'PANIC',
] as const
export type LogSeverity = (typeof LOG_SEVERITIES)[number]

export const LOG_AREAS = [
  'server',
  'connection',
  'wal',
  'autovacuum',
  'lock',
  'statement',
  'replication',
  'constraint',
  'application',
] as const
export type LogArea = (typeof LOG_AREAS)[number]

/** One message as a log has it, whatever its format, before it is understood. */
export interface LogEntry {
  /** Of its first line; counted from 1. */
  readonly line: number
  readonly at: Date | null
  readonly severity: LogSeverity
  readonly sqlState: string | null
  readonly pid: number | null
  readonly user: string | null
  readonly database: string | null
  readonly application: string | null
  readonly client: string | null
  readonly queryId: string | null
  readonly message: string
  readonly detail: string | null
  readonly hint: string | null
  readonly context: string | null
  /** The statement that it is about: of STATEMENT, of csvlog's `query`, or internal. */
  readonly statement: string | null
}

/** What the text of a class' message holds: a table, bytes, a wait. Numbers in the unit that their name ends in. */
export type LogFigures = Readonly<Record<string, string | number>>

export interface LogEvent extends LogEntry {
  /** Id in the catalogue (logs/classes); `unknown` for a message that no class takes. */
  readonly class: string
  readonly durationMs: Milliseconds | null
  /** The text of the statement, literals and all that could be a secret replaced. */
  readonly query: string | null
  /** Who sent the statement, by the tags in its comment (sqlcommenter); absent without. Not kept by the store. */
  readonly sender?: {
    readonly caller: string | null
    readonly route: string | null
    readonly model: string | null
    readonly action: string | null
    readonly traceId: string | null
  }
  /** $1 first; secrets by name and shape replaced, long values cut. */
  readonly parameters: readonly (string | null)[] | null
  /** Of auto_explain. */
  readonly plan: PlanNode | null
  readonly figures: LogFigures
}

/** A class of messages; its page is docs/logs/<id>.md. */
export interface LogClass {
  readonly id: string
  readonly area: LogArea
  /** What happened, in a few words. */
  readonly title: string
  /** How bad one of them is: `info` is bookkeeping. */
  readonly severity: 'info' | 'warning' | 'critical'
}

export interface LogClassCount {
  readonly class: string
  readonly severity: LogSeverity
  readonly database: string | null
  readonly count: number
  readonly firstAt: Date
  readonly lastAt: Date
}

/** An event as the store keeps it. */
export interface LogRecord extends Omit<LogEvent, 'line' | 'at' | 'statement' | 'sender'> {
  readonly id: string
  readonly at: Date
  readonly fingerprint: string | null
}

/** What is read of a target's log, and how far. */
export interface LogSourceState {
  /** A file's path, 'http', 'syslog'. */
  readonly source: string
  readonly lastAt: Date | null
  readonly lines: number
  readonly bytes: Bytes
  /** Messages that no class takes, and lines that could not be read at all. */
  readonly unknown: number
  readonly unreadable: number
  /** Why nothing comes from it; null: it does. */
  readonly because: string | null
}

/** Where reading goes on after a restart. `file` tells a file from another of the same name, `head` from one of the same inode. */
export interface LogPosition {
  readonly file: string
  readonly offset: Bytes
  readonly head: string
  /** When it was; ISO 8601. */
  readonly readAt?: string
}

/** What a source brought since it was last told of. */
export interface LogSourceProgress extends LogSourceState {
  readonly position: LogPosition | null
}

/** Messages of a class within a minute; `at` is its begin. */
export interface LogMinute extends LogClassCount {
  readonly at: Date
}

export interface LogHistoryPoint {
  /** The bucket's end. */
  readonly at: Date
  readonly class: string
  readonly severity: LogSeverity
  readonly count: number
}

export interface LogEventFilter {
  readonly classes?: readonly string[]
  readonly severities?: readonly LogSeverity[]
  readonly queryId?: string
  readonly fingerprint?: string
  readonly database?: string
  /** Part of message, detail, context, query, user, application or SQLSTATE, whatever its case. */
  readonly search?: string
  /** Default 100, at most 1000. */
  readonly limit?: number
}

/** What checks and views may ask of the log. */
export interface LogMemory {
  logCounts(targetId: string, window: Window): Promise<readonly LogClassCount[]>
  /** The latest first. Not every event is kept one by one: `logCounts` has them all. */
  logEvents(targetId: string, window: Window, filter: LogEventFilter): Promise<readonly LogRecord[]>
  logSources(targetId: string): Promise<readonly LogSourceState[]>
}
