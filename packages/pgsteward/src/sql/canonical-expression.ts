// One text for all ways to write the same expression: what a person wrote in a migration, and what PostgreSQL makes of it in
// pg_get_indexdef. For comparing, never for running.

import type { Node } from 'libpg-query'
import { constantSql, stringsOf, typeSql } from './parse/expression-sql.ts'

/**
 * Equal for equal expressions, as far as that is a matter of writing: casts of literals and to text, `in` and `= any`, `between`,
 * qualified columns, positions in the text. `not (a and b)` against `not a or not b` is left apart.
 */
export function canonicalExpression(node: Node | undefined): string {
  return JSON.stringify(plain(node))
}

/** The canonical text with a column renamed. */
export function withColumnRenamed(canonical: string, from: string, to: string): string {
  return canonical.replaceAll(columnText(from), columnText(to))
}

export function columnText(name: string): string {
  return JSON.stringify({ column: name })
}

const TEXT_TYPES = new Set(['text', 'varchar', 'bpchar', 'character varying'])

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const node = value as Node
  if ('ColumnRef' in node) return { column: stringsOf(node.ColumnRef.fields).at(-1) ?? '*' }
  if ('A_Const' in node) return { constant: constantText(node) }
  if ('TypeCast' in node) return plainCast(node)
  if ('BoolExpr' in node) return plainBoolean(node)
  if ('A_Expr' in node) return plainOperator(node)
  if ('FuncCall' in node) {
    const name = stringsOf(node.FuncCall.funcname).at(-1)?.toLowerCase()
    return { call: name, of: (node.FuncCall.args ?? []).map(plain) }
  }
  if ('String' in node) return node.String.sval ?? ''
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !/location$|_(start|end)$|^kind$|^funcformat$/.test(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, plain(inner)]),
  )
}

/** `0`, `'0'` and `'0'::numeric` are one. */
function constantText(node: Extract<Node, { A_Const: unknown }>): string {
  const { sval } = node.A_Const
  return sval === undefined ? (constantSql(node.A_Const) ?? '') : (sval.sval ?? '')
}

function plainCast({ TypeCast: { arg, typeName } }: Extract<Node, { TypeCast: unknown }>): unknown {
  const inner = plain(arg)
  const type = typeSql(typeName) ?? ''
  const isText = TEXT_TYPES.has(type.replace(/\(.*\)|\[\]/g, ''))
  const isConstant = arg !== undefined && ('A_Const' in arg || 'A_ArrayExpr' in arg)
  return isText || isConstant ? inner : { cast: type, of: inner }
}

function plainBoolean({ BoolExpr: { boolop, args } }: Extract<Node, { BoolExpr: unknown }>): unknown {
  const arms = (args ?? []).map(plain)
  if (boolop === 'NOT_EXPR') return { not: arms[0] }
  return both(boolop === 'AND_EXPR' ? 'and' : 'or', arms)
}

/** Nested arms of the same kind are one list, in an order of their own: it says nothing. */
function both(kind: 'and' | 'or', arms: readonly unknown[]): unknown {
  const flat = arms.flatMap((arm) => ((arm as Record<string, unknown[]>)[kind] ?? [arm]) as unknown[])
  return { [kind]: inOrder(flat) }
}

function inOrder(values: readonly unknown[]): readonly unknown[] {
  const texts = values.map((value) => JSON.stringify(value)).sort()
  return texts.map((text) => JSON.parse(text))
}

function plainOperator({ A_Expr: expression }: Extract<Node, { A_Expr: unknown }>): unknown {
  const { kind, name, lexpr, rexpr } = expression
  const operator = OPERATORS[stringsOf(name).at(-1) ?? ''] ?? stringsOf(name).at(-1) ?? ''
  const left = plain(lexpr)
  const listed = rexpr !== undefined && 'List' in rexpr ? (rexpr.List.items ?? []).map(plain) : null
  if (kind === 'AEXPR_IN' && listed !== null)
    return listed.length === 1
      ? { operator, left, right: listed[0] }
      : { each: operator, left, right: { elements: inOrder(listed) } }
  if (kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL')
    return { each: operator, left, right: elementsOf(rexpr) }
  if (/^AEXPR_BETWEEN/.test(kind ?? '') && listed !== null)
    return both('and', [
      { operator: '>=', left, right: listed[0] },
      { operator: '<=', left, right: listed[1] },
    ])
  if (kind === 'AEXPR_DISTINCT' || kind === 'AEXPR_NOT_DISTINCT') return { kind, left, right: plain(rexpr) }
  return { operator, left, right: plain(rexpr) }
}

const OPERATORS: Readonly<Record<string, string>> = { '!=': '<>' }

function elementsOf(node: Node | undefined): unknown {
  if (node !== undefined && 'A_ArrayExpr' in node)
    return { elements: inOrder((node.A_ArrayExpr.elements ?? []).map(plain)) }
  if (node !== undefined && 'TypeCast' in node) {
    const { arg } = node.TypeCast
    if (arg !== undefined && ('A_ArrayExpr' in arg || 'TypeCast' in arg)) return elementsOf(arg)
  }
  return plain(node)
}
