// What a reader of plans may know beside the plan: the more, the more it can tell of one that did not run.

export interface InsightContext {
  /** Rows of a table; the schema is null where the plan does not name it; null: not known. */
  readonly rowsOf?: (schema: string | null, table: string) => number | null
  /** As pg_stat_statements measured the statement; null: not known. */
  readonly rowsPerCall?: number | null
  /** Of this execution, for a plan that ran without a clock. */
  readonly durationMs?: number | null
  /** Pages of 8 kB visited. */
  readonly blocksPerCall?: number | null
}
