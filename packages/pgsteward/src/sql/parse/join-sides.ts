// The two sides of a join: which of them its condition may search, and which names they share.

import type { JoinExpr } from 'libpg-query'
import type { UseDraft } from './scope.ts'

/** The row-preserving side of an outer join can't be searched by the other's values, nor filtered by ON. Undefined: both can. */
export function searchable(
  { jointype }: JoinExpr,
  left: readonly UseDraft[],
  right: readonly UseDraft[],
): ((use: UseDraft) => boolean) | undefined {
  if (jointype === 'JOIN_LEFT') return (use) => !left.includes(use)
  if (jointype === 'JOIN_RIGHT') return (use) => !right.includes(use)
  return jointype === 'JOIN_FULL' ? () => false : undefined
}

/** Of NATURAL JOIN. */
export function sharedNames(left: readonly UseDraft[], right: readonly UseDraft[]): readonly string[] {
  const names = new Set(left.flatMap((use) => [...use.known.keys()]))
  return [...new Set(right.flatMap((use) => [...use.known.keys()]))].filter((name) => names.has(name))
}
