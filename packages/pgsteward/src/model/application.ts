// What an application tells of itself: decoded OTLP in our own nouns, the same from @pgsteward/instrument and from any
// OpenTelemetry SDK. Increases only: cumulative metrics are turned into increases at the door (collect/ingest/).

import type { Milliseconds, Window } from './units.ts'

/** `service.name`, and the process that speaks. */
export interface ApplicationSource {
  readonly application: string
  readonly instance: string
  readonly version: string | null
  readonly environment: string | null
  /** `pgsteward` or what telemetry.sdk.name says. */
  readonly sdk: string
}

export const OPERATION_KINDS = ['request', 'query', 'call', 'metric'] as const
/**
 * request: HTTP requests that it served. query: statements that it sent. call: HTTP requests that it sent to others. metric: a named
 * duration or count of its own.
 */
export type OperationKind = (typeof OPERATION_KINDS)[number]

/** What tells one operation from another; which parts are set depends on the kind. Bounded: a server keeps 5,000 an application. */
export interface OperationIdentity {
  readonly kind: OperationKind
  /** request: `GET /members`; query: the summary, `SELECT member`; call: `POST api.carrier.example:443`; metric: its name. */
  readonly name: string
  /** The request that it was part of (`GET /members`); null for requests themselves and outside of any. */
  readonly route: string | null
  /** query only. */
  readonly fingerprint: string | null
  readonly model: string | null
  readonly action: string | null
  /** `src/routes/members.ts:41`. */
  readonly caller: string | null
  /** metric only: its attributes as sorted `key=value`. */
  readonly labels: string | null
}

/** Sparse base-2 exponential histogram of milliseconds at scale 3 (stats/duration-histogram.ts). */
export interface DurationCounts {
  readonly offset: number
  readonly counts: readonly number[]
}

export interface OperationSums {
  readonly count: number
  readonly errors: number
  readonly totalMs: Milliseconds
  readonly maxMs: Milliseconds
  /** query: rows returned or changed; request: statements sent on its behalf; else 0. */
  readonly rows: number
  /** query: 0; request: time spent in its statements. */
  readonly queryMs: Milliseconds
  /** query: rows that OFFSET made the server pass over; else 0. */
  readonly skippedRows: number
}

export interface OperationIncrease extends OperationIdentity, OperationSums {
  /** Null where the source gave none (a count). */
  readonly histogram: DurationCounts | null
}

