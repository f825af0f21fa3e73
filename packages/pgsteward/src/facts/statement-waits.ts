// What statements waited for while sessions were sampled, over ten minutes.

import { defineStoredFact } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'

export interface StatementWait {
  readonly queryId: string
  /** Mean number of sessions that were seen in it. */
  readonly sessions: number
  /** Of these, sessions that waited for a row which another transaction had changed. */
  readonly rowLockSessions: number
}

/** As long as checks look back at statements. */
const WINDOW_MS: Milliseconds = 10 * 60_000
/** Half a minute of samples: less says nothing of ten. */
const FEWEST_SAMPLES = 30
/** A row lock shows as a wait for its transaction, or for a place in the queue behind others. */
const ROW_LOCKS: ReadonlySet<string> = new Set(['transactionid', 'tuple'])

export interface StatementWaitsReading {
  /** False: sessions are not sampled here, or not for long enough. */
  readonly isSampled: boolean
  readonly rows: readonly StatementWait[]
}

export const statementWaits = defineStoredFact<StatementWaitsReading>({
  id: 'statement-waits',
  title: 'What statements waited for, from samples of sessions over ten minutes',
  keptFor: 'round',
  read: async (memory, targetId, now) => {
    const window = { from: new Date(now.getTime() - WINDOW_MS), to: now }
    const { samples, groups } = await memory.activityGroups(targetId, window)
    if (samples < FEWEST_SAMPLES) return { isSampled: false, rows: [] }
    const byQuery = Map.groupBy(
      groups.filter(({ queryId }) => queryId !== null),
      ({ queryId }) => queryId!,
    )
    return {
      isSampled: true,
      rows: [...byQuery].map(([queryId, of]) => ({
        queryId,
        sessions: of.reduce((sum, { sessions }) => sum + sessions, 0) / samples,
        rowLockSessions:
          of
            .filter(({ waitType, waitEvent }) => waitType === 'Lock' && ROW_LOCKS.has(waitEvent ?? ''))
            .reduce((sum, { sessions }) => sum + sessions, 0) / samples,
      })),
    }
  },
  withoutStore: { isSampled: false, rows: [] },
})
