// What a column is compared with: literals, parameters, or something that is known only when the statement runs.

import type { Node } from 'libpg-query'
import { constantSql, stringsOf, typeSql } from './expression-sql.ts'
import type { Operand } from './query-shape.ts'
import { keyOf, type Scope } from './scope.ts'
import { findIn } from './walk.ts'

/** `= any ('{a,b}')`, `= any (array[1, 2])`, `= any ($1)`. */
export function arrayItems(node: Node): readonly Node[] {
  if ('A_ArrayExpr' in node) return node.A_ArrayExpr.elements ?? []
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return arrayItems(node.TypeCast.arg)
  const text = 'A_Const' in node ? node.A_Const.sval?.sval : undefined
  // without quotes, escapes and inner arrays; others stay one constant, which no statistics know
  const inner = text === undefined ? undefined : /^\{([^{}"\\]+)\}$/.exec(text)?.[1]
  return inner === undefined
    ? [node]
    : inner.split(',').map((each): Node => ({ A_Const: { sval: { sval: each.trim() } } }))
}

export function isArrayWritten(node: Node): boolean {
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return isArrayWritten(node.TypeCast.arg)
  return 'A_ArrayExpr' in node
}

/** Null: it depends on a row of the same query that is no plain key. */
export function operandOf(nodes: readonly Node[], scope: Scope, isList = false): Operand | null {
  const literals = nodes.map(literalOf)
  if (literals.every((each) => each !== null)) return { kind: 'constant', literals }
  const { columns, parameters, subLinks } = findIn(nodes)
  const isInnerColumn = columns.some((column) => keyOf({ ColumnRef: column }, scope) !== null)
  if (isInnerColumn && subLinks.length === 0) return null
  if (parameters.length > 0 && columns.length === 0 && subLinks.length === 0)
    return { kind: 'parameter', numbers: nodes.flatMap((node) => plainParameter(node)), isList }
  return { kind: 'computed' }
}

/** `$1`, `$1::int` or `lower($1)`; a parameter within another expression can't be sampled from the column's values. */
export function plainParameter(node: Node): readonly number[] {
  if ('ParamRef' in node) return [node.ParamRef.number ?? 0]
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return plainParameter(node.TypeCast.arg)
  if ('FuncCall' in node && SAME_TEXT.test(stringsOf(node.FuncCall.funcname).at(-1) ?? ''))
    return (node.FuncCall.args ?? []).slice(0, 1).flatMap(plainParameter)
  return []
}

const SAME_TEXT = /^(lower|upper|btrim|ltrim|rtrim|unaccent)$/

/** A literal, perhaps cast; null for anything else. */
export function literalOf(node: Node): string | null {
  if ('A_Const' in node) return constantSql(node.A_Const)
  if ('TypeCast' in node && node.TypeCast.arg !== undefined && 'A_Const' in node.TypeCast.arg) {
    const value = constantSql(node.TypeCast.arg.A_Const)
    const type = typeSql(node.TypeCast.typeName)
    return value === null || type === null ? null : `${value}::${type}`
  }
  return null
}
