// A fact: what is read, as data. SQL text per server or extension version, cadence, row parser.

import type { ActivityMemory } from './activity.ts'
import type { AdviceMemory } from './advice-run.ts'
import type { ApplicationMemory } from './application.ts'
import type { AvailabilityMemory } from './availability.ts'
import type { LogMemory } from './log-event.ts'
import type { PlanMemory } from './plan.ts'
import type { ServerInfo } from './server-info.ts'
import type { Bytes, Milliseconds, Unit, Window } from './units.ts'

export type RawRow = Readonly<Record<string, unknown>>

export interface SqlVariant {
  /** Lowest server_version_num, or, where the fact belongs to an extension, lowest extension version ('1.10'). */
  readonly since: number | string
  readonly sql: string
}

/** A series that the store keeps: one value a row and reading. For counter facts the row holds increases over `seconds`. */
export interface SeriesOf<Row> {
  readonly name: string
  readonly unit: Unit
  readonly value: (row: Row, seconds: number) => number | null
}

interface PgFactBase<Row> {
  readonly from: 'postgres'
  readonly id: string
  /** What is read, in words, for the reference and for `doctor`. */
  readonly title: string
  readonly scope: 'cluster' | 'database'
  /**
   * Of the cluster, and yet answered for the database that is connected: `rows`: names of relations in them, so that no rows are none for
   * all; `wholly`: settings of a database, a part that is taken out of its row. Targets on one server share readings of all others.
   */
  readonly isToldByDatabase?: 'rows' | 'wholly'
  readonly everyMs: Milliseconds
  /** Read every 15 s, between whole rounds too: what it tells has to be found within a minute. Cheap, and without history. */
  readonly isUrgent?: true
  /** The extension that owns the view; its installed version picks the variant. */
  readonly extension?: string
  /** Set where rows of other roles are blank, or missing, for a role without pg_read_all_stats. */
  readonly needsAllStats?: true
  /** Set where a standby cannot answer. */
  readonly primaryOnly?: true
  /** One variant is a whole text; the highest `since` not above the actual version wins. */
  readonly variants: readonly SqlVariant[]
  readonly parse: (raw: RawRow) => Row
  readonly keyOf: (row: Row) => string
  readonly series?: readonly SeriesOf<Row>[]
}

/** Rows that describe how things are now. */
export interface StateFact<Row> extends PgFactBase<Row> {
  readonly kind: 'state'
  /** From what `parse` made to the rows that checks get, where that takes a while: texts that are parsed. */
  readonly finish?: (rows: readonly Row[]) => Promise<readonly Row[]>
}

export type NumericKey<Row> = { [K in keyof Row]: Row[K] extends number | null ? K : never }[keyof Row] &
  string

/** Cumulative counters; checks only ever see their increase over an interval. Columns not in `counters` keep their latest value. */
export interface CounterFact<Row> extends PgFactBase<Row> {
  readonly kind: 'counter'
  readonly counters: readonly NumericKey<Row>[]
  /**
   * Present where rows begin and are reset as a whole (an entry of pg_stat_statements, a one-row view): then a new or fallen row
   * counts from zero. What it returns is the moment that the row itself tells, null where it tells none. Absent: a new or fallen
   * row waits for its next reading, since it may have existed before under another name.
   */
  readonly since?: (row: Row) => Date | null
  /** Where the whole view tells of its resets and evictions; read in the same round, before the rows. */
  readonly epoch?: StateFact<Epoch>
}

/** The unbroken count of a whole view: a change of `resetAt` is a reset, a growth of `evictions` means entries were dropped. */
export interface Epoch {
  readonly resetAt: Date | null
  readonly evictions: number | null
}

/** Something that only the store can answer, such as a series over days. */
export interface StoredFact<Value> {
  readonly from: 'store'
  readonly id: string
  readonly title: string
  readonly read: (memory: Memory, targetId: string, now: Date) => Promise<Value>
  /**
   * How long a reading is good for, since stored facts are asked for four times a minute: `round`: until the target's next whole round.
   * Absent: each is read anew.
   */
  readonly keptFor?: 'round' | Milliseconds
  /** What a check gets where there is no store, as in `pgsteward check`; absent: it is skipped there. */
  readonly withoutStore?: Value
}

