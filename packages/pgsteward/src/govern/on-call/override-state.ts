// What an override is now, from its entries.

import { StewardError } from '../../model/error.ts'
import { type GovernanceRecord, recordName } from '../../model/governance.ts'
import { overrideMade, overrideWithdrawn } from './override-entries.ts'
import type { Override } from './schedule.ts'

export interface OverrideState extends Override {
  readonly madeBy: string
  readonly madeAt: Date
  readonly because: string | null
  /** `until` is then the moment of the withdrawal, where it was under way: what was, was. */
  readonly withdrawn: { readonly by: string; readonly at: Date; readonly because: string | null } | null
}

/** Longer, and it is the rotation that changes. */
export const LONGEST_OVERRIDE_MS = 92 * 86_400_000

export function overrideState(record: GovernanceRecord): OverrideState {
  const [opening, ...rest] = record.entries
  const { role, person, from, until, because } = overrideMade.parse(opening!.body)
  const made: OverrideState = {
    name: recordName(record),
    role,
    person,
    from: new Date(from),
    until: new Date(until),
    madeBy: opening!.actor,
    madeAt: opening!.at,
    because,
    withdrawn: null,
  }
  const end = rest.find(({ action }) => action === 'withdrawn')
  if (end === undefined) return made
  const withdrawn = { by: end.actor, at: end.at, because: overrideWithdrawn.parse(end.body).because }
  return { ...made, withdrawn, until: new Date(Math.min(end.at.getTime(), made.until.getTime())) }
}

/** What is left of them: withdrawn before it began, one has never been. In the order in which they were made. */
export function overridesOf(records: readonly GovernanceRecord[]): readonly Override[] {
  return records
    .map(overrideState)
    .filter(({ from, until }) => from < until)
    .toSorted(
      (one, other) =>
        one.madeAt.getTime() - other.madeAt.getTime() || one.from.getTime() - other.from.getTime(),
    )
}

/** Throws 'usage' where no such override can be made. What has been is not changed: it begins now at the earliest. */
export function plannedSpell(
  { from, until }: { readonly from: Date | null; readonly until: Date },
  now: Date,
): { readonly from: Date; readonly until: Date } {
  const begins = from === null || from < now ? now : from
  if (until <= begins)
    throw new StewardError('usage', 'the override would be over before it begins', {
      hint: 'Name a time to come as its end.',
    })
  if (until.getTime() - begins.getTime() > LONGEST_OVERRIDE_MS)
    throw new StewardError('usage', 'an override lasts 92 days at most', {
      hint: 'For longer, change the rotation in the configuration, or enter the absence under team.',
    })
  return { from: begins, until }
}

/** Throws 'record-changed' where there is nothing to withdraw. */
export function refuseWithdrawal({ name, until, withdrawn }: OverrideState, now: Date): void {
  const refuse = (detail: string) => {
    throw new StewardError('record-changed', `${name} cannot be withdrawn`, {
      detail,
      hint: '`pgsteward oncall schedule` shows what is in force. Make another override where somebody else is to take over.',
    })
  }
  if (withdrawn !== null) refuse(`${withdrawn.by} has withdrawn it at ${withdrawn.at.toISOString()}`)
  if (until <= now) refuse(`it was over at ${until.toISOString()}`)
}
