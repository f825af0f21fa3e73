// Walking a parse tree: every column reference and parameter below a node, and the sub-selects that hang there.

import type { ColumnRef, Node, SubLink } from 'libpg-query'

export interface Found {
  readonly columns: readonly ColumnRef[]
  readonly parameters: readonly number[]
  readonly subLinks: readonly SubLink[]
}

/** Does not go into sub-selects: they are blocks of their own. Their left-hand expressions belong here. */
export function findIn(node: unknown): Found {
  const columns: ColumnRef[] = []
  const parameters: number[] = []
  const subLinks: SubLink[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each)
      return
    }
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'ColumnRef') columns.push(inner as ColumnRef)
      else if (key === 'ParamRef') parameters.push((inner as { number?: number }).number ?? 0)
      else if (key === 'SubLink') {
        subLinks.push(inner as SubLink)
        visit((inner as SubLink).testexpr)
      } else visit(inner)
    }
  }
  visit(node)
  return { columns, parameters, subLinks }
}

/** Highest $n anywhere in a statement, sub-selects included. */
export function highestParameter(node: unknown): number {
  if (Array.isArray(node))
    return node.reduce((most: number, each) => Math.max(most, highestParameter(each)), 0)
  if (typeof node !== 'object' || node === null) return 0
  return Object.entries(node).reduce(
    (most, [key, inner]) =>
      Math.max(
        most,
        key === 'ParamRef' ? ((inner as { number?: number }).number ?? 0) : highestParameter(inner),
      ),
    0,
  )
}

/** The conditions that must all hold: the arms of nested ANDs. */
export function conjuncts(node: Node | undefined): readonly Node[] {
  if (node === undefined) return []
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR')
    return (node.BoolExpr.args ?? []).flatMap(conjuncts)
  return [node]
}
