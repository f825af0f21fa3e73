// The monthly proposal on capacity, from the limits of the capacity plan: act, plan, or keep.

import type { CapacityLimitWire } from '../../model/capacity.ts'
import type { Milliseconds } from '../../model/units.ts'

export interface CapacityDecision {
  readonly decision: 'act' | 'plan' | 'keep' | 'unknown'
  /** A sentence. */
  readonly because: string
  /** That it is about. */
  readonly limits: readonly CapacityLimitWire[]
}

const DAY_MS: Milliseconds = 86_400_000
/** A quarter: what has to be ordered, migrated and rehearsed takes as long. */
export const ACT_WITHIN_DAYS = 91
/** Half a year: it belongs into the next quarter's plan. */
export const PLAN_WITHIN_DAYS = 182

export function capacityDecision(limits: readonly CapacityLimitWire[], now: Date): CapacityDecision {
  const within = (at: string | null, days: number) =>
    at !== null && Date.parse(at) <= now.getTime() + days * DAY_MS
  const judged = limits.filter(({ searchedUntil, usedRatio }) => searchedUntil !== null || usedRatio >= 1)
  if (judged.length === 0)
    return {
      decision: 'unknown',
      because: 'The history is too short to say when a limit is reached.',
      limits: [],
    }
  const act = judged.filter(
    ({ expectedAt, usedRatio }) => usedRatio >= 1 || within(expectedAt, ACT_WITHIN_DAYS),
  )
  if (act.length > 0)
    return { decision: 'act', because: `${words(act[0]!)}: less than a quarter is left.`, limits: act }
  // what may be sooner than is expected
  const plan = judged.filter(
    ({ expectedAt, earliestAt }) =>
      within(expectedAt, PLAN_WITHIN_DAYS) || within(earliestAt, ACT_WITHIN_DAYS),
  )
  if (plan.length > 0)
    return {
      decision: 'plan',
      because: `${words(plan[0]!)}: it belongs into the next quarter's plan.`,
      limits: plan,
    }
  return { decision: 'keep', because: 'No known limit is expected within half a year.', limits: [] }
}

function words({ label, usedRatio, expectedAt, earliestAt }: CapacityLimitWire): string {
  if (usedRatio >= 1) return `${label} is reached`
  return expectedAt === null
    ? `${label} may be reached from ${earliestAt!.slice(0, 10)} on`
    : `${label} is expected to be reached on ${expectedAt.slice(0, 10)}`
}
