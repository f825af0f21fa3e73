// In which order keys stand: those asked for by equality first, then what gives the order, one range or the grouping.

import type { Condition, KeyExpression, OrderKey, QueryBlock, TableUse } from '../sql/parse/query-shape.ts'
import { ascending, type DesignKey } from './index-design.ts'
import { figuresOf } from './selectivity.ts'
import type { TableFigures } from './surroundings.ts'

/** More keys than this only make an index larger: what they would still exclude is little. */
const MOST_KEYS = 5

/** The equality keys in one good order, and, since fewer may do, the leading ones alone and each alone. */
export function headsOf(
  keys: readonly KeyExpression[],
  order: (a: KeyExpression, b: KeyExpression) => number,
): readonly (readonly KeyExpression[])[] {
  const unique = [...new Map(keys.map((key) => [key.sql, key])).values()].sort(order)
  if (unique.length === 0) return [[]]
  const heads = [unique.slice(0, MOST_KEYS - 1)]
  for (let length = 1; length < Math.min(unique.length, MOST_KEYS - 1); length += 1)
    heads.push(unique.slice(0, length))
  for (const key of unique.slice(1)) heads.push([key])
  return heads
}

/** What may follow the equality keys: nothing, the order, one range, the grouping. */
export function tailsOf(
  use: TableUse,
  block: QueryBlock,
  equalities: readonly Condition[],
  table: TableFigures,
): readonly (readonly DesignKey[])[] {
  const fixed = new Set(equalities.filter(({ operator }) => operator === 'equal').map(({ on }) => on.sql))
  const order = use.order.filter(({ on }) => !fixed.has(on.sql)).map(orderKey)
  const tails: (readonly DesignKey[])[] = [[]]
  if (order.length > 0) tails.push(order)
  if (order.length > 1 && block.hasLimit) tails.push(order.slice(0, 1))
  for (const condition of use.conditions) {
    const range = rangeKeys(condition, table)
    if (range === null || range.some(({ on }) => fixed.has(on.sql))) continue
    tails.push(range)
    // the order's keys behind the range's own column cost little and let a row comparison stop early
    const rest = order.filter(({ on }) => range.every((key) => key.on.sql !== on.sql))
    if (order[0]?.on.sql === range[0]?.on.sql && rest.length > 0) tails.push([...range, ...rest])
  }
  const group = use.group.filter(({ sql }) => !fixed.has(sql)).map((key) => ascending(key))
  if (group.length > 0 && group.length <= 3) tails.push(group)
  return tails
}

function rangeKeys(condition: Condition, table: TableFigures): readonly DesignKey[] | null {
  const { operator, on, rowKeys, operand } = condition
  if (operator === 'range') return [on, ...rowKeys].map((key) => ascending(key))
  if (operator !== 'like' || operand.kind === 'join') return null
  const pattern = operand.kind === 'constant' ? (operand.literals[0] ?? '') : null
  if (pattern === null || /^E?'[%_]/.test(pattern)) return null
  return [ascending(on, patternClass(on, table))]
}

/** LIKE 'x%' reads a range only in an order of bytes. */
function patternClass(key: KeyExpression, table: TableFigures): string | null {
  const column = figuresOf(key, table) ?? table.columns.find(({ name }) => name === key.columns[0])
  if (column?.isByteOrdered ?? false) return null
  const type = key.type ?? 'text'
  if (/^character varying/.test(type)) return 'varchar_pattern_ops'
  return /^character\b|^bpchar/.test(type) ? 'bpchar_pattern_ops' : 'text_pattern_ops'
}

/**
 * `a in (...) and b = x order by a, c desc`: the list's key stands as the order has it, the fixed ones behind it, then the rest of the
 * order. Null: the order starts with no list.
 */
export function listOrder(use: TableUse, equalities: readonly Condition[]): readonly DesignKey[] | null {
  const first = use.order[0]
  const isList = equalities.some(({ operator, on }) => operator === 'in' && on.sql === first?.on.sql)
  if (first === undefined || !isList || use.order.length < 2) return null
  const fixed = equalities.filter(({ operator }) => operator === 'equal').map(({ on }) => on)
  const held = new Set([first.on.sql, ...fixed.map(({ sql }) => sql)])
  const rest = use.order.filter(({ on }) => !held.has(on.sql)).map(orderKey)
  return [orderKey(first), ...fixed.map((key) => ascending(key)), ...rest].slice(0, MOST_KEYS)
}

function orderKey({ on, isDescending, areNullsFirst }: OrderKey): DesignKey {
  return { on, isDescending, areNullsFirst, operatorClass: null }
}

export function joinKeys(head: readonly KeyExpression[], tail: readonly DesignKey[]): readonly DesignKey[] {
  const taken = new Set(head.map(({ sql }) => sql))
  return [...head.map((key) => ascending(key)), ...tail.filter(({ on }) => !taken.has(on.sql))].slice(
    0,
    MOST_KEYS,
  )
}
