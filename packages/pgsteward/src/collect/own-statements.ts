// How pgsteward's own statements are told from everyone else's. pg_stat_statements keeps no application name, so their texts
// carry a comment.

/** PostgreSQL 18 cuts comments off before the first word, so the mark stands behind it. */
export function marked(label: string, sql: string): string {
  return sql.trim().replace(/^\w+/, (word) => `${word} /* pgsteward:${label} */`)
}

/** Statements with which a session opens, as pg_stat_statements of 18 shows them: without the mark before their first word. */
const UNMARKED: readonly RegExp[] = [
  /as may_read_control$/,
  /as system_identifier, c\.timeline_id as timeline\b/,
  /^set (default_transaction_read_only|statement_timeout|lock_timeout|idle_in_transaction_session_timeout) =/,
  /^set (search_path|timezone|datestyle|intervalstyle|jit|max_parallel_workers_per_gather) =/,
]

/** `isOwnRole`: run by the role of pgsteward's session. Only then is a text without the mark taken for its own. */
export function isOwnText(text: string, isOwnRole: boolean): boolean {
  return text.includes('/* pgsteward:') || (isOwnRole && UNMARKED.some((own) => own.test(text.trim())))
}
