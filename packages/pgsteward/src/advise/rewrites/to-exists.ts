// Questions that end at the first row found: DISTINCT over a join that only filters, count(*) > 0, and IN over VALUES.

import type { Node, SelectStmt } from 'libpg-query'
import { stringsOf } from '../../sql/parse/expression-sql.ts'
import type { Edit } from '../../sql/parse/source-text.ts'
import { conjuncts, findIn } from '../../sql/parse/walk.ts'
import { isBuiltIn } from './comparison.ts'
import type { Rewrite, RewriteBlock, Rewriter, RewriteSite } from './rewrite.ts'
import { rewritten } from './rewrite.ts'
import { joined, selectText } from './select-text.ts'

/** `select distinct a.* from a join b on ... where b.x = $1`, with a's key among the outputs: b only filters. */
export const existsForDistinct: Rewriter = ({ source, blocks }) => {
  const text = selectText(source)
  const block = blocks.find(({ isOutermost }) => isOutermost)
  if (text === null || block === undefined || block.tables.length !== 2) return []
  const { select } = text
  if (!isPlainDistinct(select) || select.lockingClause !== undefined) return []
  const pair = innerPair(select)
  const outputs = outputColumns(select, block)
  if (pair === null || outputs === null) return []
  const aliases = new Set(outputs.map(({ alias }) => alias))
  const [alias] = aliases
  const kept = block.tables.find((table) => table.alias === alias)
  const other = block.tables.find((table) => table.alias !== alias)
  const key = outputs[0]?.primaryKey ?? []
  if (aliases.size !== 1 || kept === undefined || other === undefined || key.length === 0) return []
  if (!key.every((name) => outputs.some(({ column }) => column === name || column === '*'))) return []
  const nodeOf = (wanted: string) => pair.find(({ alias: name }) => name === wanted)
  const [from, filter] = [nodeOf(kept.alias), nodeOf(other.alias)]
  if (from === undefined || filter === undefined) return []
  const conditions = block.conditions.map((node) => {
    const span = source.spanOf(node)
    const { columns, subLinks } = findIn(node)
    const used = columns.map((column) => block.columnOf(column)?.alias)
    if (span === null || subLinks.length > 0 || used.includes(undefined)) return null
    return { text: `(${source.textOf(span)})`, isOuter: used.every((each) => each === kept.alias) }
  })
  const order = conditions.includes(null) ? null : conditions.flatMap((each) => each ?? [])
  if (order === null) return []
  const outer = order.filter(({ isOuter }) => isOuter).map(({ text: each }) => each)
  const inner = order.filter(({ isOuter }) => !isOuter).map(({ text: each }) => each)
  const exists = `exists (select 1 from ${filter.text}${inner.length === 0 ? '' : ` where ${inner.join(' and ')}`})`
  return [
    {
      kind: 'exists-for-distinct',
      sql: joined([
        text.before,
        text.outputs.replace(/^select\s+distinct\b/i, 'select'),
        `from ${from.text}`,
        `where ${[...outer, exists].join(' and ')}`,
        text.order === null ? null : `order by ${text.order}`,
        text.rest,
      ]),
      why: `rows of ${other.name} only say whether one is there: EXISTS stops at the first, and nothing has to be made distinct`,
      sameResult: 'always',
    },
  ]
}

function isPlainDistinct({ distinctClause }: SelectStmt): boolean {
  // DISTINCT ON has expressions there
  return distinctClause?.every((each) => Object.keys(each ?? {}).length === 0) ?? false
}

/** Two tables by their text, joined inwardly. */
function innerPair(select: SelectStmt): readonly { alias: string; text: string }[] | null {
  const [only, second, ...more] = select.fromClause ?? []
  if (only === undefined || more.length > 0) return null
  const sides =
    second !== undefined
      ? [only, second]
      : 'JoinExpr' in only &&
          only.JoinExpr.jointype === 'JOIN_INNER' &&
          only.JoinExpr.usingClause === undefined &&
          !only.JoinExpr.isNatural
        ? [only.JoinExpr.larg, only.JoinExpr.rarg]
        : []
  const tables = sides.map((side) => {
    if (side === undefined || !('RangeVar' in side)) return null
    const { schemaname, relname = '', alias } = side.RangeVar
    const quote = (name: string) => `"${name.replaceAll('"', '""')}"`
    const name = schemaname === undefined ? quote(relname) : `${quote(schemaname)}.${quote(relname)}`
    if (alias?.colnames !== undefined || side.RangeVar.inh === false) return null
    return {
      alias: alias?.aliasname ?? relname,
      text: alias?.aliasname === undefined ? name : `${name} as ${quote(alias.aliasname)}`,
    }
  })
  return tables.length === 2 && !tables.includes(null) ? tables.flatMap((table) => table ?? []) : null
}

