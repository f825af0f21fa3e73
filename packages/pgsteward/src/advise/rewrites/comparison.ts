// A column, bare or inside an expression, that is compared with a value; and what its rewrites share.

import type { A_Expr, Node } from 'libpg-query'
import { stringsOf, typeSql } from '../../sql/parse/expression-sql.ts'
import { findIn } from '../../sql/parse/walk.ts'
import { type KnownColumn, type Rewrite, type RewriteBlock, type RewriteSite, rewritten } from './rewrite.ts'

export const DATE = 'date'
export const TIMESTAMP = 'timestamp without time zone'
export const TIMESTAMPTZ = 'timestamp with time zone'
export const TIMES = new Set([DATE, TIMESTAMP, TIMESTAMPTZ])
export const WHOLE_NUMBERS = new Set(['smallint', 'integer', 'bigint'])
export const MIRRORED: Readonly<Record<string, string>> = {
  '=': '=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

export const NO_CLOCK_CHANGE =
  "if the session's time zone never turns its clock back over midnight, as few do"

export interface Comparison {
  readonly whole: Node
  readonly expression: A_Expr
  readonly wrapped: Node
  readonly value: Node
  readonly operator: string
  readonly at: KnownColumn
  /** The bare column, as it is written. */
  readonly column: string
}

export type Way = (comparison: Comparison, site: RewriteSite) => readonly Rewrite[]

export function comparisonsIn(
  whole: Node,
  block: RewriteBlock,
  { source }: RewriteSite,
): readonly Comparison[] {
  if (!('A_Expr' in whole)) return []
  const expression = whole.A_Expr
  const { lexpr, rexpr } = expression
  const operator = stringsOf(expression.name).at(-1) ?? ''
  if (lexpr === undefined || rexpr === undefined) return []
  const sides: readonly (readonly [Node, Node, string])[] =
    expression.kind === 'AEXPR_OP' && MIRRORED[operator] !== undefined
      ? [
          [lexpr, rexpr, operator],
          [rexpr, lexpr, MIRRORED[operator]],
        ]
      : [[lexpr, rexpr, operator]]
  return sides.flatMap(([wrapped, value, written]) => {
    const { columns, subLinks } = findIn(wrapped)
    const other = findIn(value)
    if (columns.length !== 1 || subLinks.length > 0 || other.columns.length > 0 || other.subLinks.length > 0)
      return []
    const at = block.columnOf(columns[0]!)
    const span = source.spanOf({ ColumnRef: columns[0]! })
    if (at === null || span === null) return []
    return [{ whole, expression, wrapped, value, operator: written, at, column: source.textOf(span) }]
  })
}

export function isColumn(node: Node | undefined): boolean {
  return node !== undefined && 'ColumnRef' in node
}

export function isOfType(node: Node, type: string): boolean {
  return 'TypeCast' in node && TYPE_NAMES[typeSql(node.TypeCast.typeName) ?? ''] === type
}

/** As the parser names them, and as format_type does. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  date: DATE,
  timestamp: TIMESTAMP,
  timestamptz: TIMESTAMPTZ,
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  uuid: 'uuid',
}

export function isText(node: Node): boolean {
  return 'ParamRef' in node || ('A_Const' in node && node.A_Const.sval !== undefined)
}

export function isWhole(node: Node): boolean {
  return 'A_Const' in node ? node.A_Const.ival !== undefined : 'ParamRef' in node
}

export function isInterval(node: Node): boolean {
  return 'TypeCast' in node && typeSql(node.TypeCast.typeName) === 'interval' && !hasMonths(node)
}

export function hasMonths(node: Node): boolean {
  return /\b(mon|month|year|decade|centur)/i.test(JSON.stringify(node))
}

/** Somebody's own function of that name may do anything. */
export function isBuiltIn(funcname: readonly Node[] | undefined, name: string): boolean {
  const names = stringsOf(funcname)
  return names.at(-1) === name && (names.length === 1 || names[0] === 'pg_catalog')
}

export function isMoment(node: Node): boolean {
  if ('FuncCall' in node) return isBuiltIn(node.FuncCall.funcname, 'now')
  if ('SQLValueFunction' in node)
    return /^SVFOP_(CURRENT_DATE|CURRENT_TIMESTAMP|LOCALTIMESTAMP)/.test(node.SQLValueFunction.op ?? '')
  return isText(node) || isOfType(node, TIMESTAMP) || isOfType(node, TIMESTAMPTZ)
}

export function textOf(node: Node, { source }: RewriteSite): string | null {
  const span = source.spanOf(node)
  return span === null ? null : source.textOf(span)
}

/** The value with a cast, unless it has it already. */
export function asType(node: Node, type: string, site: RewriteSite): string | null {
  const text = textOf(node, site)
  if (text === null) return null
  if (
    'TypeCast' in node &&
    (TYPE_NAMES[typeSql(node.TypeCast.typeName) ?? ''] ?? typeSql(node.TypeCast.typeName)) === type
  )
    return text
  if ('SQLValueFunction' in node || 'FuncCall' in node) return text
  return `${'TypeCast' in node ? `(${text})` : text}::${type === TIMESTAMPTZ ? 'timestamptz' : type === TIMESTAMP ? 'timestamp' : type}`
}

/** In brackets where the surroundings would bind tighter than its ANDs. */
export function replaced(
  { whole }: Comparison,
  site: RewriteSite,
  text: string,
  rest: Omit<Rewrite, 'sql'>,
): readonly Rewrite[] {
  const span = site.source.spanOf(whole)
  return rewritten(
    site,
    [span === null ? null : { ...span, text: / and /.test(text) ? `(${text})` : text }],
    rest,
  )
}
