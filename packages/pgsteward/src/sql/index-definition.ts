// What a CREATE INDEX says, as data: read from a migration or from pg_get_indexdef alike, so that the two can be compared.

import type { IndexElem, IndexStmt, Node } from 'libpg-query'
import { canonicalExpression, columnText } from './canonical-expression.ts'
import { expressionSql, stringsOf } from './parse/expression-sql.ts'
import { findIn } from './parse/walk.ts'
import { ident } from './quote.ts'

export interface IndexKey {
  /** Null for an expression. */
  readonly column: string | null
  /** SQL of the column or expression alone. */
  readonly sql: string
  /** Of column or expression: equal texts are the same key (canonical-expression.ts). */
  readonly canonical: string
  readonly isDescending: boolean
  readonly areNullsFirst: boolean
  /** Null: the type's default. */
  readonly operatorClass: string | null
  readonly collation: string | null
}

export interface IndexDefinition {
  /** Null: where the search path leads. */
  readonly schema: string | null
  readonly table: string
  /** Null: PostgreSQL chooses. */
  readonly name: string | null
  readonly method: string
  readonly keys: readonly IndexKey[]
  readonly include: readonly string[]
  readonly where: { readonly sql: string; readonly canonical: string } | null
  readonly isUnique: boolean
  /** Every column in keys, INCLUDE and predicate. */
  readonly columns: readonly string[]
}

export function readIndexStatement(stmt: IndexStmt): IndexDefinition {
  const { relation, idxname, accessMethod, indexParams, indexIncludingParams, whereClause, unique } = stmt
  return {
    schema: relation?.schemaname ?? null,
    table: relation?.relname ?? '',
    name: idxname ?? null,
    method: accessMethod ?? 'btree',
    keys: elementsOf(indexParams).map(keyOf),
    include: elementsOf(indexIncludingParams).map(({ name }) => name ?? ''),
    where: predicateOf(whereClause),
    isUnique: unique === true,
    columns: columnsIn([indexParams, indexIncludingParams, whereClause]),
  }
}

export function predicateOf(node: Node | undefined): IndexDefinition['where'] {
  return node === undefined ? null : { sql: sqlOf(node), canonical: canonicalExpression(node) }
}

/** An ascending or descending key on a column. */
export function columnKey(
  column: string,
  more: Partial<Pick<IndexKey, 'isDescending' | 'operatorClass'>> = {},
): IndexKey {
  const { isDescending = false, operatorClass = null } = more
  return {
    column,
    sql: ident(column),
    canonical: columnText(column),
    isDescending,
    areNullsFirst: isDescending,
    operatorClass,
    collation: null,
  }
}

export function elementsOf(nodes: readonly Node[] | undefined): readonly IndexElem[] {
  return (nodes ?? []).flatMap((node) => ('IndexElem' in node ? [node.IndexElem] : []))
}

export function keyOf({ name, expr, ordering, nulls_ordering, opclass, collation }: IndexElem): IndexKey {
  const isDescending = ordering === 'SORTBY_DESC'
  const areNullsFirst =
    nulls_ordering === 'SORTBY_NULLS_FIRST' || (nulls_ordering !== 'SORTBY_NULLS_LAST' && isDescending)
  return {
    column: name ?? null,
    sql: name === undefined ? sqlOf(expr) : ident(name),
    canonical: name === undefined ? canonicalExpression(expr) : columnText(name),
    isDescending,
    areNullsFirst,
    operatorClass: stringsOf(opclass).at(-1) ?? null,
    collation: stringsOf(collation).at(-1) ?? null,
  }
}

function sqlOf(node: Node | undefined): string {
  return expressionSql(node, (fields) => ident(fields.at(-1) ?? '')) ?? 'an expression'
}

function columnsIn(nodes: unknown): readonly string[] {
  const referenced = findIn(nodes).columns.map(({ fields }) => stringsOf(fields).at(-1) ?? '')
  const named = (Array.isArray(nodes) ? nodes : []).flatMap((each) =>
    Array.isArray(each) ? elementsOf(each).flatMap(({ name }) => name ?? []) : [],
  )
  return [...new Set([...named, ...referenced])]
}

/** `using gin (tags) where ...`, without name and table. */
export function definitionText({
  method,
  keys,
  include,
  where,
}: Pick<IndexDefinition, 'method' | 'keys' | 'include' | 'where'>): string {
  const using = method === 'btree' ? '' : `using ${method} `
  const carried = include.length === 0 ? '' : ` include (${include.map(ident).join(', ')})`
  return `${using}(${keys.map(keyText).join(', ')})${carried}${where === null ? '' : ` where ${where.sql}`}`
}

export function keyText({
  column,
  sql,
  isDescending,
  areNullsFirst,
  operatorClass,
  collation,
}: IndexKey): string {
  const parts = [column === null && !/^[\w.]+\(.*\)$/.test(sql) ? `(${sql})` : sql]
  if (collation !== null) parts.push(`collate ${ident(collation)}`)
  if (operatorClass !== null) parts.push(operatorClass)
  if (isDescending) parts.push('desc')
  if (areNullsFirst !== isDescending) parts.push(areNullsFirst ? 'nulls first' : 'nulls last')
  return parts.join(' ')
}
