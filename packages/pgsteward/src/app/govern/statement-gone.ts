// Whether a statement ceased to run with a deployment: often before it, not once in the day after it.

import type { TargetEvent } from '../../model/plan.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'

const DAY_MS: Milliseconds = 86_400_000
/** Old instances answer for a while beside the new ones. */
const ROLLING_MS: Milliseconds = 3_600_000
/** Of a statement that runs less often a day without it is chance. */
const LEAST_CALLS = 100
/** Of the day after it that was observed: a statement that nobody looked for is not gone. */
const LEAST_OBSERVED = 0.8
/** What brought a change was told as long before it was seen. */
const THROUGH_MS: Milliseconds = 15 * 60_000

export interface StatementBefore {
  readonly callsPerMinute: number
  readonly meanMs: Milliseconds
  readonly msPerDay: Milliseconds
}

/** As it ran in the day before; null: it runs still, or it is too early to say. */
export async function goneSince(
  store: Pick<Store, 'statementHistory' | 'statementSums'>,
  {
    targetId,
    queryId,
    at,
    now,
  }: { readonly targetId: string; readonly queryId: string; readonly at: Date; readonly now: Date },
): Promise<StatementBefore | null> {
  const later = (ms: Milliseconds) => new Date(at.getTime() + ms)
  const after = { from: later(ROLLING_MS), to: later(ROLLING_MS + DAY_MS) }
  if (after.to > now) return null
  const before = { from: later(-DAY_MS), to: at }
  const sumOf = async (window: Window) => {
    const points = await store.statementHistory(targetId, queryId, window, 1)
    return points.reduce(
      (sum, { calls, totalExecMs }) => ({ calls: sum.calls + calls, ms: sum.ms + totalExecMs }),
      { calls: 0, ms: 0 },
    )
  }
  // most run on: asked at each reading, that has to cost little
  if ((await sumOf(after)).calls > 0) return null
  const [was, observed, observedBefore] = await Promise.all([
    sumOf(before),
    store.statementSums(targetId, after),
    store.statementSums(targetId, before),
  ])
  if (was.calls < LEAST_CALLS || observedBefore.seconds === 0) return null
  if (observed.seconds * 1_000 < LEAST_OBSERVED * DAY_MS) return null
  const minutes = observedBefore.seconds / 60
  return {
    callsPerMinute: was.calls / minutes,
    meanMs: was.ms / was.calls,
    msPerDay: (was.ms / minutes) * 1_440,
  }
}

/** Of events in their order the last before that moment, near enough to have brought what was seen then. */
export function lastDeploymentOf(events: readonly TargetEvent[], seenAt: Date): TargetEvent | null {
  const isNear = ({ kind, at }: TargetEvent) =>
    kind === 'deployment' && at <= seenAt && seenAt.getTime() - at.getTime() <= THROUGH_MS
  return events.findLast(isNear) ?? null
}
