// What startInstrument takes. Each option says what it costs.

export interface InstrumentOptions {
  /** `service.name`. Default: OTEL_SERVICE_NAME, else the name in package.json of the working folder, else `node`. */
  readonly service?: string
  readonly version?: string
  readonly environment?: string
  /** Where the pgsteward server, or any OTLP/HTTP receiver, listens: http://127.0.0.1:7432. Default: PGSTEWARD_URL; without one nothing is sent. */
  readonly endpoint?: string
  /** The server's ingest token. Default: PGSTEWARD_TOKEN. */
  readonly token?: string
  /** Default 15 000 ms. */
  readonly exportEveryMs?: number
  /** Application thresholds (S3). Default 500 and 2000 ms. */
  readonly slowQueryMs?: number
  readonly verySlowQueryMs?: number
  /** Distinct statements kept; the least recently used goes. Default 1000. About 500 bytes each. */
  readonly maxStatements?: number
  /** Redacted parameters with slow queries. Default true. Costs nothing on fast queries. */
  readonly parameters?: boolean
  /** Where in the source a statement was sent. `sampled` (default): 80 ns a query on average; `always`: 4 microseconds; `off`. */
  readonly caller?: 'sampled' | 'always' | 'off'
  /** The same statement so often in one request is reported as N+1. Default 10. */
  readonly repeatsFrom?: number
  /** Adds route and action as SQL comment (sqlcommenter), so that pg_stat_statements shows them. Default false: changes the text that is sent. */
  readonly comments?: boolean
  /** Further parameter and attribute names to redact, beside password, token, secret, authorization, card ... */
  readonly redact?: readonly (string | RegExp)[]
}

export interface ResolvedOptions extends Required<Omit<InstrumentOptions, 'endpoint' | 'token'>> {
  readonly endpoint: string | null
  readonly token: string | null
  readonly instance: string
}
