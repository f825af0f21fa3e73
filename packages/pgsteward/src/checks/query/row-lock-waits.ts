// How much statements wait for rows: from samples over ten minutes where there are, else from who waits at this moment.

import type { BlockingRow } from '../../facts/blocking.ts'
import type { StatementWaitsReading } from '../../facts/statement-waits.ts'

export interface RowLockWait {
  /** Mean number of sessions, or the number right now. */
  readonly waiting: number
  /** Of the sessions that were in the statement. */
  readonly share: number
  readonly isSampled: boolean
}

/** One moment tells less than ten minutes: two sessions that meet there are chance. */
const FEWEST_NOW = 3
const ROW_LOCKS: ReadonlySet<string> = new Set(['transactionid', 'tuple'])

export function rowLockWaits(
  { isSampled, rows }: StatementWaitsReading,
  blocking: readonly BlockingRow[],
  database: string,
): ReadonlyMap<string, RowLockWait> {
  if (isSampled)
    return new Map(
      rows
        .filter(({ rowLockSessions }) => rowLockSessions > 0)
        .map(({ queryId, sessions, rowLockSessions }) => [
          queryId,
          { waiting: rowLockSessions, share: rowLockSessions / sessions, isSampled },
        ]),
    )
  const now = Map.groupBy(
    blocking.filter(
      (row) => row.waitingDatabase === database && row.waitingQueryId !== null && ROW_LOCKS.has(row.lockType),
    ),
    (row) => row.waitingQueryId!,
  )
  return new Map(
    [...now].flatMap(([queryId, waiting]) => {
      const sessions = new Set(waiting.map(({ waitingPid }) => waitingPid)).size
      return sessions < FEWEST_NOW ? [] : [[queryId, { waiting: sessions, share: 1, isSampled }] as const]
    }),
  )
}
