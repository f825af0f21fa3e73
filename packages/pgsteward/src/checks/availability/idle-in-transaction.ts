// A session that began a transaction and does nothing: it keeps its locks, and keeps vacuum from cleaning.

import { z } from 'zod'
import { activity } from '../../facts/activity.ts'
import { xminHolders } from '../../facts/xmin-holders.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { endSession, sessionEvidence, sessionSubject } from './session.ts'

export const idleInTransaction = defineCheck({
  id: 'idle-in-transaction',
  area: 'availability',
  title: 'Session idle in a transaction',
  needs: { activity, xminHolders },
  options: z.object({
    warnAfter: duration()
      .prefault('5m')
      .describe(
        'No request of a web application pauses so long inside a transaction; 300 s is also what pgEdge warns at.',
      ),
    criticalAfter: duration()
      .prefault('30m')
      .describe(
        'Only where it holds back vacuum: half an hour of dead rows in every busy table is felt by all.',
      ),
  }),
  run({ activity, xminHolders }, { warnAfter, criticalAfter }, { server }) {
    return activity
      .filter(
        (session) =>
          session.state?.startsWith('idle in transaction') &&
          session.database === server.database &&
          (session.stateAgeMs ?? 0) >= warnAfter,
      )
      .map((session) => {
        const idleMs = session.stateAgeMs ?? 0
        const waiting = activity.filter((other) => other.blockedBy.includes(session.pid)).length
        const horizon = xminHolders.find(
          (each) => each.kind === 'backend' && each.name === String(session.pid),
        )
        const isCritical = waiting > 0 || (horizon !== undefined && idleMs >= criticalAfter)
        return {
          subject: sessionSubject(session),
          severity: isCritical ? ('critical' as const) : ('warning' as const),
          summary:
            waiting > 0
              ? 'A session is idle in a transaction while others wait for its locks'
              : 'A session is idle in a transaction and keeps its locks',
          evidence: [
            { label: 'idle for', value: idleMs, unit: 'ms' as const },
            { label: 'reported from', value: warnAfter, unit: 'ms' as const },
            { label: 'transaction open for', value: session.transactionAgeMs ?? idleMs, unit: 'ms' as const },
            { label: 'sessions that wait for it', value: waiting, unit: 'count' as const },
            {
              label: 'transactions that vacuum has to wait with',
              value: horizon?.xminAge ?? 0,
              unit: 'count' as const,
            },
            ...sessionEvidence(session),
          ],
          remedy: endSession('terminate', session, 'Closes the session; a pool opens a new one.'),
        }
      })
  },
})
