// ORDER BY, GROUP BY, DISTINCT and min() or max(): what an index in the right order gives for nothing.

import type { SelectStmt, SortBy } from 'libpg-query'
import { stringsOf } from './expression-sql.ts'
import { type Output, outputOrKey } from './outputs.ts'
import { keyOf, type Resolved, type Scope } from './scope.ts'

/** Notes them at the tables whose keys they are. */
export function addOrderAndGroups(select: SelectStmt, scope: Scope, outputs: readonly Output[]): void {
  addGroups(select, scope, outputs)
  addOrder(select, scope, outputs)
  addExtremes(select, scope)
}

function addGroups(select: SelectStmt, scope: Scope, outputs: readonly Output[]): void {
  const isDistinct = (select.distinctClause ?? []).length > 0
  const distinctOn = (select.distinctClause ?? []).filter((node) => Object.keys(node).length > 0)
  const keys = [
    ...(select.groupClause ?? []).map((node) => outputOrKey(node, scope, outputs)),
    ...(isDistinct
      ? distinctOn.length > 0
        ? distinctOn.map((node) => outputOrKey(node, scope, outputs))
        : outputs.map(({ resolved }) => resolved)
      : []),
  ]
  for (const each of keys) if (each !== null && each !== undefined) each.use.group.push(each.key)
}

function addOrder(select: SelectStmt, scope: Scope, outputs: readonly Output[]): void {
  const sorts = (select.sortClause ?? []).flatMap((node) => ('SortBy' in node ? [node.SortBy] : []))
  const keys = sorts.map((sort) => outputOrKey(sort.node, scope, outputs))
  const first = keys[0]
  if (first === null || first === undefined) return
  let own = 0
  while (own < keys.length && keys[own]?.use === first.use) own += 1
  first.use.order.push(...keys.slice(0, own).map((each, index) => orderKey(each!, sorts[index]!)))
  first.use.isWholeOrder = own === keys.length
}

/** select max(x): served by the end of an index on x. */
function addExtremes(select: SelectStmt, scope: Scope): void {
  if (select.groupClause !== undefined) return
  for (const target of select.targetList ?? []) {
    if (!('ResTarget' in target) || target.ResTarget.val === undefined) continue
    const value = target.ResTarget.val
    if (!('FuncCall' in value) || !/^(min|max)$/.test(stringsOf(value.FuncCall.funcname).at(-1) ?? ''))
      continue
    const resolved = keyOf(value.FuncCall.args?.[0], scope)
    if (resolved !== null) resolved.use.extremes.push(resolved.key)
  }
}

function orderKey({ key }: Resolved, sort: SortBy) {
  const isDescending = sort.sortby_dir === 'SORTBY_DESC'
  const areNullsFirst =
    sort.sortby_nulls === 'SORTBY_NULLS_FIRST' || (sort.sortby_nulls !== 'SORTBY_NULLS_LAST' && isDescending)
  return { on: key, isDescending, areNullsFirst }
}
