// Casts and sums of a column, and values whose type has the column cast: done to the value in place of every row.

import { stringsOf, typeSql } from '../../sql/parse/expression-sql.ts'
import {
  asType,
  type Comparison,
  isColumn,
  isInterval,
  isMoment,
  isText,
  isWhole,
  MIRRORED,
  replaced,
  TIMESTAMP,
  TIMESTAMPTZ,
  textOf,
  WHOLE_NUMBERS,
} from './comparison.ts'
import type { Rewrite, RewriteSite } from './rewrite.ts'

/** `id::text = $1`, `id::text = any ($1)`, `id::text in ($1, $2)`. */
export function cast(comparison: Comparison, site: RewriteSite): readonly Rewrite[] {
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

/** `weight + 1 > $1`, `at + interval '1 day' > now()`. */
export function sum(comparison: Comparison, site: RewriteSite): readonly Rewrite[] {
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

const FRACTIONAL = new Set(['numeric', 'float4', 'float8'])

/** `id = $1::numeric` on a bigint: the value's type has the column cast. */
export function valueType(comparison: Comparison, site: RewriteSite): readonly Rewrite[] {
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
