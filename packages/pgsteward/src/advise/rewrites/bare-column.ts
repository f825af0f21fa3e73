// Conditions on an expression over a column, written so that the column stands alone and its index serves: days, periods, casts,
// sums and ages.

import type { A_Expr, Node } from 'libpg-query'
import { stringsOf, typeSql } from '../../sql/parse/expression-sql.ts'
import { findIn } from '../../sql/parse/walk.ts'
import {
  type KnownColumn,
  type Rewrite,
  type RewriteBlock,
  type Rewriter,
  type RewriteSite,
  rewritten,
} from './rewrite.ts'

const DATE = 'date'
const TIMESTAMP = 'timestamp without time zone'
const TIMESTAMPTZ = 'timestamp with time zone'
const TIMES = new Set([DATE, TIMESTAMP, TIMESTAMPTZ])
const WHOLE_NUMBERS = new Set(['smallint', 'integer', 'bigint'])
const MIRRORED: Readonly<Record<string, string>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

const NO_CLOCK_CHANGE = "if the session's time zone never turns its clock back over midnight, as few do"

interface Comparison {
  readonly whole: Node
  readonly expression: A_Expr
  readonly wrapped: Node
  readonly value: Node
  readonly operator: string
  readonly at: KnownColumn
  /** The bare column, as it is written. */
  readonly column: string
}

export const bareColumn: Rewriter = (site) =>
  site.blocks.flatMap((block) =>
    block.conditions.flatMap(conjunctsAndArms).flatMap((condition) => {
      for (const comparison of comparisonsIn(condition, block, site)) {
        for (const way of WAYS) {
          const found = way(comparison, site)
          if (found.length > 0) return found
        }
      }
      return []
    }),
  )

function conjunctsAndArms(node: Node): readonly Node[] {
  if ('BoolExpr' in node && node.BoolExpr.boolop !== 'NOT_EXPR')
    return (node.BoolExpr.args ?? []).flatMap(conjunctsAndArms)
  return [node]
}

