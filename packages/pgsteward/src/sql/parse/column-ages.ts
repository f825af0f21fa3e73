// Comparisons of a column with an age: `sent_at < now() - interval '90 days'`. What an application deletes by tells how long it keeps
// rows, what it asks for how far back it looks.

import type { Node } from 'libpg-query'
import { stringsOf } from './expression-sql.ts'

export interface ColumnAge {
  readonly column: string
  /** upper: older than that; lower: younger. */
  readonly bound: 'lower' | 'upper'
  readonly days: number
}

/** Of a whole statement, sub-selects included. Ages that are parameters are not known, and left out. */
export function columnAges(statement: Node): readonly ColumnAge[] {
  const found: ColumnAge[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each)
      return
    }
    if (typeof value !== 'object' || value === null) return
    const node = value as Node
    if ('A_Expr' in node) {
      const { name, lexpr, rexpr } = node.A_Expr
      const operator = stringsOf(name).at(-1) ?? ''
      const age = comparison(operator, lexpr, rexpr) ?? comparison(MIRRORED[operator] ?? '', rexpr, lexpr)
      if (age !== null) found.push(age)
    }
    for (const inner of Object.values(value)) visit(inner)
  }
  visit(statement)
  return found
}

const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

function comparison(operator: string, left: Node | undefined, right: Node | undefined): ColumnAge | null {
  if (MIRRORED[operator] === undefined || left === undefined || !('ColumnRef' in left)) return null
  const column = stringsOf(left.ColumnRef.fields).at(-1)
  const days = right === undefined ? null : daysBack(right)
  return column === undefined || days === null
    ? null
    : { column, bound: operator.startsWith('<') ? 'upper' : 'lower', days }
}

/** `now() - interval '1 day'`, `current_date - 30`, and the same inside a cast or date_trunc. */
function daysBack(node: Node): number | null {
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return daysBack(node.TypeCast.arg)
  if ('FuncCall' in node && stringsOf(node.FuncCall.funcname).at(-1) === 'date_trunc') {
    const inner = node.FuncCall.args?.[1]
    return inner === undefined ? null : daysBack(inner)
  }
  if (!('A_Expr' in node) || stringsOf(node.A_Expr.name).at(-1) !== '-') return null
  const { lexpr, rexpr } = node.A_Expr
  if (lexpr === undefined || rexpr === undefined || !isNow(lexpr)) return null
  return intervalDays(rexpr) ?? integerOf(rexpr)
}

const NOW: ReadonlySet<string> = new Set([
  'now',
  'clock_timestamp',
  'statement_timestamp',
  'transaction_timestamp',
])

function isNow(node: Node): boolean {
  if ('TypeCast' in node) return node.TypeCast.arg !== undefined && isNow(node.TypeCast.arg)
  if ('SQLValueFunction' in node) return true
  if (!('FuncCall' in node)) return false
  const name = stringsOf(node.FuncCall.funcname).at(-1) ?? ''
  if (name === 'date_trunc' || name === 'timezone') return node.FuncCall.args?.some(isNow) ?? false
  return NOW.has(name)
}

function integerOf(node: Node): number | null {
  return 'A_Const' in node && node.A_Const.ival !== undefined ? (node.A_Const.ival.ival ?? 0) : null
}

function intervalDays(node: Node): number | null {
  if ('TypeCast' in node) {
    const type = stringsOf(node.TypeCast.typeName?.names).at(-1)
    const value = node.TypeCast.arg
    return type === 'interval' && value !== undefined && 'A_Const' in value
      ? daysOfText(value.A_Const.sval?.sval ?? '')
      : null
  }
  if ('FuncCall' in node && stringsOf(node.FuncCall.funcname).at(-1) === 'make_interval') {
    const parts = (node.FuncCall.args ?? []).map((arg) => {
      if (!('NamedArgExpr' in arg) || arg.NamedArgExpr.arg === undefined) return null
      const days = UNIT_DAYS[arg.NamedArgExpr.name?.replace(/s$/, '') ?? '']
      const amount = integerOf(arg.NamedArgExpr.arg)
      return days === undefined || amount === null ? null : days * amount
    })
    return parts.length === 0 || parts.includes(null)
      ? null
      : parts.reduce<number>((sum, each) => sum + each!, 0)
  }
  if ('A_Expr' in node && stringsOf(node.A_Expr.name).at(-1) === '*') {
    const sides = [node.A_Expr.lexpr, node.A_Expr.rexpr].filter((side) => side !== undefined)
    const days = sides.map(intervalDays).find((each) => each !== null)
    const amount = sides.map(integerOf).find((each) => each !== null)
    return days == null || amount == null ? null : days * amount
  }
  return null
}

const UNIT_DAYS: Readonly<Record<string, number>> = {
  year: 365.25,
  mon: 30.4375,
  month: 30.4375,
  week: 7,
  day: 1,
  hour: 1 / 24,
  min: 1 / 1440,
  minute: 1 / 1440,
}

/** `90 days`, `1 year 6 mons`. Null: in another form. */
function daysOfText(text: string): number | null {
  const parts = [...text.toLowerCase().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)]
  if (parts.length === 0) return null
  let days = 0
  for (const [, amount, unit] of parts) {
    const each = UNIT_DAYS[unit!.replace(/s$/, '')]
    if (each === undefined) return null
    days += Number(amount) * each
  }
  return days
}
