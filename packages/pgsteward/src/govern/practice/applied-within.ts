// The times that a change was applied, or that it was tried, and what became of each.

import type { GovernanceRecord, RecordEntry } from '../../model/governance.ts'
import type { Window } from '../../model/units.ts'
import { type ChangeAction, type ChangeBody, changeBody } from '../change/change-entries.ts'

export interface AppliedChange {
  /** It was done, nobody rolled it back, and whoever looked last at what it brought found that it worked. */
  readonly held: boolean
  /** Approved without the board. */
  readonly isEmergency: boolean
}

/** Whenever it was rolled back or verified: up to the next time that it was applied. */
export function appliedWithin(
  { entries }: Pick<GovernanceRecord, 'entries'>,
  window: Window,
): readonly AppliedChange[] {
  return entries.flatMap((entry, index) => {
    const isIn = entry.at > window.from && entry.at <= window.to
    if (entry.action !== 'applied' || !isIn) return []
    const [next] = entries.flatMap(({ action }, at) => (at > index && action === 'applied' ? [at] : []))
    const after = entries.slice(index + 1, next)
    const isDone = bodyOf(entry, 'applied')?.outcome !== 'failed'
    const isBack = after.some(({ action }) => action === 'rolled-back')
    const verified = lastBody(after, 'verified')
    return [
      {
        held: isDone && !isBack && verified?.worked !== false,
        isEmergency: lastBody(entries.slice(0, index), 'decided')?.emergency === true,
      },
    ]
  })
}

function lastBody<A extends ChangeAction>(entries: readonly RecordEntry[], action: A): ChangeBody<A> | null {
  const last = entries.findLast((entry) => entry.action === action)
  return last === undefined ? null : bodyOf(last, action)
}

function bodyOf<A extends ChangeAction>(entry: RecordEntry, action: A): ChangeBody<A> | null {
  return changeBody(action, entry.body)
}
