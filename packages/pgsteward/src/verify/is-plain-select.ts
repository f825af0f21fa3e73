// Whether a statement may be executed to be measured: a SELECT that changes nothing and locks no row.

import type { Node } from 'libpg-query'
import { stringsOf } from '../sql/parse/expression-sql.ts'
import type { Parser } from '../sql/parse/parse-statements.ts'

/**
 * Functions that reach beyond the transaction, which READ ONLY does not stop: they end sessions, take advisory locks, write files or
 * other databases, run a text as SQL, or only wait. What is a user's own is bounded by READ ONLY and the role's rights alone.
 */
const SIDE_EFFECTS =
  /^(pg_(terminate|cancel)_backend|pg_file_|ts_stat$|ts_rewrite$|crosstab|connectby$|pg_(try_)?advisory_|pg_.*reset|pg_(reload_conf|rotate_logfile|switch_wal|promote|notify|sleep|create_|drop_|replication_|logical_|log_backend|backup_|wal_replay)|dblink|nextval|setval|set_config|lo_|txid_current$|pg_current_xact_id$|query_to_xml|database_to_xml|schema_to_xml|cursor_to_xml)/

/** Null: it may. Otherwise why not. */
export function reasonNotToRun(sql: string, parse: Parser): string | null {
  const parsed = parse(sql)
  if ('problem' in parsed) return `it can't be read: ${parsed.problem}`
  const [node, ...more] = parsed.statements
  if (node === undefined || more.length > 0) return 'it is more than one statement'
  if (!('SelectStmt' in node))
    return 'only SELECT is measured: anything else would have to be executed to be timed'
  return reasonIn(node)
}

function reasonIn(value: unknown): string | null {
  if (Array.isArray(value)) return first(value)
  if (typeof value !== 'object' || value === null) return null
  if ('InsertStmt' in value || 'UpdateStmt' in value || 'DeleteStmt' in value || 'MergeStmt' in value)
    return 'it writes within WITH'
  const { intoClause, lockingClause } = value as { intoClause?: unknown; lockingClause?: readonly Node[] }
  if (intoClause !== undefined) return 'SELECT INTO makes a table'
  if (lockingClause !== undefined && lockingClause.length > 0) return 'it locks rows'
  if ('FuncCall' in value) {
    const call = (value as Extract<Node, { FuncCall: unknown }>).FuncCall
    const name = stringsOf(call.funcname).at(-1) ?? ''
    if (SIDE_EFFECTS.test(name)) return `${name}() acts beyond its transaction`
  }
  return first(Object.values(value))
}

function first(values: readonly unknown[]): string | null {
  for (const each of values) {
    const reason = reasonIn(each)
    if (reason !== null) return reason
  }
  return null
}
