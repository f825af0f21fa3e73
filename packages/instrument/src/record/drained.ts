// What the recorder hands out: everything since it was last asked, aggregated and redacted. The sender turns it into OTLP, the
// report prints it. Durations are milliseconds here, seconds on the wire.

export type Scalar = string | number | boolean
export type Attributes = Readonly<Record<string, Scalar>>

/**
 * Base-2 exponential histogram (OpenTelemetry data model) at scale 3: bucket i holds values in (2^(i/8), 2^((i+1)/8)] ms, so that a
 * percentile is off by at most 4.5 %. `counts[k]` belongs to bucket `offset + k`. Values of 0 count as `zeroCount`.
 */
export interface DurationHistogram {
  readonly count: number
  readonly sumMs: number
  readonly maxMs: number
  readonly zeroCount: number
  readonly offset: number
  readonly counts: readonly number[]
}

export const HISTOGRAM_SCALE = 3

/** A place in the application's source. */
export interface CallSite {
  readonly file: string
  readonly line: number
  readonly function: string | null
}

/** The database that a client is connected to. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  readonly database: string
}

/** One statement as one place of the application sends it; unknown parts are null. */
export interface QueryIdentity {
  /** Of the normalised text, see sql.ts. The text itself may be cut; this is of all of it. */
  readonly fingerprint: string
  /** Literals replaced; cut at the option's length. */
  readonly text: string
  /** Low cardinality: `SELECT member`, at most 255 characters. */
  readonly summary: string
  readonly operation: string
  readonly collection: string | null
  readonly endpoint: Endpoint
  readonly model: string | null
  readonly action: string | null
  /** `GET /conversations/:id`; null outside a request. */
  readonly route: string | null
  readonly caller: CallSite | null
}

export interface QueryIncrease extends QueryIdentity {
  readonly duration: DurationHistogram
  readonly errors: number
  readonly rows: number
  /** That OFFSET made the server pass over, as far as the offset is a parameter. */
  readonly skippedRows: number
}

export interface RequestIncrease {
  readonly method: string
  /** As the framework declares it (`/conversations/:id`); null when none matched. */
  readonly route: string | null
  readonly statusCode: number
  readonly duration: DurationHistogram
  /** Statements sent on behalf of these requests, and the time they took. */
  readonly queries: number
  readonly queryMs: number
}

/** Requests that the application sent to others, by fetch or undici. */
export interface CallIncrease {
  readonly method: string
  readonly host: string
  readonly port: number
  /** The request that it was part of. */
  readonly route: string | null
  /** 0: no answer came. */
  readonly statusCode: number
  readonly duration: DurationHistogram
}

/** A named metric of PerformanceMetrics: a duration (`name` without `.duration`), a count or a level. */
export interface MetricIncrease {
  readonly name: string
  readonly kind: 'duration' | 'count' | 'level'
  readonly unit: string
  readonly attributes: Attributes
  /** `kind` duration. */
  readonly duration: DurationHistogram | null
  /** `kind` count: the increase; `kind` level: the latest. */
  readonly value: number
  readonly errors: number
  /** Who called timeAsync or trackDatabaseOperation, and in which request. */
  readonly route: string | null
  readonly caller: CallSite | null
}

export interface PoolState {
  readonly name: string
  readonly endpoint: Endpoint
  readonly max: number
  readonly total: number
  readonly idle: number
  /** Callers that wait for a connection now. */
  readonly waiting: number
  /** Since the last drain. */
  readonly wait: DurationHistogram
  readonly oldestCheckoutMs: number | null
  readonly oldestCheckoutBy: CallSite | null
}

export interface SlowQueryEvent extends QueryIdentity {
  readonly at: number
  readonly durationMs: number
  readonly waitedForPoolMs: number
  readonly severity: 'warning' | 'critical'
  readonly rows: number | null
  /** SQLSTATE when it failed. */
  readonly sqlState: string | null
  /** Redacted; null: not asked for. */
  readonly parameters: readonly string[] | null
  readonly traceId: string | null
  readonly spanId: string | null
}

/** One request sent the same statement `repetitions` times. */
export interface RepeatEvent extends QueryIdentity {
  readonly at: number
  readonly repetitions: number
  readonly totalMs: number
  readonly traceId: string | null
}

export interface Drained {
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly to: number
  readonly queries: readonly QueryIncrease[]
  readonly requests: readonly RequestIncrease[]
  readonly calls: readonly CallIncrease[]
  readonly metrics: readonly MetricIncrease[]
  readonly pools: readonly PoolState[]
  readonly slowQueries: readonly SlowQueryEvent[]
  readonly repeats: readonly RepeatEvent[]
  /** What a bound kept out since the last drain, by kind. */
  readonly dropped: Readonly<Record<string, number>>
}
