// What a statement's text alone tells of it, without a catalog: tables and columns by the names that it uses, compared how, and what
// it returns and changes. Small enough to keep for thousands of statements; checks resolve the names against the catalog.

import type { Node } from 'libpg-query'
import { fingerprintOf } from '../fingerprint.ts'
import { readComparisons } from './compared-columns.ts'
import { stringsOf } from './expression-sql.ts'
import { isRepeatable } from './is-repeatable.ts'
import type { Parser } from './parse-statements.ts'
import {
  blocksOf,
  type NamedColumn,
  type NamedTable,
  namedColumn,
  type StatementBlock,
} from './statement-blocks.ts'

export type { NamedColumn, NamedTable } from './statement-blocks.ts'

/** `lower(email) = $1`, `created_at::date = $1`, `weight + 1 > $1`: a column inside an expression that is compared. */
export interface WrappedColumn {
  readonly on: NamedColumn
  readonly by: 'function' | 'cast' | 'arithmetic' | 'coalesce'
  /** Of the function, the type, the operator. */
  readonly name: string
  /** For people, other parts left out: `date_trunc(…, created_at)`. */
  readonly sketch: string
  readonly operator: string
}

/** A bare column against a constant or parameter. */
export interface ComparedColumn {
  readonly on: NamedColumn
  readonly operator: string
  /** That the text gives the other side: `$1::numeric`, `5.0`; null: it takes the column's. */
  readonly type: string | null
}

/** Of one table, or of one of several. */
export interface NamedColumns {
  readonly of: readonly NamedTable[]
  /** Joined by \0, which no name holds: there may be hundreds, of thousands of statements. */
  readonly names: string
}

export interface StatementTraits {
  readonly kind: 'select' | 'insert' | 'update' | 'delete' | 'other'
  /** Of all its blocks, each once. */
  readonly tables: readonly NamedTable[]
  readonly wrapped: readonly WrappedColumn[]
  readonly compared: readonly ComparedColumn[]
  /** Columns of two tables that must be equal. */
  readonly joined: readonly (readonly [NamedColumn, NamedColumn])[]
  /** Of a SELECT's outermost block; null for others, and where it aggregates. */
  readonly output: {
    readonly wholeRowsOf: readonly NamedTable[]
    readonly columns: readonly NamedColumns[]
  } | null
  readonly hasLimit: boolean
  readonly hasOffset: boolean
  /** `set n = n + 1`. */
  readonly increments: readonly NamedColumn[]
  /** The longest list of constants or parameters in an IN. */
  readonly longestList: number
  /** Answers alike to the same values until a row of its tables changes, and is asked with few enough of them to be kept. */
  readonly isRepeatable: boolean
  /** Equal for texts that differ in the lengths of such lists alone; empty where there is no list. */
  readonly fingerprint: string
}

/** Null: no SQL, or cut off. */
export function traitsOf(text: string, parse: Parser): StatementTraits | null {
  const parsed = parse(text)
  const first = 'problem' in parsed ? undefined : parsed.statements[0]
  // pg_stat_statements shows an EXECUTE under the text of its PREPARE
  const statement = first !== undefined && 'PrepareStmt' in first ? first.PrepareStmt.query : first
  if (statement === undefined) return null
  const blocks = blocksOf(statement)
  const comparisons = blocks.map(readComparisons)
  const top = 'SelectStmt' in statement ? statement.SelectStmt : null
  const tables = new Map(
    blocks.flatMap(({ tables }) => tables).map((table) => [`${table.schema}.${table.name}`, table]),
  )
  const longestList = Math.max(0, ...comparisons.map((each) => each.longestList))
  const outermost = blocks.find(({ isOutermost }) => isOutermost)
  const kind = kindOf(statement)
  const wrapped = comparisons.flatMap((each) => each.wrapped)
  const compared = comparisons.flatMap((each) => each.compared)
  const hasLimit = top?.limitCount !== undefined
  const hasOffset = top?.limitOffset !== undefined
  return {
    kind,
    tables: [...tables.values()],
    wrapped,
    compared,
    joined: comparisons.flatMap(({ joined }) => joined),
    output: top === null || outermost === undefined ? null : outputOf(top.targetList ?? [], outermost, top),
    hasLimit,
    hasOffset,
    increments: blocks.flatMap(incrementsOf),
    longestList,
    isRepeatable: isRepeatable(text, {
      kind,
      comparisons: [...compared, ...wrapped],
      hasLimit,
      hasOffset,
      longestList,
    }),
    fingerprint: longestList === 0 ? '' : fingerprintOf(text),
  }
}

function kindOf(statement: Node): StatementTraits['kind'] {
  if ('SelectStmt' in statement) return 'select'
  if ('InsertStmt' in statement) return 'insert'
  if ('UpdateStmt' in statement) return 'update'
  return 'DeleteStmt' in statement ? 'delete' : 'other'
}

function outputOf(
  targets: readonly Node[],
  block: StatementBlock,
  { groupClause, distinctClause, op }: { groupClause?: unknown; distinctClause?: unknown; op?: string },
): StatementTraits['output'] {
  if (groupClause !== undefined || distinctClause !== undefined || (op ?? 'SETOP_NONE') !== 'SETOP_NONE')
    return null
  const wholeRowsOf: NamedTable[] = []
  const columns = new Map<readonly NamedTable[], string[]>()
  for (const target of targets) {
    const value = 'ResTarget' in target ? target.ResTarget.val : undefined
    if (value === undefined || !('ColumnRef' in value)) continue
    const fields = value.ColumnRef.fields ?? []
    const names = stringsOf(fields)
    if (names.length < fields.length)
      wholeRowsOf.push(...block.tables.filter(({ alias }) => names.length === 0 || names.at(-1) === alias))
    else {
      const column = namedColumn(value.ColumnRef, block)
      if (column !== null) columns.set(column.of, [...(columns.get(column.of) ?? []), column.column])
    }
  }
  return { wholeRowsOf, columns: [...columns].map(([of, names]) => ({ of, names: names.join('\0') })) }
}

/** Assignments of an UPDATE that add to or take from what was there. */
function incrementsOf(block: StatementBlock): readonly NamedColumn[] {
  return block.assigned.flatMap((target) => {
    if (!('ResTarget' in target)) return []
    const { name = '', val } = target.ResTarget
    if (val === undefined || !('A_Expr' in val)) return []
    const operator = stringsOf(val.A_Expr.name).at(-1)
    if (operator !== '+' && operator !== '-') return []
    const sides = [val.A_Expr.lexpr, val.A_Expr.rexpr]
    const isOwn = sides.some((side) => side !== undefined && mentions(side, name))
    return isOwn && block.tables[0] !== undefined ? [{ of: [block.tables[0]], column: name }] : []
  })
}

/** The column itself, or coalesce(column, 0). */
function mentions(side: Node, column: string): boolean {
  if ('ColumnRef' in side) return stringsOf(side.ColumnRef.fields).at(-1) === column
  if ('CoalesceExpr' in side) return (side.CoalesceExpr.args ?? []).some((arg) => mentions(arg, column))
  return false
}