function comparisonsIn(whole: Node, block: RewriteBlock, { source }: RewriteSite): readonly Comparison[] {
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

type Way = (comparison: Comparison, site: RewriteSite) => readonly Rewrite[]

const WAYS: readonly Way[] = [day, period, cast, sum, age, valueType]

/** `date(at) = $1`, `at::date between $1 and $2`. */
function day(comparison: Comparison, site: RewriteSite): readonly Rewrite[] {
  const { wrapped, value, operator, at, column, expression } = comparison
  if (!TIMES.has(at.column.type) || !isDateOf(wrapped)) return []
  const dates = expression.kind === 'AEXPR_BETWEEN' && 'List' in value ? (value.List.items ?? []) : [value]
  if (expression.kind !== 'AEXPR_OP' && expression.kind !== 'AEXPR_BETWEEN') return []
  if (!dates.every(isDate)) return []
  const [first, last = first] = dates.map((each) => asType(each, DATE, site))
  if (first === undefined || last === undefined || first === null || last === null) return []
  const text =
    expression.kind === 'AEXPR_BETWEEN'
      ? `${column} >= ${first} and ${column} < ${last} + 1`
      : {
          '=': `${column} >= ${first} and ${column} < ${first} + 1`,
          '<': `${column} < ${first}`,
          '<=': `${column} < ${first} + 1`,
          '>': `${column} >= ${first} + 1`,
          '>=': `${column} >= ${first}`,
        }[operator]
  return text === undefined
    ? []
    : replaced(comparison, site, text, {
        kind: 'bare-column-day',
        why: `the range of the day can be searched in an index on ${at.column.name}, the day of each row can't`,
        sameResult: at.column.type === TIMESTAMPTZ ? NO_CLOCK_CHANGE : 'always, infinite times apart',
      })
}

function isDateOf(node: Node): boolean {
  if ('TypeCast' in node) return typeSql(node.TypeCast.typeName) === DATE && isColumn(node.TypeCast.arg)
  if (!('FuncCall' in node)) return false
  const { funcname, args = [] } = node.FuncCall
  return stringsOf(funcname).at(-1) === DATE && args.length === 1 && isColumn(args[0])
}

function isColumn(node: Node | undefined): boolean {
  return node !== undefined && 'ColumnRef' in node
}

/** What the planner takes for a date: a value that takes its type from the other side, or says it. */
function isDate(node: Node): boolean {
  if ('ParamRef' in node) return true
  if ('A_Const' in node) return node.A_Const.sval !== undefined
  if ('SQLValueFunction' in node) return node.SQLValueFunction.op === 'SVFOP_CURRENT_DATE'
  return 'TypeCast' in node && typeSql(node.TypeCast.typeName) === DATE
}

const PERIODS = new Set(['minute', 'hour', 'day', 'week', 'month', 'year'])

/** `date_trunc('month', at) = $1`. A value that begins no period has no rows before, nor after. */
function period(comparison: Comparison, site: RewriteSite): readonly Rewrite[] {
  const { wrapped, value, operator, at, column } = comparison
  if (
    operator !== '=' ||
    !('FuncCall' in wrapped) ||
    (at.column.type !== TIMESTAMP && at.column.type !== TIMESTAMPTZ)
  )
    return []
  const { funcname, args = [] } = wrapped.FuncCall
  const unit = args[0] !== undefined && 'A_Const' in args[0] ? (args[0].A_Const.sval?.sval ?? '') : ''
  if (stringsOf(funcname).at(-1) !== 'date_trunc' || args.length !== 2 || !isColumn(args[1])) return []
  if (!PERIODS.has(unit) || !(isDate(value) || isOfType(value, at.column.type))) return []
  const start = asType(value, at.column.type, site)
  if (start === null) return []
  return replaced(
    comparison,
    site,
    `${column} >= ${start} and ${column} < ${start} + interval '1 ${unit}' and ${start} = date_trunc('${unit}', ${start})`,
    {
      kind: 'bare-column-period',
      why: `the range of the ${unit} can be searched in an index on ${at.column.name}`,
      sameResult: at.column.type === TIMESTAMPTZ ? NO_CLOCK_CHANGE : 'always',
    },
  )
}

function isOfType(node: Node, type: string): boolean {
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

/** `id::text = $1`, `id::text = any ($1)`, `id::text in ($1, $2)`. */
function cast(comparison: Comparison, site: RewriteSite): readonly Rewrite[] {
  const { wrapped, value, operator, at, column, expression } = comparison
  const { type } = at.column
  if (operator !== '=' || !('TypeCast' in wrapped) || !isColumn(wrapped.TypeCast.arg)) return []
  const to = typeSql(wrapped.TypeCast.typeName)
  if ((to !== 'text' && to !== 'varchar') || !(WHOLE_NUMBERS.has(type) || type === 'uuid')) return []
  const rest = {
    kind: 'bare-column-cast',
    why: `the value is cast once, in place of ${at.column.name} of every row`,
    sameResult: `if every value is written as ${type} prints it: another spelling would now be found, and one that is no ${type} an error`,
  } as const
  if (expression.kind === 'AEXPR_IN' && 'List' in value) {
    const items = (value.List.items ?? []).map((item) => (isText(item) ? asType(item, type, site) : null))
    return items.includes(null) ? [] : replaced(comparison, site, `${column} in (${items.join(', ')})`, rest)
  }
  if (expression.kind === 'AEXPR_OP_ANY') {
    if (!('ParamRef' in value)) return []
    return replaced(comparison, site, `${column} = any (${asType(value, `${type}[]`, site)})`, rest)
  }
  const as = expression.kind === 'AEXPR_OP' && isText(value) ? asType(value, type, site) : null
  return as === null ? [] : replaced(comparison, site, `${column} = ${as}`, rest)
}

function isText(node: Node): boolean {
  return 'ParamRef' in node || ('A_Const' in node && node.A_Const.sval !== undefined)
}

/** `weight + 1 > $1`, `at + interval '1 day' > now()`. */
function sum(comparison: Comparison, site: RewriteSite): readonly Rewrite[] {
  const { wrapped, value, operator, at, column, expression } = comparison
  if (expression.kind !== 'AEXPR_OP' || MIRRORED[operator] === undefined || !('A_Expr' in wrapped)) return []
  const { kind, name, lexpr, rexpr } = wrapped.A_Expr
  const sign = stringsOf(name).at(-1)
  if (kind !== 'AEXPR_OP' || (sign !== '+' && sign !== '-') || !isColumn(lexpr) || rexpr === undefined)
    return []
  const [added, against] = [textOf(rexpr, site), textOf(value, site)]
  if (added === null || against === null) return []
  const isNumber = WHOLE_NUMBERS.has(at.column.type) && isWhole(rexpr) && isWhole(value)
  const isTime =
    (at.column.type === TIMESTAMP || at.column.type === TIMESTAMPTZ) && isInterval(rexpr) && isMoment(value)
  if (!isNumber && !isTime) return []
  // unknown - interval would be read as an interval
  const typed = isTime ? asType(value, at.column.type, site) : against
  return replaced(comparison, site, `${column} ${operator} ${typed} ${sign === '+' ? '-' : '+'} ${added}`, {
    kind: 'bare-column-sum',
    why: `what is added to ${at.column.name} of every row is taken from the value once`,
    sameResult: isNumber
      ? 'always, unless a sum is too large for the type'
      : 'if the interval counts days or less, no months, and the clock does not change within it',
  })
}

function isWhole(node: Node): boolean {
  return 'A_Const' in node ? node.A_Const.ival !== undefined : 'ParamRef' in node
}

function isInterval(node: Node): boolean {
  return 'TypeCast' in node && typeSql(node.TypeCast.typeName) === 'interval' && !hasMonths(node)
}

function hasMonths(node: Node): boolean {
  return /\b(mon|month|year|decade|centur)/i.test(JSON.stringify(node))
}

function isMoment(node: Node): boolean {
  if ('FuncCall' in node) return stringsOf(node.FuncCall.funcname).at(-1) === 'now'
  if ('SQLValueFunction' in node)
    return /^SVFOP_(CURRENT_DATE|CURRENT_TIMESTAMP|LOCALTIMESTAMP)/.test(node.SQLValueFunction.op ?? '')
  return isText(node) || isOfType(node, TIMESTAMP) || isOfType(node, TIMESTAMPTZ)
}

/** `now() - at < interval '7 days'`. */
function age(comparison: Comparison, site: RewriteSite): readonly Rewrite[] {
  const { wrapped, value, operator, at, column, expression } = comparison
  if (expression.kind !== 'AEXPR_OP' || MIRRORED[operator] === undefined || !('A_Expr' in wrapped)) return []
  const { kind, name, lexpr, rexpr } = wrapped.A_Expr
  if (kind !== 'AEXPR_OP' || stringsOf(name).at(-1) !== '-' || lexpr === undefined || !isColumn(rexpr))
    return []
  if (at.column.type !== TIMESTAMPTZ || operator === '=') return []
  if (!('FuncCall' in lexpr || 'SQLValueFunction' in lexpr) || !isMoment(lexpr)) return []
  if (!(isInterval(value) || isText(value)) || hasMonths(value)) return []
  const [moment, span] = [textOf(lexpr, site), asType(value, 'interval', site)]
  if (moment === null || span === null) return []
  return replaced(comparison, site, `${column} ${MIRRORED[operator]} ${moment} - ${span}`, {
    kind: 'bare-column-age',
    why: `the moment is computed once, and an index on ${at.column.name} can be searched for it`,
    sameResult: 'if the interval counts days or less, no months, and the clock does not change within it',
  })
}

const FRACTIONAL = new Set(['numeric', 'float4', 'float8'])

/** `id = $1::numeric` on a bigint: the value's type has the column cast. */
function valueType(comparison: Comparison, site: RewriteSite): readonly Rewrite[] {
  const { wrapped, value, operator, at, column, expression } = comparison
  const { type } = at.column
  if (operator !== '=' || expression.kind !== 'AEXPR_OP' || !isColumn(wrapped)) return []
  if (!WHOLE_NUMBERS.has(type) || !('TypeCast' in value)) return []
  const { typeName, arg } = value.TypeCast
  if (!FRACTIONAL.has(typeSql(typeName) ?? '') || arg === undefined || !isWhole(arg)) return []
  const as = asType(arg, type, site)
  if (as === null) return []
  return replaced(comparison, site, `${column} = ${as}`, {
    kind: 'value-type',
    why: `the value takes the type of ${at.column.name}, which else is cast in every row`,
    sameResult:
      'ParamRef' in arg
        ? `if the value is whole and no larger than ${type}: another would be rounded, or an error`
        : 'always',
  })
}

function textOf(node: Node, { source }: RewriteSite): string | null {
  const span = source.spanOf(node)
  return span === null ? null : source.textOf(span)
}

/** The value with a cast, unless it has it already. */
function asType(node: Node, type: string, site: RewriteSite): string | null {
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
function replaced(
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
