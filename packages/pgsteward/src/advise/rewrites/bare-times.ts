// Days, periods and ages of a column of times, as ranges of the column itself.

import type { Node } from 'libpg-query'
import { stringsOf, typeSql } from '../../sql/parse/expression-sql.ts'
import {
  asType,
  type Comparison,
  DATE,
  hasMonths,
  isBuiltIn,
  isColumn,
  isInterval,
  isMoment,
  isOfType,
  isText,
  MIRRORED,
  NO_CLOCK_CHANGE,
  replaced,
  TIMES,
  TIMESTAMP,
  TIMESTAMPTZ,
  textOf,
} from './comparison.ts'
import type { Rewrite, RewriteSite } from './rewrite.ts'

/** `date(at) = $1`, `at::date between $1 and $2`. */
export function day(comparison: Comparison, site: RewriteSite): readonly Rewrite[] {
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
  return isBuiltIn(funcname, DATE) && args.length === 1 && isColumn(args[0])
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
export function period(comparison: Comparison, site: RewriteSite): readonly Rewrite[] {
  const { wrapped, value, operator, at, column } = comparison
  if (
    operator !== '=' ||
    !('FuncCall' in wrapped) ||
    (at.column.type !== TIMESTAMP && at.column.type !== TIMESTAMPTZ)
  )
    return []
  const { funcname, args = [] } = wrapped.FuncCall
  const unit = args[0] !== undefined && 'A_Const' in args[0] ? (args[0].A_Const.sval?.sval ?? '') : ''
  if (!isBuiltIn(funcname, 'date_trunc') || args.length !== 2 || !isColumn(args[1])) return []
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

/** `now() - at < interval '7 days'`. */
export function age(comparison: Comparison, site: RewriteSite): readonly Rewrite[] {
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
