// Sessions that wait for a lock, told from the one at the head of the queue, which is the one to deal with.

import { z } from 'zod'
import { type BlockingRow, blocking } from '../../facts/blocking.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { queryExcerpt } from '../query/query-excerpt.ts'
import { endSession, sessionEvidence, sessionSubject } from './session.ts'

export const blockingChain = defineCheck({
  id: 'blocking-chain',
  area: 'availability',
  title: 'Sessions wait for a lock',
  needs: { blocking },
  options: z.object({
    warnAfter: duration()
      .prefault('10s')
      .describe(
        'A user has given up by then; shorter waits are the ordinary price of updating the same row.',
      ),
    criticalAfter: duration()
      .prefault('1m')
      .describe('Requests time out and the pool of the application fills up behind them.'),
    criticalWaiting: z
      .number()
      .int()
      .positive()
      .prefault(3)
      .describe(
        'As many sessions waiting past warnAfter are a queue that grows, not two users in each other’s way.',
      ),
  }),
  run({ blocking }, { warnAfter, criticalAfter, criticalWaiting }, { server }) {
    const here = blocking.filter((row) => row.waitingDatabase === server.database)
    return rootsOf(here).flatMap(({ root, waiting }) => {
      const longest = waiting.reduce((a, b) => (b.waitedMs > a.waitedMs ? b : a))
      if (longest.waitedMs < warnAfter) return []
      const late = new Set(waiting.filter((row) => row.waitedMs >= warnAfter).map((row) => row.waitingPid))
        .size
      const session = { pid: root.blockingPid, startedAt: root.blockingStartedAt }
      const isIdle = root.blockingState?.startsWith('idle') ?? false
      return [
        {
          subject: sessionSubject(session),
          severity:
            longest.waitedMs >= criticalAfter || late >= criticalWaiting
              ? ('critical' as const)
              : ('warning' as const),
          summary: isIdle
            ? 'Sessions wait for locks of a transaction that does nothing'
            : 'Sessions wait for locks that one statement holds',
          evidence: [
            {
              label: 'sessions waiting',
              value: new Set(waiting.map((row) => row.waitingPid)).size,
              unit: 'count' as const,
            },
            { label: 'longest wait', value: longest.waitedMs, unit: 'ms' as const },
            { label: 'reported from', value: warnAfter, unit: 'ms' as const },
            {
              label: 'waiting for',
              value: `${longest.lockType} ${longest.lockMode}${longest.relation === null ? '' : ` on ${longest.relation}`}`,
              unit: 'text' as const,
            },
            { label: 'waiting statement', value: queryExcerpt(longest.waitingQuery), unit: 'text' as const },
            {
              label: 'blocker is',
              value: root.blockingState ?? root.blockingBackendType ?? 'unknown',
              unit: 'text' as const,
            },
            {
              label: "blocker's transaction open for",
              value: root.blockingTransactionAgeMs ?? 0,
              unit: 'ms' as const,
            },
            ...sessionEvidence({
              pid: root.blockingPid,
              user: root.blockingUser,
              application: root.blockingApplication,
              query: root.blockingQuery,
            }),
          ],
          // autovacuum gives way by itself unless it prevents wraparound, and then it must not be stopped
          ...(root.blockingBackendType === 'client backend'
            ? { remedy: endSession(isIdle ? 'terminate' : 'cancel', session, 'Releases the locks at once.') }
            : {}),
        },
      ]
    })
  },
})

/** Each head of a queue with all that wait for it, directly or behind others. */
function rootsOf(
  rows: readonly BlockingRow[],
): readonly { readonly root: BlockingRow; readonly waiting: readonly BlockingRow[] }[] {
  const roots = new Map(rows.filter((row) => row.blockerIsRoot).map((row) => [row.blockingPid, row]))
  return [...roots.values()].map((root) => {
    const behind = new Set([root.blockingPid])
    const waiting = new Set<BlockingRow>()
    // each pass follows the queue one step further; a session that was reached is not walked again
    for (let found = -1; found !== waiting.size; ) {
      found = waiting.size
      for (const row of rows) {
        if (!behind.has(row.blockingPid)) continue
        waiting.add(row)
        behind.add(row.waitingPid)
      }
    }
    return { root, waiting: [...waiting] }
  })
}
