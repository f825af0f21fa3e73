// Parse-tree expressions back to SQL over bare column names, for index keys and predicates. Null: not for an index.

import type { A_Const, Node, TypeName } from 'libpg-query'
import { ident, literal } from '../quote.ts'

/** `column` gives the SQL of a column reference, or null when it is none of the wanted table. */
export function expressionSql(
  node: Node | undefined,
  column: (fields: readonly string[]) => string | null,
): string | null {
  if (node === undefined) return null
  const sql = (inner: Node | undefined) => expressionSql(inner, column)
  const list = (nodes: readonly Node[] | undefined) => allOf((nodes ?? []).map(sql))
  if ('ColumnRef' in node) {
    const fields = fieldsOf(node.ColumnRef.fields)
    return fields === null ? null : column(fields)
  }
  if ('A_Const' in node) return constantSql(node.A_Const)
  if ('TypeCast' in node) {
    const arg = sql(node.TypeCast.arg)
    const type = typeSql(node.TypeCast.typeName)
    return arg === null || type === null ? null : `(${arg})::${type}`
  }
  if ('CollateClause' in node) {
    const arg = sql(node.CollateClause.arg)
    const names = stringsOf(node.CollateClause.collname)
    return arg === null ? null : `${arg} collate ${names.map(ident).join('.')}`
  }
  if ('FuncCall' in node) {
    const { funcname, args, agg_star, agg_distinct, agg_filter, over, func_variadic, agg_order } =
      node.FuncCall
    if (agg_star || agg_distinct || agg_filter || over || func_variadic || agg_order) return null
    const inner = list(args)
    const names = stringsOf(funcname)
    if (inner === null || AGGREGATES.test(names.at(-1) ?? '')) return null
    // extract(), trim() and others come as pg_catalog.NAME
    return `${names.map(ident).join('.')}(${inner.join(', ')})`
  }
  if ('CoalesceExpr' in node) {
    const args = list(node.CoalesceExpr.args)
    return args === null ? null : `coalesce(${args.join(', ')})`
  }
  if ('A_ArrayExpr' in node) {
    const elements = list(node.A_ArrayExpr.elements)
    return elements === null ? null : `array[${elements.join(', ')}]`
  }
  if ('NullTest' in node) {
    const arg = sql(node.NullTest.arg)
    return arg === null ? null : `${arg} is ${node.NullTest.nulltesttype === 'IS_NULL' ? '' : 'not '}null`
  }
  if ('BooleanTest' in node) {
    const arg = sql(node.BooleanTest.arg)
    const test = BOOLEAN_TESTS[node.BooleanTest.booltesttype ?? '']
    return arg === null || test === undefined ? null : `${arg} ${test}`
  }
  if ('BoolExpr' in node) {
    const args = list(node.BoolExpr.args)
    if (args === null) return null
    if (node.BoolExpr.boolop === 'NOT_EXPR') return `not (${args[0]})`
    return args.map((arg) => `(${arg})`).join(node.BoolExpr.boolop === 'AND_EXPR' ? ' and ' : ' or ')
  }
  if ('A_Expr' in node) {
    const { kind, name, lexpr, rexpr } = node.A_Expr
    const operator = stringsOf(name).at(-1) ?? ''
    const left = sql(lexpr)
    if (kind === 'AEXPR_IN') {
      const items = rexpr !== undefined && 'List' in rexpr ? list(rexpr.List.items) : null
      return left === null || items === null
        ? null
        : `${left} ${operator === '=' ? 'in' : 'not in'} (${items.join(', ')})`
    }
    if (kind === 'AEXPR_BETWEEN') {
      const items = rexpr !== undefined && 'List' in rexpr ? list(rexpr.List.items) : null
      return left === null || items === null ? null : `${left} between ${items[0]} and ${items[1]}`
    }
    const right = sql(rexpr)
    if (right === null) return null
    if (kind === 'AEXPR_OP_ANY') return left === null ? null : `${left} ${operator} any (${right})`
    if (kind === 'AEXPR_LIKE' || kind === 'AEXPR_ILIKE')
      return left === null ? null : `${left} ${LIKES[operator] ?? operator} ${right}`
    if (kind === 'AEXPR_DISTINCT') return left === null ? null : `${left} is distinct from ${right}`
    if (kind === 'AEXPR_NOT_DISTINCT') return left === null ? null : `${left} is not distinct from ${right}`
    if (kind !== 'AEXPR_OP') return null
    const wrapped = (text: string, inner: Node | undefined) =>
      inner !== undefined && ('A_Expr' in inner || 'BoolExpr' in inner) ? `(${text})` : text
    if (lexpr === undefined) return `${operator} ${wrapped(right, rexpr)}`
    return left === null ? null : `${wrapped(left, lexpr)} ${operator} ${wrapped(right, rexpr)}`
  }
  return null
}

// a user's own aggregates are told apart by nothing in the tree; the planner refuses them when the index is tried
const AGGREGATES =
  /^(count|sum|avg|min|max|array_agg|string_agg|(json|jsonb|xml)(_object)?_?agg|bool_and|bool_or|every|bit_(and|or|xor)|stddev.*|var.*|corr|covar_.*|regr_.*|mode|percentile_.*|rank|dense_rank|row_number|ntile|lag|lead|first_value|last_value|nth_value|any_value|range_agg)$/

const LIKES: Readonly<Record<string, string>> = {
  '~~': 'like',
  '~~*': 'ilike',
  '!~~': 'not like',
  '!~~*': 'not ilike',
}

const BOOLEAN_TESTS: Readonly<Record<string, string>> = {
  IS_TRUE: 'is true',
  IS_NOT_TRUE: 'is not true',
  IS_FALSE: 'is false',
  IS_NOT_FALSE: 'is not false',
}

export function constantSql(constant: A_Const): string | null {
  if (constant.isnull) return 'null'
  // the parser leaves out what is zero or empty: {"ival": {}} is 0, {"boolval": {}} false, {"sval": {}} ''
  if (constant.ival !== undefined) return String(constant.ival.ival ?? 0)
  if (constant.fval !== undefined) return constant.fval.fval ?? '0'
  if (constant.boolval !== undefined) return constant.boolval.boolval ? 'true' : 'false'
  if (constant.sval !== undefined) return literal(constant.sval.sval ?? '').trim()
  return null
}

/** A type's name as SQL; null for the rare forms (set of, %type). */
export function typeSql(type: TypeName | undefined): string | null {
  if (type === undefined || type.setof || type.pct_type) return null
  const names = stringsOf(type.names)
  const modifiers = (type.typmods ?? []).map((node) => ('A_Const' in node ? constantSql(node.A_Const) : null))
  const plain = names.at(-1)
  if (plain === undefined || modifiers.some((modifier) => modifier === null)) return null
  const base = names[0] === 'pg_catalog' ? plain : names.map(ident).join('.')
  // interval's modifiers are a bit mask of fields: nothing that an index key would hold
  const written = modifiers.length === 0 || plain === 'interval' ? base : `${base}(${modifiers.join(', ')})`
  return `${written}${'[]'.repeat(type.arrayBounds?.length ?? 0)}`
}

/** The names of a column reference; null where it ends in a star. */
export function fieldsOf(fields: readonly Node[] | undefined): readonly string[] | null {
  const names = stringsOf(fields)
  return names.length === (fields ?? []).length ? names : null
}

export function stringsOf(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []))
}

function allOf(values: readonly (string | null)[]): readonly string[] | null {
  return values.some((value) => value === null) ? null : (values as readonly string[])
}