/** A level at a moment: pools, event loop, named levels. Kept as series with labels `application`, `instance` and these. */
export interface ApplicationLevel {
  readonly name: string
  readonly unit: 'ms' | 'bytes' | 'ratio' | 'count'
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The state of one pool of one process. */
export interface PoolReading {
  readonly pool: string
  readonly max: number | null
  readonly used: number
  readonly idle: number
  readonly waiting: number
  readonly waitP95Ms: Milliseconds | null
  readonly oldestCheckoutMs: Milliseconds | null
  readonly oldestCheckoutBy: string | null
}

export interface SlowQuery {
  readonly at: Date
  readonly fingerprint: string
  /** Literals replaced. */
  readonly text: string
  readonly durationMs: Milliseconds
  readonly waitedForPoolMs: Milliseconds
  readonly rows: number | null
  readonly caller: string | null
  readonly route: string | null
  readonly model: string | null
  readonly action: string | null
  /** Redacted. */
  readonly parameters: readonly string[] | null
  readonly database: string | null
  readonly user: string | null
  readonly traceId: string | null
  readonly sqlState: string | null
  readonly waitEvent: string | null
  readonly plan: unknown
  readonly source: 'application' | 'log' | 'activity'
}

/** One request sent the same statement again and again (N+1). */
export interface RepeatedStatement {
  readonly at: Date
  readonly fingerprint: string
  readonly text: string
  readonly route: string | null
  readonly model: string | null
  readonly action: string | null
  readonly caller: string | null
  readonly repetitions: number
  readonly totalMs: Milliseconds
  readonly traceId: string | null
}

/** Where the application's statements go, as it names it; decides which target it belongs to. */
export interface ApplicationEndpoint {
  readonly host: string
  readonly port: number
  readonly database: string
}

/** One decoded request of one process. */
export interface ApplicationReport {
  readonly source: ApplicationSource
  readonly endpoint: ApplicationEndpoint | null
  readonly operations: readonly OperationIncrease[]
  readonly levels: readonly ApplicationLevel[]
  readonly pools: readonly PoolReading[]
  readonly slowQueries: readonly SlowQuery[]
  readonly repeats: readonly RepeatedStatement[]
  /** Texts of the statements by fingerprint, literals replaced. */
  readonly texts: ReadonlyMap<string, string>
  /** What the sender or the door kept out, by kind. */
  readonly dropped: Readonly<Record<string, number>>
  /** 32 hex digits of the body it came from; the store saves one of them once, so that a body may be sent again. */
  readonly digest?: string
}

/** What the store answers with: sums over a window. */
export interface OperationTotals extends OperationIdentity, OperationSums {
  readonly application: string
  /** Null where no histogram was given. */
  readonly p50Ms: Milliseconds | null
  readonly p95Ms: Milliseconds | null
  readonly p99Ms: Milliseconds | null
  /** All durations, for percentiles of several operations together; null where no histogram was given. */
  readonly durations: DurationCounts | null
  readonly lastAt: Date
}

export interface OperationPoint {
  /** The bucket's end. */
  readonly at: Date
  readonly seconds: number
  readonly count: number
  readonly errors: number
  readonly totalMs: Milliseconds
  readonly p95Ms: Milliseconds | null
}

export interface ApplicationSummary {
  readonly application: string
  readonly sdk: string
  readonly version: string | null
  readonly environment: string | null
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  /** Processes that reported in the window, with their pools as last told. */
  readonly instances: readonly {
    readonly instance: string
    readonly lastSeenAt: Date
    readonly pools: readonly PoolReading[]
  }[]
  readonly dropped: Readonly<Record<string, number>>
}

/** Repeats of one statement at one place, summed over a window. */
export interface RepeatTotals {
  readonly application: string
  readonly fingerprint: string
  readonly text: string
  readonly route: string | null
  readonly model: string | null
  readonly action: string | null
  readonly caller: string | null
  /** Requests in which it repeated. */
  readonly requests: number
  /** All repetitions together; by `requests`: how many a request. */
  readonly repetitions: number
  readonly totalMs: Milliseconds
  readonly lastAt: Date
}

export interface SlowQueryRecord extends SlowQuery {
  readonly id: string
  readonly application: string | null
}

/** What the application side of the store's memory offers to checks (stored facts) and views. */
export interface ApplicationMemory {
  applications(targetId: string, window: Window): Promise<readonly ApplicationSummary[]>
  /** By total time, at most `limit` (default 1000) of the kind. */
  operations(
    targetId: string,
    window: Window,
    filter: {
      readonly kind: OperationKind
      readonly application?: string
      readonly fingerprint?: string
      readonly route?: string
      readonly limit?: number
    },
  ): Promise<readonly OperationTotals[]>
  operationHistory(
    targetId: string,
    application: string,
    /** Null parts match any; the sum over all that match. */
    operation: Partial<OperationIdentity> & Pick<OperationIdentity, 'kind'>,
    window: Window,
    buckets: number,
  ): Promise<readonly OperationPoint[]>
  repeats(targetId: string, window: Window): Promise<readonly RepeatTotals[]>
  /** Single slow statements by statement and place, by total time. */
  slowQueryGroups(
    targetId: string,
    window: Window,
    filter: Omit<SlowQueryFilter, 'order'>,
  ): Promise<readonly SlowQueryGroup[]>
  /** Slow statements of all sources (S3), each counted once. */
  slowQueryRates(targetId: string, window: Window): Promise<SlowQueryRates>
  /** Normalised text of a statement by fingerprint; null when none is known. */
  textOfFingerprint(fingerprint: string): Promise<string | null>
  /** Query ids of a target (pg_stat_statements) whose text has the fingerprint. */
  queryIdsOf(targetId: string, fingerprint: string): Promise<readonly string[]>
}

export interface SlowQueryFilter {
  readonly application?: string
  readonly route?: string
  readonly fingerprint?: string
  readonly order: 'latest' | 'slowest'
  readonly limit: number
}

export interface SlowQueryRates {
  readonly slow: number
  /** Of those, the ones over the critical limit. */
  readonly critical: number
}

/** Slow queries of one statement at one place, for the list's grouped form. */
export interface SlowQueryGroup {
  readonly fingerprint: string
  readonly text: string
  readonly application: string | null
  readonly route: string | null
  readonly model: string | null
  readonly action: string | null
  readonly caller: string | null
  readonly count: number
  readonly totalMs: Milliseconds
  readonly maxMs: Milliseconds
  readonly lastAt: Date
}
