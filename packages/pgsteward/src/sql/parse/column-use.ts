// Which columns a statement looks for, and which it only returns: by that an index's columns are known to serve it or not.

import type { Node } from 'libpg-query'
import { stringsOf } from './expression-sql.ts'
import type { Parser } from './parse-statements.ts'
import { type StatementTraits, traitsOf } from './statement-traits.ts'

export interface ColumnUse {
  /**
   * Names of columns that stand anywhere but in the outermost list of what is returned or in what an UPDATE sets: in conditions, joins,
   * orders, groups, expressions, sub-selects; joined by \0. One of another table counts as well: too many names rather than too few.
   */
  readonly sought: string
  /** What the outermost SELECT returns as it is; null: nothing, or `sought` has it. */
  readonly output: StatementTraits['output']
  /** Some names are hidden: NATURAL JOIN, columns renamed in FROM or WITH. */
  readonly hidesNames: boolean
}

/** What reads or changes rows itself. */
const ROWS = [
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CopyStmt',
  'DeclareCursorStmt',
  'ExplainStmt',
  'CreateTableAsStmt',
]

/** A text that does not parse is taken word by word; so is the body of a DO. */
export function columnUse(text: string, parse: Parser): ColumnUse {
  const traits = traitsOf(text, parse)
  const parsed = parse(text)
  const [first, ...more] = 'problem' in parsed ? [] : parsed.statements
  const statement = first !== undefined && 'PrepareStmt' in first ? first.PrepareStmt.query : first
  if (traits === null || statement === undefined || more.length > 0 || 'DoStmt' in statement)
    return { sought: wordsOf(text), output: null, hidesNames: false }
  // a definition looks for nothing; what comes of it the catalogs tell
  if (!ROWS.some((kind) => kind in statement)) return { sought: '', output: null, hidesNames: false }
  const top = topOf(statement)
  // `order by 2` names what is returned by its place, so all of it counts as sought
  const isByPlace = top.order.some((node) => 'SortBy' in node && 'A_Const' in (node.SortBy.node ?? {}))
  const isOutput = !isByPlace && (traits.output !== null || !('SelectStmt' in statement))
  const sought = new Set<string>()
  const plain = new Set<unknown>(isOutput ? top.returned.filter(isPlainColumn) : [])
  const hidden = { found: false }
  collect(statement, plain, sought, hidden)
  return {
    sought: [...sought].join('\0'),
    output: isOutput ? traits.output : null,
    hidesNames: hidden.found,
  }
}

function wordsOf(text: string): string {
  const quoted = [...text.matchAll(/"((?:[^"]|"")+)"/g)].map(([, name]) => name!.replaceAll('""', '"'))
  const bare = [...text.matchAll(/[\p{L}_][\p{L}\d_$]*/gu)].map(([word]) => word.toLowerCase())
  return [...new Set([...quoted, ...bare])].join('\0')
}

function topOf(statement: Node): { readonly returned: readonly Node[]; readonly order: readonly Node[] } {
  if ('SelectStmt' in statement)
    return { returned: statement.SelectStmt.targetList ?? [], order: statement.SelectStmt.sortClause ?? [] }
  const [body] = Object.values(statement) as { returningClause?: unknown; returningList?: Node[] }[]
  const clause = body?.returningClause as { exprs?: Node[] } | undefined
  return { returned: body?.returningList ?? clause?.exprs ?? [], order: [] }
}

/** Under its own name: one renamed may be meant elsewhere by the new name. */
function isPlainColumn(target: Node): boolean {
  if (!('ResTarget' in target)) return false
  const { name, val } = target.ResTarget
  if (val === undefined || !('ColumnRef' in val)) return false
  return name === undefined || name === stringsOf(val.ColumnRef.fields).at(-1)
}

function collect(
  value: unknown,
  leftOut: ReadonlySet<unknown>,
  into: Set<string>,
  hidden: { found: boolean },
): void {
  if (Array.isArray(value)) {
    for (const each of value) if (!leftOut.has(each)) collect(each, leftOut, into, hidden)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'ColumnRef') {
      const names = stringsOf((inner as { fields?: Node[] }).fields)
      // the row that was to be inserted: nothing is looked for by it
      if (names.length > 1 && names.at(-2) === 'excluded') continue
      const last = names.at(-1)
      if (last !== undefined) into.add(last)
    } else if (key === 'usingClause' && isNames(inner)) for (const name of stringsOf(inner)) into.add(name)
    else if ((key === 'colnames' || key === 'aliascolnames') && isNames(inner)) hidden.found = true
    else if (key === 'isNatural' && inner === true) hidden.found = true
    else collect(inner, leftOut, into, hidden)
  }
}

/** USING of a join is a list of names; that of a DELETE, of tables. */
function isNames(value: unknown): value is readonly Node[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => 'String' in (each as Node))
}
