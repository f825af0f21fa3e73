// What sessions did over the last quarter of an hour, and for how long a class of waits has taken most of it.

import type { ActivityGroup, ActivityPoint } from '../model/activity.ts'
import { defineStoredFact } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'

export interface RecentActivity {
  /** Covered by samples. */
  readonly seconds: number
  readonly groups: readonly ActivityGroup[]
  /** Of the heaviest statements, by query id. */
  readonly texts: ReadonlyMap<string, string>
  /** Average sessions by wait event type, in buckets of five minutes, the oldest first. */
  readonly history: readonly ActivityPoint[]
}

const MINUTE_MS = 60_000
/** A burst of a minute is not worth a call; half an hour of it is too late. */
export const RECENT_MS: Milliseconds = 15 * MINUTE_MS
const HISTORY_MS: Milliseconds = 6 * 60 * MINUTE_MS
const BUCKETS = 72
const MOST_TEXTS = 20

export const recentActivity = defineStoredFact<RecentActivity>({
  id: 'recent-activity',
  title: 'What sessions did and waited for, over a quarter of an hour',
  keptFor: 'round',
  async read(memory, targetId, now) {
    const since = (ms: number) => ({ from: new Date(now.getTime() - ms), to: now })
    const [{ samples, groups }, history] = await Promise.all([
      memory.activityGroups(targetId, since(RECENT_MS)),
      memory.activityHistory(targetId, since(HISTORY_MS), 'waitType', BUCKETS),
    ])
    const queryIds = [...new Set(groups.flatMap((group) => group.queryId ?? []))].slice(0, MOST_TEXTS)
    return { seconds: samples, groups, texts: await memory.textsOfQueries(targetId, queryIds), history }
  },
})
