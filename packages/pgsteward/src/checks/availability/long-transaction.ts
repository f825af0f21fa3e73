// A transaction of many statements that stays open for long: everything it touched stays locked, and vacuum waits for it.
// Transactions that are idle, or that consist of one long statement, have checks of their own and are left to them.

import { z } from 'zod'
import { activity } from '../../facts/activity.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { endSession, sessionEvidence, sessionSubject } from './session.ts'

/** A statement that takes up this share of its transaction is the transaction. */
const ONE_STATEMENT = 0.9

export const longTransaction = defineCheck({
  id: 'long-transaction',
  area: 'availability',
  title: 'Transaction that stays open for long',
  needs: { activity },
  options: z.object({
    warnAfter: duration()
      .prefault('30m')
      .describe(
        'Batches commit more often; meanwhile no dead row of any table in the database can be removed.',
      ),
    idleIsOtherCheckAfter: duration()
      .prefault('5m')
      .describe('As warnAfter of idle-in-transaction: a session idle for longer is reported there.'),
    ignoreApplications: z
      .array(z.string())
      .prefault(['pg_dump', 'pg_dumpall'])
      .describe('application_name of what needs one snapshot for hours, as backups do.'),
  }),
  run({ activity }, { warnAfter, idleIsOtherCheckAfter, ignoreApplications }, { server }) {
    return activity
      .filter((session) => {
        const transactionMs = session.transactionAgeMs ?? 0
        const isIdle = session.state?.startsWith('idle in transaction') ?? false
        const isOneStatement =
          session.state === 'active' && (session.queryAgeMs ?? 0) >= transactionMs * ONE_STATEMENT
        return (
          session.backendType === 'client backend' &&
          session.database === server.database &&
          transactionMs >= warnAfter &&
          !isOneStatement &&
          !(isIdle && (session.stateAgeMs ?? 0) >= idleIsOtherCheckAfter) &&
          !ignoreApplications.includes(session.application)
        )
      })
      .map((session) => ({
        subject: sessionSubject(session),
        severity: 'warning' as const,
        summary: 'A transaction of many statements has been open for a long time',
        evidence: [
          { label: 'open for', value: session.transactionAgeMs ?? 0, unit: 'ms' as const },
          { label: 'reported from', value: warnAfter, unit: 'ms' as const },
          {
            label: 'transactions that vacuum has to wait with',
            value: session.xminAge ?? 0,
            unit: 'count' as const,
          },
          ...sessionEvidence(session),
        ],
        remedy: endSession('terminate', session, 'Closes the session in mid-work.'),
      }))
  },
})
