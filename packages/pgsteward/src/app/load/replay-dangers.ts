// What a replay must not send, although it is a SELECT: locks, writes within it, functions that do something. The sessions are read-only
// as well; this is what that does not stop, and what would only fail.

import type { WorkloadStatement } from '../../advise/workload.ts'
import type { Session } from '../../postgres/connect.ts'
import type { Parser } from '../../sql/parse/parse-statements.ts'

/** Volatile and harmless. */
const HARMLESS = new Set([
  'random',
  'random_normal',
  'clock_timestamp',
  'timeofday',
  'gen_random_uuid',
  'uuidv4',
  'uuidv7',
  'setseed',
  'uuid_generate_v1',
  'uuid_generate_v4',
  'gen_random_bytes',
])

const WRITES: Readonly<Record<string, string>> = {
  InsertStmt: 'it writes: an INSERT within it',
  UpdateStmt: 'it writes: an UPDATE within it',
  DeleteStmt: 'it writes: a DELETE within it',
  MergeStmt: 'it writes: a MERGE within it',
  IntoClause: 'it writes: SELECT INTO makes a table',
  LockingClause: 'it locks rows, which is a write',
}
const KINDS: Readonly<Record<string, string>> = {
  InsertStmt: 'it writes: INSERT',
  UpdateStmt: 'it writes: UPDATE',
  DeleteStmt: 'it writes: DELETE',
  MergeStmt: 'it writes: MERGE',
}

/** Null: it only reads. `unsafe`: names of functions that do more than that. */
export function dangerIn(statement: object, unsafe: ReadonlySet<string>): string | null {
  const [kind = ''] = Object.keys(statement)
  if (kind !== 'SelectStmt') return KINDS[kind] ?? 'it is no SELECT'
  let found: string | null = null
  walk(statement, (key, value) => {
    // where it stands as a property it has a name of its own
    const name = key === 'intoClause' ? 'IntoClause' : key
    found ??= WRITES[name] ?? null
    if (key === 'FuncCall') {
      const called = functionName(value)
      if (called !== null && unsafe.has(called)) found ??= `it calls ${called}(), which does more than read`
    }
  })
  return found
}

/**
 * Of the functions that a workload calls those that are volatile and written in C: a function in SQL or PL/pgSQL is held by the
 * read-only transaction, these need not be (locks, files, other servers, settings).
 */
export async function unsafeFunctions(
  statements: readonly WorkloadStatement[],
  parse: Parser,
  session: Session,
): Promise<ReadonlySet<string>> {
  const called = new Set<string>()
  for (const { sql } of statements) {
    const parsed = parse(sql)
    if ('problem' in parsed) continue
    walk(parsed.statements, (key, value) => {
      const name = key === 'FuncCall' ? functionName(value) : null
      if (name !== null) called.add(name)
    })
  }
  const { rows } = await session.query(
    'replay functions',
    `select distinct p.proname::text as name
       from pg_catalog.pg_proc as p join pg_catalog.pg_language as l on l.oid = p.prolang
      where p.proname = any ($1) and p.provolatile = 'v' and l.lanname not in ('sql', 'plpgsql')
      order by 1`,
    [[...called].filter((name) => !HARMLESS.has(name))],
  )
  return new Set(rows.map(({ name }) => String(name)))
}

function functionName(call: unknown): string | null {
  const { funcname } = call as { funcname?: readonly { String?: { sval?: string } }[] }
  return funcname?.at(-1)?.String?.sval ?? null
}

function walk(value: unknown, visit: (key: string, value: unknown) => void): void {
  if (Array.isArray(value)) {
    for (const each of value) walk(each, visit)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    visit(key, inner)
    walk(inner, visit)
  }
}
