// WHERE and ON: each conjunct becomes a condition on the tables that it is about.

import type { A_Expr, Node } from 'libpg-query'
import { expressionSql, stringsOf } from './expression-sql.ts'
import { arrayItems, isArrayWritten, operandOf, plainParameter } from './operands.ts'
import type { Condition, KeyExpression, Operand, Operator, ParameterUse } from './query-shape.ts'
import { keyOf, type Resolved, type Scope, type UseDraft } from './scope.ts'
import { findIn } from './walk.ts'

interface Placed {
  readonly use: UseDraft
  readonly condition: Condition
}

/** Adds what a conjunct says to the tables' conditions. Sub-selects are left to the caller. */
export function addCondition(
  node: Node,
  scope: Scope,
  parameters: ParameterUse[],
  only?: (use: UseDraft) => boolean,
): void {
  const arms = alternatives(node)?.filter((arm) => !isAbsentParameter(arm)) ?? null
  if (arms?.length === 1) {
    addCondition(arms[0]!, scope, parameters, only)
    return
  }
  if (arms !== null) {
    const placed = arms.map((arm) => read(arm, scope))
    const use = placed[0]?.[0]?.use
    const isOneTable = placed.every((each) => each.length > 0 && each.every((one) => one.use === use))
    for (const each of placed.flat()) noteParameters(each, parameters)
    if (use !== undefined && isOneTable && (only?.(use) ?? true))
      use.alternatives.push(placed.map((each) => each[0]!.condition))
    return
  }
  for (const placed of read(node, scope)) {
    noteParameters(placed, parameters)
    if (only?.(placed.use) ?? true) placed.use.conditions.push(placed.condition)
  }
}

/** The arms of an OR; null for anything else. */
function alternatives(node: Node): readonly Node[] | null {
  return 'BoolExpr' in node && node.BoolExpr.boolop === 'OR_EXPR' ? (node.BoolExpr.args ?? []) : null
}

/** `$1 is null or x = $1`, a filter that may be left out: with a value, only the rest counts. */
function isAbsentParameter(arm: Node): boolean {
  if (!('NullTest' in arm) || arm.NullTest.nulltesttype !== 'IS_NULL' || arm.NullTest.arg === undefined)
    return false
  return plainParameter(arm.NullTest.arg).length > 0
}

function noteParameters(
  { use, condition: { on: first, operator, operand, bound, rowKeys } }: Placed,
  parameters: ParameterUse[],
): void {
  if (operand.kind !== 'parameter') return
  const isKeyset = rowKeys.length > 0
  for (const [index, number] of operand.numbers.entries()) {
    const on = isKeyset ? [first, ...rowKeys][index] : first
    if (on === undefined || on.columns.length !== 1) continue
    parameters.push({
      number,
      table: use.table,
      column: on.columns[0]!,
      operator,
      bound: bound === 'both' ? (index === 0 ? 'lower' : 'upper') : bound,
      isList: operand.isList,
      member: on.column === null ? (/->> ?'([^']+)'\)?$/.exec(on.sql)?.[1] ?? null) : null,
      letters: on.sql.startsWith('lower(') ? 'lower' : on.sql.startsWith('upper(') ? 'upper' : null,
      isKeyset,
    })
  }
}

function read(node: Node, scope: Scope): readonly Placed[] {
  if ('ColumnRef' in node) return flag(node, 'is-true', node, scope)
  if ('BoolExpr' in node) {
    const inner = node.BoolExpr.args?.[0]
    if (node.BoolExpr.boolop !== 'NOT_EXPR' || inner === undefined) return []
    return 'ColumnRef' in inner ? flag(inner, 'is-false', node, scope) : []
  }
  if ('NullTest' in node) {
    const isNull = node.NullTest.nulltesttype === 'IS_NULL'
    return flag(node.NullTest.arg, isNull ? 'is-null' : 'is-not-null', node, scope)
  }
  if ('BooleanTest' in node) {
    const test = node.BooleanTest.booltesttype
    if (test === 'IS_TRUE') return flag(node.BooleanTest.arg, 'is-true', node, scope)
    return test === 'IS_FALSE' ? flag(node.BooleanTest.arg, 'is-false', node, scope) : []
  }
  return 'A_Expr' in node ? comparison(node.A_Expr, node, scope) : []
}

function flag(arg: Node | undefined, operator: Operator, whole: Node, scope: Scope): readonly Placed[] {
  const resolved = keyOf(arg, scope)
  if (resolved === null) return []
  const { use, key } = resolved
  const sql = predicateSql(whole, use, scope)
  return [{ use, condition: { on: key, operator, operand: { kind: 'none' }, bound: null, sql, rowKeys: [] } }]
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  '=': 'equal',
  '<': 'range',
  '<=': 'range',
  '>': 'range',
  '>=': 'range',
  '<>': 'not-equal',
  '!=': 'not-equal',
  '~~': 'like',
  '~~*': 'ilike',
  '~': 'regex',
  '~*': 'regex',
  '@>': 'contains',
  '<@': 'contained',
  '&&': 'overlaps',
  '?': 'has-key',
  '?|': 'has-key',
  '?&': 'has-key',
  '@?': 'json-path',
  '@@': 'text-search',
}

