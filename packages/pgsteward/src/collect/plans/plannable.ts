// Whether a statement may be planned on a target, and what that takes: one plain statement, the tables it names with the privileges
// that planning them needs, the functions that it calls.

import type { Node } from 'libpg-query'
import type { Parser } from '../../sql/parse/parse-statements.ts'
import { highestParameter } from '../../sql/parse/walk.ts'

export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE'

export interface NamedTable {
  readonly schema: string | null
  readonly name: string
  readonly privilege: Privilege
}

export interface NamedFunction {
  readonly schema: string | null
  readonly name: string
}

export interface Plannable {
  /** Parses, without a semicolon. */
  readonly sql: string
  /** Highest $n. */
  readonly parameters: number
  readonly tables: readonly NamedTable[]
  readonly functions: readonly NamedFunction[]
}

export interface NotPlannable {
  readonly because: string
}

const OF_STATEMENT: Readonly<Record<string, Privilege>> = {
  SelectStmt: 'SELECT',
  InsertStmt: 'INSERT',
  UpdateStmt: 'UPDATE',
  DeleteStmt: 'DELETE',
  MergeStmt: 'UPDATE',
}

/** A statement of another kind has no plan, and one that does not parse was cut off: neither is sent anywhere. */
export function plannable(text: string, parse: Parser): Plannable | NotPlannable {
  const parsed = parse(text)
  if ('problem' in parsed) return { because: 'its text is cut off or no SQL' }
  const [node, ...more] = parsed.statements
  if (node === undefined || more.length > 0) return { because: 'it is more than one statement' }
  const [kind] = Object.keys(node)
  if (kind === undefined || OF_STATEMENT[kind] === undefined)
    return { because: 'statements of its kind have no plan' }
  const found: Found = { tables: new Map(), functions: new Map(), withNames: new Set(), makesTable: false }
  visit(node, null, found)
  if (found.makesTable) return { because: 'SELECT INTO makes a table' }
  return {
    sql: parsed.text.replace(/[\s;]+$/, ''),
    parameters: highestParameter(node),
    tables: [...found.tables.values()].filter(
      ({ schema, name }) => schema !== null || !found.withNames.has(name),
    ),
    functions: [...found.functions.values()],
  }
}

interface Found {
  readonly tables: Map<string, NamedTable>
  readonly functions: Map<string, NamedFunction>
  readonly withNames: Set<string>
  makesTable: boolean
}

/** `written`: the privilege that the table named next needs, where a statement writes to it. */
function visit(value: unknown, written: Privilege | null, found: Found): void {
  if (Array.isArray(value)) {
    for (const each of value) visit(each, null, found)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value as Record<string, unknown>)) {
    if (key === 'RangeVar') addTable(inner, 'SELECT', found)
    // the table that is written to stands without a wrapping of its own
    else if (key === 'relation' && isTable(inner)) addTable(inner, written ?? 'SELECT', found)
    else if (key === 'intoClause') found.makesTable = true
    else if (key === 'FuncCall') {
      addFunction(inner as { funcname?: readonly Node[] }, found)
      visit(inner, null, found)
    } else if (key === 'CommonTableExpr') {
      found.withNames.add((inner as { ctename?: string }).ctename ?? '')
      visit(inner, null, found)
    } else if (key === 'lockingClause') {
      // FOR UPDATE asks for UPDATE of what it locks; which tables those are only the planner knows for sure
      for (const [id, table] of found.tables) found.tables.set(id, { ...table, privilege: 'UPDATE' })
    } else visit(inner, OF_STATEMENT[key] ?? written, found)
  }
}

function isTable(value: unknown): value is { relname: string } {
  return typeof value === 'object' && value !== null && 'relname' in value
}

function addTable(value: unknown, privilege: Privilege, { tables }: Found): void {
  const { relname, schemaname } = value as { relname?: string; schemaname?: string }
  if (relname === undefined) return
  const id = JSON.stringify([schemaname ?? null, relname])
  const known = tables.get(id)
  if (known === undefined || known.privilege === 'SELECT')
    tables.set(id, { schema: schemaname ?? null, name: relname, privilege })
}

function addFunction({ funcname = [] }: { funcname?: readonly Node[] }, { functions }: Found): void {
  const names = funcname.flatMap((each) => ('String' in each ? [each.String.sval ?? ''] : []))
  const [name, schema] = [names.at(-1), names.at(-2)]
  if (name !== undefined)
    functions.set(JSON.stringify([schema ?? null, name]), { schema: schema ?? null, name })
}
