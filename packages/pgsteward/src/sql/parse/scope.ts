// Names of one query block: which alias stands for which table, and what a column reference means there. Sub-selects, CTEs and
// views are seen through, down to the tables.

import type { ColumnRef, Node } from 'libpg-query'
import { ident } from '../quote.ts'
import { expressionSql, fieldsOf } from './expression-sql.ts'
import type { Condition, KeyExpression, OrderKey, TableUse } from './query-shape.ts'
import type { KnownColumn, KnownTable } from './table-names.ts'
import { findIn } from './walk.ts'

/** A TableUse while it is being put together. */
export interface UseDraft extends TableUse {
  conditions: Condition[]
  alternatives: (readonly Condition[])[]
  order: OrderKey[]
  isWholeOrder: boolean
  group: KeyExpression[]
  extremes: KeyExpression[]
  columns: string[]
  readsWholeRow: boolean
  visitsRows: boolean
  readonly known: ReadonlyMap<string, KnownColumn>
}

/** What a name means: a key of one table use. */
export interface Resolved {
  readonly use: UseDraft
  readonly key: KeyExpression
}

/** A sub-select, CTE, view or function in FROM: null where an output is no expression of a single table. */
export interface Derived {
  readonly alias: string
  readonly outputs: ReadonlyMap<string, Resolved | null>
}

export interface Scope {
  readonly uses: UseDraft[]
  readonly derived: Derived[]
  /** Of the query around a sub-select. */
  readonly outer: Scope | null
  /** CTEs in sight. */
  readonly named: ReadonlyMap<string, Derived>
}

export function draftOf(table: KnownTable, alias: string): UseDraft {
  return {
    table: { schema: table.schema, name: table.name },
    alias,
    conditions: [],
    alternatives: [],
    order: [],
    isWholeOrder: false,
    group: [],
    extremes: [],
    columns: [],
    readsWholeRow: false,
    visitsRows: false,
    known: new Map(table.columns.map((column) => [column.name, column])),
  }
}

export function lookUp(reference: ColumnRef, scope: Scope): Resolved | null {
  const fields = fieldsOf(reference.fields)
  if (fields === null || fields.length === 0) return null
  for (let each: Scope | null = scope; each !== null; each = each.outer) {
    const found = lookUpHere(fields, each)
    if (found !== undefined) return found
  }
  return null
}

/** undefined: no such name here, ask the query around; null: here, but no key. */
function lookUpHere(fields: readonly string[], scope: Scope): Resolved | null | undefined {
  const column = fields.at(-1)!
  const qualifier = fields.at(-2)
  for (const use of scope.uses) {
    if (qualifier !== undefined && qualifier !== use.alias) continue
    if (fields.length > 2 && fields.at(-3) !== use.table.schema) continue
    const known = use.known.get(column)
    if (known !== undefined) return { use, key: columnKey(known) }
    // the row itself: count(t), to_jsonb(t)
    if (fields.length === 1 && column === use.alias) {
      use.readsWholeRow = true
      return null
    }
  }
  for (const { alias, outputs } of scope.derived) {
    if (qualifier !== undefined && qualifier !== alias) continue
    const found = outputs.get(column)
    if (found !== undefined) return found
    if (qualifier !== undefined) return null
  }
  return undefined
}

export function columnKey({ name, type }: KnownColumn): KeyExpression {
  return { sql: ident(name), column: name, columns: [name], type }
}

/** An expression as a key of one table use; null where it has parameters, sub-selects or several tables. */
export function keyOf(node: Node | undefined, scope: Scope): Resolved | null {
  if (node === undefined) return null
  if ('ColumnRef' in node) return lookUp(node.ColumnRef, scope)
  const { columns, parameters, subLinks } = findIn(node)
  if (columns.length === 0 || parameters.length > 0 || subLinks.length > 0) return null
  const resolved = columns.map((column) => lookUp(column, scope))
  const first = resolved[0]
  if (first === null || first === undefined) return null
  if (resolved.some((each) => each === null || each.use !== first.use || each.key.column === null))
    return null
  const sql = expressionSql(node, (fields) => {
    const found = lookUp({ fields: fields.map((sval) => ({ String: { sval } })) }, scope)
    return found?.key.sql ?? null
  })
  if (sql === null) return null
  const names = [...new Set(resolved.map((each) => each!.key.column!))]
  return { use: first.use, key: { sql, column: null, columns: names, type: expressionType(node) } }
}

/** The type of an expression as far as its outermost part tells. */
function expressionType(node: Node): string | null {
  if ('FuncCall' in node) {
    const name = node.FuncCall.funcname?.at(-1)
    const plain = name !== undefined && 'String' in name ? (name.String.sval ?? '') : ''
    if (
      /^(lower|upper|btrim|ltrim|rtrim|unaccent|substr|substring|left|right|concat|replace|md5)$/.test(plain)
    )
      return 'text'
    if (/^(to_tsvector|setweight)$/.test(plain)) return 'tsvector'
    return null
  }
  if ('A_Expr' in node) {
    const operator = node.A_Expr.name?.at(-1)
    const plain = operator !== undefined && 'String' in operator ? operator.String.sval : ''
    if (plain === '->>' || plain === '#>>' || plain === '||') return 'text'
    if (plain === '->' || plain === '#>') return 'jsonb'
  }
  if ('CoalesceExpr' in node) return null
  return null
}

/** Notes which columns of which tables an expression reads. */
export function noteColumns(node: unknown, scope: Scope): void {
  for (const reference of findIn(node).columns) {
    if (fieldsOf(reference.fields) === null) noteStar(reference, scope)
    else {
      const resolved = lookUp(reference, scope)
      if (resolved !== null) addColumns(resolved)
    }
  }
}

export function addColumns({ use, key }: Resolved): void {
  for (const column of key.columns) if (!use.columns.includes(column)) use.columns.push(column)
}

/** `*` or `t.*`. */
function noteStar(reference: ColumnRef, scope: Scope): void {
  const first = reference.fields?.[0]
  const alias = first !== undefined && 'String' in first ? first.String.sval : undefined
  for (const use of scope.uses) {
    if (alias === undefined || alias === use.alias) use.readsWholeRow = true
  }
}
