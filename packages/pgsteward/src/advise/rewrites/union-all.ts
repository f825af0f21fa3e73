// An OR over columns of different tables, which is judged only after the join, as a UNION ALL whose arms are searched by index each.

import type { Node, SortBy } from 'libpg-query'
import { stringsOf } from '../../sql/parse/expression-sql.ts'
import { conjuncts, findIn } from '../../sql/parse/walk.ts'
import { ident } from '../../sql/quote.ts'
import type { Rewrite, RewriteBlock, Rewriter, RewriteSite } from './rewrite.ts'
import { callsFunctions, joined, type SelectText, selectText } from './select-text.ts'

/** Each arm reads the tables once more. */
const MOST_ARMS = 3

export const unionAll: Rewriter = (site) => {
  const text = selectText(site.source)
  const block = site.blocks.find(({ isOutermost }) => isOutermost)
  if (text === null || block === undefined || text.select.distinctClause !== undefined) return []
  if (callsFunctions(text.select.targetList ?? []) || text.select.lockingClause !== undefined) return []
  const order = orderByNames(text)
  if (order === null) return []
  const all = conjuncts(text.select.whereClause)
  const ors = all.filter((each) => armsOf(each, block) !== null)
  // one at a time: two would multiply
  if (ors.length !== 1) return []
  const arms = armsOf(ors[0]!, block)!
  return united(
    text,
    order,
    arms,
    all.filter((each) => each !== ors[0]),
    site,
  )
}

function united(
  text: SelectText,
  order: string,
  arms: readonly Node[],
  others: readonly Node[],
  { source }: RewriteSite,
): readonly Rewrite[] {
  const textOf = (node: Node) => {
    const span = source.spanOf(node)
    return span === null ? null : `(${source.textOf(span)})`
  }
  const [rest, written] = [others.map(textOf), arms.map(textOf)]
  if ([...rest, ...written].includes(null)) return []
  const selects = written.map((arm, place) => {
    const earlier = written.slice(0, place).map((each) => `${each} is not true`)
    return joined([text.outputs, text.from, `where ${[...rest, arm, ...earlier].join(' and ')}`])
  })
  return [
    {
      kind: 'union-all',
      sql: joined([
        text.before,
        selects.join('\nunion all\n'),
        order === '' ? null : `order by ${order}`,
        text.rest,
      ]),
      why: 'each arm of the OR is about another table and can be searched by an index of its own; together they are judged after the join',
      sameResult: 'always',
    },
  ]
}

/** Arms that are about different tables, or sub-queries; null: an index of one table may serve them all as they are. */
function armsOf(node: Node, block: RewriteBlock): readonly Node[] | null {
  if (!('BoolExpr' in node) || node.BoolExpr.boolop !== 'OR_EXPR') return null
  const arms = node.BoolExpr.args ?? []
  if (arms.length > MOST_ARMS) return null
  const about = arms.map((arm) => {
    const { columns, subLinks, parameters } = findIn(arm)
    const aliases = new Set(columns.map((column) => block.columnOf(column)?.alias ?? null))
    if (aliases.has(null) || aliases.size > 1) return null
    // `$1 is null or ...` is a filter that may be left out
    if (aliases.size === 0 && subLinks.length === 0) return null
    return `${[...aliases][0] ?? ''} ${subLinks.length} ${parameters.length > 0 || subLinks.length > 0 ? '' : 'constant'}`
  })
  if (about.includes(null)) return null
  return new Set(about.map((each) => each?.replace(/ constant$/, ''))).size > 1 ? arms : null
}

/** A union is ordered by the names of its outputs. '': it has no order; null: by something else. */
function orderByNames({ select }: SelectText): string | null {
  const sorts = select.sortClause ?? []
  if (sorts.length === 0) return ''
  const names = (select.targetList ?? []).map(outputName)
  if (names.includes(null)) return null
  const keys = sorts.map((sort) => {
    if (!('SortBy' in sort) || sort.SortBy.node === undefined || !('ColumnRef' in sort.SortBy.node))
      return null
    const name = stringsOf(sort.SortBy.node.ColumnRef.fields).at(-1) ?? ''
    return names.filter((each) => each === name).length === 1
      ? `${ident(name)}${directionOf(sort.SortBy)}`
      : null
  })
  return keys.includes(null) ? null : keys.join(', ')
}

function outputName(target: Node): string | null {
  if (!('ResTarget' in target)) return null
  const { name, val } = target.ResTarget
  if (name !== undefined) return name
  if (val === undefined || !('ColumnRef' in val)) return ''
  const fields = val.ColumnRef.fields ?? []
  const names = stringsOf(fields)
  return names.length < fields.length ? null : names.at(-1)!
}

export function directionOf({ sortby_dir, sortby_nulls, useOp }: SortBy): string {
  if (useOp !== undefined) return ''
  const nulls = { SORTBY_NULLS_FIRST: ' nulls first', SORTBY_NULLS_LAST: ' nulls last' } as Record<
    string,
    string
  >
  return `${sortby_dir === 'SORTBY_DESC' ? ' desc' : ''}${nulls[sortby_nulls ?? ''] ?? ''}`
}
