// A page by OFFSET as a page by key: it goes on behind the last row of the page before, whose keys the application keeps.

import { stringsOf } from '../../sql/parse/expression-sql.ts'
import { highestParameter } from '../../sql/parse/walk.ts'
import { ident } from '../../sql/quote.ts'
import type { Rewriter } from './rewrite.ts'
import { callsFunctions, joined, selectText } from './select-text.ts'

/** Rows passed over when the original is planned: twenty pages of fifty, where reading far begins. */
const PLANNED_OFFSET = 1000

/** Prisma writes OFFSET with every list, and 0 mostly: then only captured values tell of pages far behind. */
const BY_PRISMA = /^select\s.*?"[^"]+"\."[^"]+"\."[^"]+".*\boffset\s+\$\d+\s*$/is

export const keyset: Rewriter = ({ source, blocks }) => {
  const text = selectText(source)
  const block = blocks.find(({ isOutermost }) => isOutermost)
  if (text === null || block === undefined || text.order === null) return []
  const { select } = text
  const { limitOffset, limitCount, sortClause = [], distinctClause, targetList = [] } = select
  if (limitOffset === undefined || limitCount === undefined || distinctClause !== undefined) return []
  if (callsFunctions(targetList) || ('A_Const' in limitOffset && (limitOffset.A_Const.ival?.ival ?? 0) === 0))
    return []
  const keys = sortClause.map((sort) => {
    if (!('SortBy' in sort) || sort.SortBy.node === undefined || !('ColumnRef' in sort.SortBy.node))
      return null
    const at = block.columnOf(sort.SortBy.node.ColumnRef)
    if (at === null || sort.SortBy.useOp !== undefined) return null
    // an order by another name or place of an output is not looked into
    if (stringsOf(sort.SortBy.node.ColumnRef.fields).length === 0) return null
    return { at, isDescending: sort.SortBy.sortby_dir === 'SORTBY_DESC' }
  })
  const [first] = keys
  if (first == null) return []
  const sorted = keys.flatMap((key) => key ?? [])
  const isAlike = sorted.every(
    ({ at, isDescending }) => at.alias === first.at.alias && isDescending === first.isDescending,
  )
  const { table, alias } = first.at
  if (sorted.length < keys.length || !isAlike || table.primaryKey.length === 0) return []
  const names = sorted.map(({ at }) => at.column.name)
  const tieBreak = table.primaryKey.every((name) => names.includes(name))
    ? []
    : table.primaryKey.filter((name) => !names.includes(name))
  const columns = [...names, ...tieBreak].map((name) => `${ident(alias)}.${ident(name)}`)
  let next = highestParameter(source.statement) + 1
  // in place of the offset's own parameter, so that none is left without a use
  const parameters = columns.map((_, place) =>
    place === 0 && 'ParamRef' in limitOffset ? `$${limitOffset.ParamRef.number ?? 0}` : `$${next++}`,
  )
  const span = source.spanOf(limitOffset)
  const limit = source.spanOf(limitCount)
  if (span === null || limit === null || !/^\s*(?:limit|offset)\b/i.test(text.rest)) return []
  const direction = first.isDescending ? ' desc' : ''
  const behind = `${tupleOf(columns)} ${first.isDescending ? '<' : '>'} ${tupleOf(parameters)}`
  const nullable = sorted.filter(({ at }) => !at.table.primaryKey.includes(at.column.name))
  return [
    {
      kind: 'keyset',
      sql: joined([
        text.before,
        text.outputs,
        text.from,
        `where ${text.where === null ? '' : `(${text.where}) and `}${behind}`,
        `order by ${[text.order, ...tieBreak.map((name) => `${ident(alias)}.${ident(name)}${direction}`)].join(', ')}`,
        `limit ${source.textOf(limit)}`,
      ]),
      why: `an index on (${[...names, ...tieBreak].join(', ')}) goes straight to the page; OFFSET reads and throws away all rows before it (costs with ${PLANNED_OFFSET.toLocaleString('en-US')} of them)`,
      sameResult: `if ${parameters.join(', ')} are the keys of the last row of the page before${nullable.length === 0 ? '' : ' and none of them is ever NULL'}; the first page has no such condition`,
      paging: {
        offset: PLANNED_OFFSET,
        parameter: 'ParamRef' in limitOffset ? (limitOffset.ParamRef.number ?? null) : null,
        isOnlyIfCaptured: BY_PRISMA.test(source.text),
      },
    },
  ]
}

function tupleOf(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : `(${parts.join(', ')})`
}