function outputColumns(select: SelectStmt, block: RewriteBlock) {
  const outputs = (select.targetList ?? []).map((target) => {
    const value = 'ResTarget' in target ? target.ResTarget.val : undefined
    if (value === undefined || !('ColumnRef' in value)) return null
    const fields = value.ColumnRef.fields ?? []
    const names = stringsOf(fields)
    if (names.length < fields.length) {
      const alias = names.at(-1)
      const named = block.tables.find((table) => table.alias === alias)
      return named === undefined
        ? null
        : { alias: named.alias, column: '*', primaryKey: block.primaryKeyOf(named) }
    }
    const at = block.columnOf(value.ColumnRef)
    return at === null ? null : { alias: at.alias, column: at.column.name, primaryKey: at.table.primaryKey }
  })
  return outputs.includes(null) || outputs.length === 0 ? null : outputs.flatMap((each) => each ?? [])
}

/** `(select count(*) from ...) > 0` among the conditions. */
export const existsForCount: Rewriter = (site) =>
  site.blocks.flatMap((block) => block.conditions.flatMap((condition) => countCondition(condition, site)))

function countCondition(condition: Node, site: RewriteSite): readonly Rewrite[] {
  const { source } = site
  if (!('A_Expr' in condition) || condition.A_Expr.kind !== 'AEXPR_OP') return []
  const { name, lexpr, rexpr } = condition.A_Expr
  const operator = stringsOf(name).at(-1) ?? ''
  const select = countedSelect(lexpr)
  if (select === null || rexpr === undefined) return []
  const isHidden = 'ParamRef' in rexpr
  const constant =
    'A_Const' in rexpr && rexpr.A_Const.ival !== undefined ? (rexpr.A_Const.ival.ival ?? 0) : null
  const asks =
    isHidden || constant === 0
      ? { '>': 'exists', '=': 'not exists', '<>': 'exists', '!=': 'exists' }[operator]
      : constant === 1
        ? { '>=': 'exists', '<': 'not exists' }[operator]
        : undefined
  const [whole, link] = [source.spanOf(condition), source.spanOf(lexpr)]
  if (asks === undefined || whole === null || link === null) return []
  const from = source.wordAt(['from'], link.start + 1, link.end - 1)
  if (from === null) return []
  const edit: Edit = {
    ...whole,
    text: `${asks} (select 1 ${source.textOf({ start: from.start, end: link.end })}`,
  }
  return rewritten(site, [edit], {
    kind: 'exists-for-count',
    why: 'EXISTS ends at the first row, count(*) reads them all',
    sameResult: isHidden
      ? `if $${rexpr.ParamRef.number ?? 0} stands for 0, as where pg_stat_statements hides a constant`
      : 'always',
  })
}

function countedSelect(node: Node | undefined): SelectStmt | null {
  if (node === undefined || !('SubLink' in node) || node.SubLink.subLinkType !== 'EXPR_SUBLINK') return null
  const { subselect } = node.SubLink
  if (subselect === undefined || !('SelectStmt' in subselect)) return null
  const select = subselect.SelectStmt
  const allowed = new Set(['targetList', 'fromClause', 'whereClause', 'limitOption', 'op'])
  if (!Object.keys(select).every((key) => allowed.has(key)) || select.fromClause === undefined) return null
  const [target, ...others] = select.targetList ?? []
  const call = target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined
  if (others.length > 0 || call === undefined || !('FuncCall' in call)) return null
  const { funcname, agg_star, agg_filter, over } = call.FuncCall
  const isCount = isBuiltIn(funcname, 'count') && agg_star === true
  return isCount && agg_filter === undefined && over === undefined ? select : null
}

/** `x in (values ($1), ($2))`: before 17 a join with the list, which the planner knows nothing of. */
export const listForValues: Rewriter = (site) =>
  site.blocks.flatMap((block) =>
    block.conditions.flatMap(conjuncts).flatMap((condition) => {
      if (!('SubLink' in condition) || condition.SubLink.subLinkType !== 'ANY_SUBLINK') return []
      const { testexpr, subselect, operName } = condition.SubLink
      const values =
        subselect !== undefined && 'SelectStmt' in subselect ? subselect.SelectStmt.valuesLists : undefined
      if (
        values === undefined ||
        operName !== undefined ||
        testexpr === undefined ||
        !('ColumnRef' in testexpr)
      )
        return []
      const items = values.map((row) => {
        const [item, ...more] = 'List' in row ? (row.List.items ?? []) : []
        if (item === undefined || more.length > 0 || findIn(item).columns.length > 0) return null
        const span = site.source.spanOf(item)
        return span === null ? null : site.source.textOf(span)
      })
      const [whole, test] = [site.source.spanOf(condition), site.source.spanOf(testexpr)]
      if (whole === null || test === null || items.includes(null)) return []
      return rewritten(site, [{ ...whole, text: `${site.source.textOf(test)} in (${items.join(', ')})` }], {
        kind: 'list-for-values',
        why: 'a list is searched in the index and its length known to the planner; VALUES is joined as a table',
        sameResult: 'always',
      })
    }),
  )
