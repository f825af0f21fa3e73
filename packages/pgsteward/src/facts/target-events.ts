// What happened to the target and its applications within a day: deployments, changes of schema, settings and statistics, restarts.

import { defineStoredFact, type Memory } from '../model/fact.ts'
import type { TargetEvent } from '../model/plan.ts'
import type { Milliseconds } from '../model/units.ts'

/** Who looks for what began today looks no further back. */
export const RECENT_MS: Milliseconds = 24 * 60 * 60_000

export const targetEvents = defineStoredFact<readonly TargetEvent[]>({
  id: 'target-events',
  title: 'What happened to the target and its applications within a day, the latest first',
  keptFor: 'round',
  read: readTargetEvents,
})

export async function readTargetEvents(
  memory: Memory,
  targetId: string,
  now: Date,
): Promise<readonly TargetEvent[]> {
  return memory.targetEvents(targetId, { from: new Date(now.getTime() - RECENT_MS), to: now })
}