function comparison(expression: A_Expr, whole: Node, scope: Scope): readonly Placed[] {
  const { kind, name, lexpr, rexpr } = expression
  const written = stringsOf(name).at(-1) ?? ''
  if (lexpr === undefined || rexpr === undefined) return []
  if (kind === 'AEXPR_BETWEEN' && 'List' in rexpr) {
    const items = rexpr.List.items ?? []
    return place(lexpr, 'range', operandOf(items, scope), whole, scope, 'both')
  }
  if (kind === 'AEXPR_IN' && 'List' in rexpr) {
    const operator = written === '=' ? 'in' : 'not-equal'
    return place(lexpr, operator, operandOf(rexpr.List.items ?? [], scope), whole, scope)
  }
  if (kind === 'AEXPR_OP_ANY' && written === '=')
    return place(lexpr, 'in', operandOf(arrayItems(rexpr), scope, !isArrayWritten(rexpr)), whole, scope)
  if (kind === 'AEXPR_OP_ALL' && (written === '<>' || written === '!='))
    return place(lexpr, 'not-equal', operandOf(arrayItems(rexpr), scope), whole, scope)
  if (kind !== 'AEXPR_OP' && kind !== 'AEXPR_LIKE' && kind !== 'AEXPR_ILIKE') return []
  const operator = OPERATORS[written]
  if (operator === undefined) return []
  if ('RowExpr' in lexpr && 'RowExpr' in rexpr)
    return rowComparison(lexpr.RowExpr.args ?? [], rexpr.RowExpr.args ?? [], written, whole, scope)
  const left = keyOf(lexpr, scope)
  const right = keyOf(rexpr, scope)
  if (left !== null && right !== null) return left.use === right.use ? [] : joined(left, right, operator)
  const bound = boundOf(written)
  if (left !== null) return place(lexpr, operator, operandOf([rexpr], scope), whole, scope, bound)
  // `5 < x` and `'{a}' <@ tags` are about x and tags all the same
  const mirrored = operator === 'contained' ? 'contains' : operator === 'contains' ? 'contained' : operator
  return right === null || operator === 'like' || operator === 'ilike'
    ? []
    : place(rexpr, mirrored, operandOf([lexpr], scope), whole, scope, bound === null ? null : opposite(bound))
}

function boundOf(operator: string): 'lower' | 'upper' | null {
  return operator === '>' || operator === '>='
    ? 'lower'
    : operator === '<' || operator === '<='
      ? 'upper'
      : null
}

function opposite(bound: 'lower' | 'upper'): 'lower' | 'upper' {
  return bound === 'lower' ? 'upper' : 'lower'
}

function joined(left: Resolved, right: Resolved, operator: Operator): readonly Placed[] {
  const side = (mine: Resolved, other: Resolved): Placed => ({
    use: mine.use,
    condition: {
      on: mine.key,
      operator,
      operand: { kind: 'join', use: other.use, on: other.key },
      bound: null,
      sql: null,
      rowKeys: [],
    },
  })
  return operator === 'equal' || operator === 'range' ? [side(left, right), side(right, left)] : []
}

/** Two keys of different tables that must be equal: by USING, by IN (select ...). */
export function addJoin(left: Resolved, right: Resolved, only?: (use: UseDraft) => boolean): void {
  if (left.use === right.use) return
  for (const { use, condition } of joined(left, right, 'equal'))
    if (only?.(use) ?? true) use.conditions.push(condition)
}

function rowComparison(
  left: readonly Node[],
  right: readonly Node[],
  written: string,
  whole: Node,
  scope: Scope,
): readonly Placed[] {
  const operator = OPERATORS[written]
  if (operator === 'equal') {
    return left.flatMap((each, index) => {
      const other = right[index]
      if (other === undefined) return []
      const pair: Node = {
        A_Expr: { kind: 'AEXPR_OP', name: [{ String: { sval: '=' } }], lexpr: each, rexpr: other },
      }
      return read(pair, scope)
    })
  }
  const keys = left.map((each) => keyOf(each, scope))
  const first = keys[0]
  if (operator !== 'range' || first === null || first === undefined) return []
  const rowKeys: KeyExpression[] = []
  for (const key of keys.slice(1)) {
    if (key === null || key.use !== first.use) break
    rowKeys.push(key.key)
  }
  const all = operandOf(right.slice(0, 1 + rowKeys.length), scope)
  const isWhole = all?.kind === 'parameter' && all.numbers.length === 1 + rowKeys.length
  const operand = isWhole ? all : operandOf(right.slice(0, 1), scope)
  if (operand === null) return []
  const sql = predicateSql(whole, first.use, scope)
  return [
    {
      use: first.use,
      condition: { on: first.key, operator, operand, bound: boundOf(written), sql, rowKeys },
    },
  ]
}

function place(
  on: Node,
  operator: Operator,
  operand: Operand | null,
  whole: Node,
  scope: Scope,
  bound: 'lower' | 'upper' | 'both' | null = null,
): readonly Placed[] {
  const resolved = keyOf(on, scope)
  if (resolved === null || operand === null) return []
  const { use, key } = resolved
  // x = 'a' and x in ('a') are the same question
  const plain =
    operator === 'in' && operand.kind === 'constant' && operand.literals.length === 1 ? 'equal' : operator
  const sql = operand.kind === 'constant' ? predicateSql(whole, use, scope) : null
  return [{ use, condition: { on: key, operator: plain, operand, bound, sql, rowKeys: [] } }]
}

function predicateSql(whole: Node, use: UseDraft, scope: Scope): string | null {
  if (findIn(whole).parameters.length > 0) return null
  return expressionSql(whole, (fields) => {
    const found = keyOf({ ColumnRef: { fields: fields.map((sval) => ({ String: { sval } })) } }, scope)
    return found?.use === use ? found.key.sql : null
  })
}
