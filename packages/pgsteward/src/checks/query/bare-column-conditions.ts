// How a condition on an expression is written so that the column stands alone, for those that can be: by the column's type.

import type { WrappedColumn } from '../../sql/parse/statement-traits.ts'

const TIMES = new Set(['date', 'timestamp without time zone', 'timestamp with time zone'])
const WHOLE_NUMBERS = new Set(['smallint', 'integer', 'bigint'])

/** Null: there is no such way, or none that is always the same. */
export function readWays({ on, by, name, operator }: WrappedColumn, type: string): string | null {
  const column = on.column
  const isDay = (by === 'function' && name === 'date') || (by === 'cast' && name === 'date')
  if (isDay && TIMES.has(type) && operator === '=')
    return `${column} >= day::date and ${column} < day::date + 1`
  if (by === 'function' && name === 'date_trunc' && TIMES.has(type) && operator === '=')
    return `${column} >= start and ${column} < start + interval '1 day' (or week, month)`
  if (by === 'function' && (name === 'date_part' || name === 'extract') && TIMES.has(type))
    return `a range: ${column} >= the period's begin and ${column} < its end`
  if (by === 'cast' && (name === 'text' || name === 'varchar'))
    return TEXT_LIKE.has(type) || operator === '~~' ? null : `${column} = value::${type}`
  if (by === 'arithmetic' && (name === '+' || name === '-') && (TIMES.has(type) || WHOLE_NUMBERS.has(type)))
    return `${column} ${operator} value ${name === '+' ? '-' : '+'} …: compute on the other side`
  if (by === 'coalesce' && operator === '=')
    return `${column} = value, and only where the default is asked for: or ${column} is null`
  return null
}

const TEXT_LIKE = new Set(['text', 'character varying', 'character', 'citext', 'name'])
