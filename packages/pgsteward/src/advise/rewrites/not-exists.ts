// `x not in (select y ...)` as `not exists`: an anti join, where NOT IN must hold the whole list for the sake of NULLs.

import type { Node } from 'libpg-query'
import { ident } from '../../sql/quote.ts'
import type { KnownColumn, Rewrite, RewriteBlock, Rewriter, RewriteSite } from './rewrite.ts'
import { rewritten } from './rewrite.ts'

export const notExists: Rewriter = (site) =>
  site.blocks.flatMap((block) => block.conditions.flatMap((condition) => ofCondition(condition, block, site)))

function ofCondition(condition: Node, outer: RewriteBlock, site: RewriteSite): readonly Rewrite[] {
  const { source, blocks } = site
  const link = notInSelect(condition)
  if (link === null) return []
  const inner = blocks.find(({ select }) => select === link.select)
  const target = link.select.targetList?.[0]
  const output = target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined
  if (inner === undefined || output === undefined || !('ColumnRef' in output) || !isPlain(link.select))
    return []
  const [x, y] = [outer.columnOf(link.test), inner.columnOf(output.ColumnRef)]
  const whole = source.spanOf(condition)
  if (x === null || y === null || whole === null || y.column.nullShare > 0) return []
  // the same alias inside would take the outer column for its own
  if (inner.tables.some(({ alias }) => alias === x.alias)) return []
  const open = source.wordAt(['in', '('], whole.start, whole.end)
  if (open === null) return []
  const [start, end] = [open.end, whole.end - 1]
  const from = source.wordAt(['from'], start, end)
  if (from === null) return []
  const where = link.select.whereClause === undefined ? null : source.wordAt(['where'], from.end, end)
  const match = `${named(y)} = ${named(x)}`
  const list =
    where === null
      ? `${source.textOf({ start: from.start, end }).trim()} where ${match}`
      : `${source.textOf({ start: from.start, end: where.start }).trim()} where (${source.textOf({ start: where.end, end }).trim()}) and ${match}`
  const [isKeyX, isKeyY] = [isKey(x), isKey(y)]
  const guard = isKeyX ? '' : `${named(x)} is not null and `
  return rewritten(site, [{ ...whole, text: `${guard}not exists (select 1 ${list})` }], {
    kind: 'not-exists',
    why: 'an anti join looks each row up, where NOT IN keeps the whole list for the sake of NULLs',
    sameResult: sameResult(x, y, isKeyX, isKeyY),
  })
}

function sameResult(x: KnownColumn, y: KnownColumn, isKeyX: boolean, isKeyY: boolean): string {
  const conditions = [
    ...(isKeyY
      ? []
      : [`${named(y)} is never NULL (ANALYZE saw none; with one, NOT IN returns no row at all)`]),
    ...(isKeyX ? [] : [`the list is not empty where ${named(x)} is NULL`]),
  ]
  return conditions.length === 0 ? 'always' : `if ${conditions.join(', and ')}`
}

function isKey({ table, column }: KnownColumn): boolean {
  return table.primaryKey.includes(column.name)
}

function named({ alias, column }: KnownColumn): string {
  return `${ident(alias)}.${ident(column.name)}`
}

function notInSelect(node: Node) {
  if (!('BoolExpr' in node) || node.BoolExpr.boolop !== 'NOT_EXPR') return null
  const inner = node.BoolExpr.args?.[0]
  if (inner === undefined || !('SubLink' in inner) || inner.SubLink.subLinkType !== 'ANY_SUBLINK') return null
  const { testexpr, subselect, operName } = inner.SubLink
  if (operName !== undefined || testexpr === undefined || !('ColumnRef' in testexpr)) return null
  if (subselect === undefined || !('SelectStmt' in subselect)) return null
  return { test: testexpr.ColumnRef, select: subselect.SelectStmt }
}

function isPlain(select: object): boolean {
  const allowed = new Set(['targetList', 'fromClause', 'whereClause', 'distinctClause', 'limitOption', 'op'])
  return Object.keys(select).every((key) => allowed.has(key))
}
