// Every metric, event and attribute name on the wire. OpenTelemetry's semantic conventions first (docs/db, docs/http,
// docs/runtime); what they have no word for begins with `pgsteward.`. The server reads by the same names.

export const METRIC = {
  /** Exponential histogram, s. A statement as the application waited for it, without the wait for a connection. */
  queryDuration: 'db.client.operation.duration',
  /** Monotonic sum, {row}. Rows that came back or were changed, same attributes as the duration. */
  queryRows: 'pgsteward.db.client.rows',
  /** Monotonic sum, {row}. Rows that OFFSET made the server pass over, as far as the offset is a parameter. */
  querySkippedRows: 'pgsteward.db.client.skipped_rows',
  /** Monotonic sum, {error}. Those of the duration that failed, same attributes; no point where none did. */
  queryErrors: 'pgsteward.db.client.errors',
  /** Exponential histogram, s. */
  requestDuration: 'http.server.request.duration',
  /** Monotonic sum, {query}. Statements sent on behalf of the requests, same attributes as their duration. */
  requestQueries: 'pgsteward.http.server.queries',
  /** Monotonic sum, s. The time of those statements. */
  requestQueryTime: 'pgsteward.http.server.query_time',
  /** Exponential histogram, s. Requests that the application sent to others (fetch, undici). */
  callDuration: 'http.client.request.duration',
  /** UpDownCounter, {connection}, by ATTRIBUTE.poolState: idle or used. */
  poolCount: 'db.client.connection.count',
  poolMax: 'db.client.connection.max',
  /** UpDownCounter, {request}. Callers that wait for a connection now. */
  poolPending: 'db.client.connection.pending_requests',
  /** Exponential histogram, s. How long callers waited for a connection. */
  poolWait: 'db.client.connection.wait_time',
  /** Gauge, s. Age of the connection that was checked out longest, with the place that took it. */
  poolOldestCheckout: 'pgsteward.db.client.connection.oldest_checkout',
  /** Monotonic sum, {item}, by ATTRIBUTE.droppedKind. What was not recorded or sent because a bound was reached. */
  dropped: 'pgsteward.instrument.dropped',
} as const

/**
 * A metric of PerformanceMetrics is sent under its own name, in SCOPE, with its attributes and, where known, `withinRequest` and the
 * caller's `code.*`: a duration as exponential histogram (s) `NAME.duration` with a monotonic sum `NAME.errors` of those that
 * failed, a count as monotonic sum, a level as gauge.
 */
export const METRIC_SUFFIX = { duration: '.duration', errors: '.errors' } as const

/** The instrumentation scope of all that this package sends. */
export const SCOPE = '@pgsteward/instrument'

export const EVENT = {
  slowQuery: 'pgsteward.slow_query',
  /** A request sent the same statement many times. */
  repeatedStatement: 'pgsteward.repeated_statement',
} as const

export const ATTRIBUTE = {
  serviceName: 'service.name',
  serviceVersion: 'service.version',
  serviceInstance: 'service.instance.id',
  environment: 'deployment.environment.name',
  sdkName: 'telemetry.sdk.name',
  sdkLanguage: 'telemetry.sdk.language',
  sdkVersion: 'telemetry.sdk.version',
  distroName: 'telemetry.distro.name',

  system: 'db.system.name',
  database: 'db.namespace',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  queryText: 'db.query.text',
  querySummary: 'db.query.summary',
  operation: 'db.operation.name',
  collection: 'db.collection.name',
  sqlState: 'db.response.status_code',
  returnedRows: 'db.response.returned_rows',
  /** Followed by the parameter's position from 0. */
  parameterPrefix: 'db.query.parameter.',
  errorType: 'error.type',

  fingerprint: 'pgsteward.query.fingerprint',
  model: 'pgsteward.model',
  action: 'pgsteward.action',
  durationSeconds: 'pgsteward.duration',
  /** Seconds of waiting for a connection before the statement was sent. */
  poolWaitSeconds: 'pgsteward.pool.wait',
  repetitions: 'pgsteward.repetitions',

  /**
   * Of the request that a query, call, metric or event was part of: `GET /conversations/:id`. Only the points of requests
   * themselves carry `http.route`, since a call has a method of its own.
   */
  withinRequest: 'pgsteward.request',
  /** Of requests, as the framework declares it: `/conversations/:id`. */
  route: 'http.route',
  method: 'http.request.method',
  statusCode: 'http.response.status_code',
  scheme: 'url.scheme',

  file: 'code.file.path',
  line: 'code.line.number',
  function: 'code.function.name',

  poolName: 'db.client.connection.pool.name',
  poolState: 'db.client.connection.state',
  droppedKind: 'pgsteward.dropped.kind',
  outcome: 'pgsteward.outcome',
} as const
