// How a block's conditions treat columns: bare, inside an expression, or against the column of another table.

import type { A_Expr, Node } from 'libpg-query'
import { stringsOf, typeSql } from './expression-sql.ts'
import { namedColumn, type StatementBlock } from './statement-blocks.ts'
import type { ComparedColumn, NamedColumn, StatementTraits, WrappedColumn } from './statement-traits.ts'
import { findIn } from './walk.ts'

export interface Comparisons
  extends Pick<StatementTraits, 'wrapped' | 'compared' | 'joined' | 'longestList'> {}

const COMPARING = new Set(['=', '<', '<=', '>', '>=', '~~'])
const ARITHMETIC = new Set(['+', '-', '*', '/', '||', '%'])

export function readComparisons(block: StatementBlock): Comparisons {
  const wrapped: WrappedColumn[] = []
  const compared: ComparedColumn[] = []
  const joined: (readonly [NamedColumn, NamedColumn])[] = []
  let longestList = 0
  const read = (node: Node): void => {
    if ('BoolExpr' in node) {
      // the arms of an OR as well: each is served by an index of its own, or none is
      for (const arm of node.BoolExpr.args ?? []) read(arm)
      return
    }
    if (!('A_Expr' in node)) return
    const expression = node.A_Expr
    const operator = stringsOf(expression.name).at(-1) ?? ''
    const { lexpr, rexpr } = expression
    if (lexpr === undefined || rexpr === undefined || !COMPARING.has(operator)) return
    const items = 'List' in rexpr ? (rexpr.List.items ?? []) : null
    if (expression.kind === 'AEXPR_IN' && items?.every(isValue))
      longestList = Math.max(longestList, items.length)
    const [left, right] = [bareColumn(lexpr, block), bareColumn(rexpr, block)]
    if (left !== null && right !== null) {
      if (operator === '=' && expression.kind === 'AEXPR_OP') joined.push([left, right])
      return
    }
    const sides: readonly (readonly [Node, Node])[] =
      expression.kind === 'AEXPR_OP'
        ? [
            [lexpr, rexpr],
            [rexpr, lexpr],
          ]
        : [[lexpr, rexpr]]
    for (const [side, other] of sides) {
      if (findIn(other).columns.length > 0) continue
      const bare = bareColumn(side, block)
      if (bare !== null) compared.push({ on: bare, operator, type: typeOf(other, expression) })
      else {
        const found = wrappedColumn(side, block, operator)
        if (found !== null) wrapped.push(found)
      }
    }
  }
  for (const condition of block.conditions) read(condition)
  return { wrapped, compared, joined, longestList }
}

function bareColumn(node: Node, block: StatementBlock): NamedColumn | null {
  return 'ColumnRef' in node ? namedColumn(node.ColumnRef, block) : null
}

function isValue(node: Node): boolean {
  return (
    'A_Const' in node ||
    'ParamRef' in node ||
    ('TypeCast' in node && node.TypeCast.arg !== undefined && isValue(node.TypeCast.arg))
  )
}

/** Of the value's side, as the text gives it; of a list its first item's. */
function typeOf(node: Node, { kind }: A_Expr): string | null {
  if ('List' in node) {
    const first = node.List.items?.[0]
    return first === undefined ? null : typeOf(first, {})
  }
  if ('TypeCast' in node) {
    const type = typeSql(node.TypeCast.typeName)
    return kind === 'AEXPR_OP_ANY' ? (type?.replace(/\[\]$/, '') ?? null) : type
  }
  // the parser keeps whole numbers beyond four bytes there as well: they are bigints
  return 'A_Const' in node && /[.eE]/.test(node.A_Const.fval?.fval ?? '') ? 'numeric' : null
}

/** One column and nothing else of the block. */
function wrappedColumn(node: Node, block: StatementBlock, operator: string): WrappedColumn | null {
  const { columns, subLinks } = findIn(node)
  const [reference] = columns
  if (reference === undefined || columns.length > 1 || subLinks.length > 0) return null
  const on = namedColumn(reference, block)
  if (on === null) return null
  const name = (text: string) => text.toLowerCase()
  if ('FuncCall' in node) {
    const called = name(stringsOf(node.FuncCall.funcname).at(-1) ?? '')
    const args = (node.FuncCall.args ?? []).map((arg) => (holdsColumn(arg) ? sketchOf(arg, on.column) : '…'))
    return { on, by: 'function', name: called, sketch: `${called}(${args.join(', ')})`, operator }
  }
  if ('TypeCast' in node) {
    const type = typeSql(node.TypeCast.typeName)
    if (type === null || node.TypeCast.arg === undefined) return null
    return {
      on,
      by: 'cast',
      name: type,
      sketch: `${sketchOf(node.TypeCast.arg, on.column)}::${type}`,
      operator,
    }
  }
  if ('CoalesceExpr' in node)
    return { on, by: 'coalesce', name: 'coalesce', sketch: `coalesce(${on.column}, …)`, operator }
  if ('A_Expr' in node && node.A_Expr.kind === 'AEXPR_OP') {
    const inner = stringsOf(node.A_Expr.name).at(-1) ?? ''
    if (!ARITHMETIC.has(inner) || node.A_Expr.lexpr === undefined) return null
    const [left, right] = [node.A_Expr.lexpr, node.A_Expr.rexpr].map((side) =>
      side !== undefined && holdsColumn(side) ? sketchOf(side, on.column) : '…',
    )
    return { on, by: 'arithmetic', name: inner, sketch: `${left} ${inner} ${right}`, operator }
  }
  return null
}

function holdsColumn(node: Node): boolean {
  return findIn(node).columns.length > 0
}

function sketchOf(node: Node, column: string): string {
  if ('ColumnRef' in node) return column
  if ('TypeCast' in node) return `${column}::${typeSql(node.TypeCast.typeName) ?? '…'}`
  if ('FuncCall' in node) return `${stringsOf(node.FuncCall.funcname).at(-1) ?? ''}(${column})`
  return `(… ${column} …)`
}
