// The clauses of a statement's outermost SELECT as text, for rewrites that put them together anew.

import type { Node, SelectStmt } from 'libpg-query'
import type { SourceText, Span } from '../../sql/parse/source-text.ts'

export interface SelectText {
  readonly select: SelectStmt
  /** WITH and its queries, up to SELECT. */
  readonly before: string
  /** From SELECT to before FROM. */
  readonly outputs: string
  /** From FROM to before WHERE. */
  readonly from: string
  /** Without the word WHERE; null: there is none. */
  readonly where: string | null
  /** Without the words ORDER BY. */
  readonly order: string | null
  /** LIMIT, OFFSET, FETCH and FOR, as written. */
  readonly rest: string
}

const ENDS: readonly (readonly string[])[] = [['order', 'by'], ['limit'], ['offset'], ['fetch'], ['for']]

/** Null: no SELECT of tables, or one that groups, unites or aggregates, of which a rewrite would have to know more. */
export function selectText(source: SourceText): SelectText | null {
  const { statement, text } = source
  if (!('SelectStmt' in statement)) return null
  const select = statement.SelectStmt
  if (!isPlain(select)) return null
  const all = Buffer.byteLength(text)
  const at = source.wordAt(['select'], 0, all)
  if (at === null) return null
  const from = source.wordAt(['from'], at.end, all)
  if (from === null) return null
  const where = select.whereClause === undefined ? null : source.wordAt(['where'], from.end, all)
  if (select.whereClause !== undefined && where === null) return null
  const tails = ENDS.flatMap((words) => source.wordAt(words, (where ?? from).end, all) ?? [])
  const order =
    select.sortClause === undefined ? null : source.wordAt(['order', 'by'], (where ?? from).end, all)
  const firstOf = (spans: readonly Span[]) => Math.min(all, ...spans.map(({ start }) => start))
  const rest = firstOf(tails.filter(({ start }) => start !== order?.start))
  const tail = firstOf(tails)
  const slice = (start: number, end: number) => source.textOf({ start, end }).trim()
  // clauses that come in an order of their own, which PostgreSQL allows, are left alone
  if (order !== null && rest < order.start) return null
  return {
    select,
    before: slice(0, at.start),
    outputs: slice(at.start, from.start),
    from: slice(from.start, where?.start ?? tail),
    where: where === null ? null : slice(where.end, tail),
    order: order === null ? null : slice(order.end, rest),
    rest: slice(rest, all).replace(/;\s*$/, ''),
  }
}

function isPlain(select: SelectStmt): boolean {
  const { op, groupClause, havingClause, windowClause, valuesLists, intoClause } = select
  return (
    (op === undefined || op === 'SETOP_NONE') &&
    groupClause === undefined &&
    havingClause === undefined &&
    windowClause === undefined &&
    valuesLists === undefined &&
    intoClause === undefined
  )
}

/** Any function could be an aggregate, which sees all rows at once. */
export function callsFunctions(targets: readonly Node[]): boolean {
  return /"(?:FuncCall|JsonObjectAgg|JsonArrayAgg)"/.test(JSON.stringify(targets))
}

export function joined(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(' ')
}
