// Which share of a table's rows meets a condition, by its statistics. Only for choosing candidates: costs are the planner's.

import type { Condition, KeyExpression } from '../sql/parse/query-shape.ts'
import type { ColumnFigures, TableFigures } from './surroundings.ts'

/** Without statistics: what PostgreSQL itself assumes for equality and ranges. */
const UNKNOWN_EQUAL = 0.005
const UNKNOWN_RANGE = 1 / 3

export function shareOf(condition: Condition, table: TableFigures): number {
  const column = figuresOf(condition.on, table)
  const { operator, operand } = condition
  const literals = operand.kind === 'constant' ? operand.literals.map(plainValue) : []
  switch (operator) {
    case 'is-null':
      return column?.nullShare ?? UNKNOWN_EQUAL
    case 'is-not-null':
      return column === undefined ? 1 : 1 - column.nullShare
    case 'is-true':
      return shareOfValue('t', column) ?? 0.5
    case 'is-false':
      return shareOfValue('f', column) ?? 0.5
    case 'equal':
      return literals.length === 1
        ? (shareOfValue(literals[0]!, column) ?? averageShare(condition.on, table))
        : averageShare(condition.on, table)
    case 'in': {
      const average = averageShare(condition.on, table)
      const several = operand.kind === 'parameter' ? Math.max(1, operand.numbers.length) : 3
      const sum =
        literals.length > 0
          ? literals.reduce((total, value) => total + (shareOfValue(value, column) ?? average), 0)
          : average * several
      return Math.min(1, sum)
    }
    case 'range':
      return literals.length > 0 && column !== undefined
        ? shareOfRange(condition.bound, literals, column)
        : UNKNOWN_RANGE
    case 'not-equal':
      return 1 - (literals.length === 1 ? (shareOfValue(literals[0]!, column) ?? 0) : 0)
    default:
      return 0.01
  }
}

export function figuresOf(key: KeyExpression, table: TableFigures): ColumnFigures | undefined {
  return table.columns.find(({ name }) => name === key.column)
}

/** Of a value that is not known: one of the distinct values. */
export function averageShare(key: KeyExpression, table: TableFigures): number {
  const distinct = distinctOf(key, table)
  return distinct === null ? UNKNOWN_EQUAL : 1 / Math.max(1, distinct)
}

export function distinctOf(key: KeyExpression, table: TableFigures): number | null {
  // lower(x) has nearly as many values as x; a cast to a date or a part of a document may have far fewer
  const column = table.columns.find(({ name }) => name === key.columns[0])
  return column?.distinct ?? null
}

function shareOfValue(value: string, column: ColumnFigures | undefined): number | undefined {
  if (column === undefined || column.distinct === null) return undefined
  const common = column.mostCommon.find((each) => same(each.value, value))
  if (common !== undefined) return common.share
  const listed = column.mostCommon.reduce((sum, { share }) => sum + share, 0)
  const others = column.distinct - column.mostCommon.length
  return others <= 0 ? 0 : Math.max(0, 1 - listed - column.nullShare) / others
}

function same(a: string, b: string): boolean {
  if (a === b) return true
  if (/^(t|f)$/.test(a)) return a === b.charAt(0).toLowerCase()
  const [x, y] = [Number(a), Number(b)]
  return a !== '' && b !== '' && Number.isFinite(x) && x === y
}

function shareOfRange(bound: Condition['bound'], literals: readonly string[], column: ColumnFigures): number {
  const values = [...column.mostCommon.flatMap(({ value, share }) => [{ value, share }])]
  const listed = values.reduce((sum, { share }) => sum + share, 0)
  const buckets = Math.max(0, column.histogram.length - 1)
  const rest = Math.max(0, 1 - listed - column.nullShare)
  for (const value of column.histogram)
    values.push({ value, share: buckets === 0 ? 0 : rest / (buckets + 1) })
  const order = orderOf(column)
  const within = (value: string) => {
    const [first, second] = literals
    if (bound === 'lower') return order(value, first!) >= 0
    if (bound === 'upper') return order(value, first!) <= 0
    return order(value, first!) >= 0 && (second === undefined || order(value, second) <= 0)
  }
  return values.filter(({ value }) => within(value)).reduce((sum, { share }) => sum + share, 0)
}

function orderOf(column: ColumnFigures): (a: string, b: string) => number {
  if (/^(smallint|integer|bigint|numeric|real|double)/.test(column.type))
    return (a, b) => Number(a) - Number(b)
  if (/^(date|timestamp)/.test(column.type)) return (a, b) => Date.parse(a) - Date.parse(b)
  return (a, b) => (a < b ? -1 : a > b ? 1 : 0)
}

/** `'open'::text` -> open. */
export function plainValue(literal: string): string {
  const match = /^\s*E?'((?:[^']|'')*)'/i.exec(literal)
  return match === null ? literal.replace(/::.*$/, '') : match[1]!.replaceAll("''", "'")
}