// biome-ignore lint/suspicious/noExplicitAny: a list of facts of different rows has no narrower type
export type PgFact = StateFact<any> | CounterFact<any>
// biome-ignore lint/suspicious/noExplicitAny: as above
export type Fact = PgFact | StoredFact<any>

/** What broke the count between two readings; a marked interval never yields an invented or negative number. */
export interface Break {
  readonly at: Date
  readonly cause: 'reset' | 'restart' | 'failover' | 'eviction'
}

/** Increases between readings, summed over a sliding window. */
export interface Interval<Row> {
  readonly window: Window
  /** Seconds really covered by increases (gaps and broken spans excluded). */
  readonly seconds: number
  readonly rows: readonly Row[]
  readonly breaks: readonly Break[]
}

export type ValueOf<F extends Fact> =
  F extends StateFact<infer Row>
    ? readonly Row[]
    : F extends CounterFact<infer Row>
      ? Interval<Row>
      : F extends StoredFact<infer Value>
        ? Value
        : never

export interface Series {
  readonly name: string
  readonly unit: Unit
  readonly labels: Readonly<Record<string, string>>
  readonly points: readonly (readonly [at: Date, value: number])[]
}

/** The store as checks' stored facts see it. */
export interface Memory
  extends ApplicationMemory,
    AdviceMemory,
    ActivityMemory,
    LogMemory,
    PlanMemory,
    AvailabilityMemory {
  series(targetId: string, name: string, window: Window): Promise<readonly Series[]>
  /** Statements of all databases with the most time within the window, with their texts. */
  topStatements(
    targetId: string,
    window: Window,
    order: 'totalTime',
    limit: number,
  ): Promise<readonly RememberedStatement[]>
  /** The latest rows of a state fact; null: never read. */
  document(targetId: string, factId: string): Promise<StoredDocument | null>
  /** The same of every target that it was ever read from. Meant for facts of a row: all of it is read. */
  documents(factId: string): Promise<readonly (StoredDocument & { readonly targetId: string })[]>
}

/** One statement of one user, over all levels. */
export interface RememberedStatement {
  readonly queryId: string
  readonly database: string
  readonly text: string
  readonly totalExecMs: Milliseconds
}

export interface StoredDocument {
  readonly at: Date
  /** Rows of a state fact, as its parser made them (dates as Date). */
  readonly rows: readonly unknown[]
}

export type Reading =
  | {
      readonly status: 'rows'
      readonly rows: readonly unknown[]
      readonly at: Date
      readonly tookMs: Milliseconds
    }
  | {
      readonly status: 'interval'
      readonly interval: Interval<unknown>
      /** The increase since the reading before, for the store. */
      readonly latest: Interval<unknown>
      readonly at: Date
      readonly tookMs: Milliseconds
    }
  | { readonly status: 'unavailable'; readonly because: string }

export interface Snapshot {
  readonly targetId: string
  readonly takenAt: Date
  readonly server: ServerInfo
  readonly readings: ReadonlyMap<string, Reading>
  /** Ids of facts read in this round; the others are carried over from earlier rounds. */
  readonly refreshed: ReadonlySet<string>
  /** What this round cost: statements sent, rows and bytes received, wall time. */
  readonly cost: CollectionCost
}

export interface CollectionCost {
  readonly statements: number
  readonly rows: number
  readonly bytes: Bytes
  readonly tookMs: Milliseconds
}

export function defineStateFact<Row>(fact: Omit<StateFact<Row>, 'from' | 'kind'>): StateFact<Row> {
  return { from: 'postgres', kind: 'state', ...fact }
}

export function defineCounterFact<Row>(fact: Omit<CounterFact<Row>, 'from' | 'kind'>): CounterFact<Row> {
  return { from: 'postgres', kind: 'counter', ...fact }
}

export function defineStoredFact<Value>(fact: Omit<StoredFact<Value>, 'from'>): StoredFact<Value> {
  return { from: 'store', ...fact }
}
