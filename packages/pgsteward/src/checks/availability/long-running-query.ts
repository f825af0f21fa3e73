// A statement that runs and runs: usually a missing condition, a lost client, or a report on the wrong server.

import { z } from 'zod'
import { activity } from '../../facts/activity.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { withoutLeadingComments } from '../query/query-excerpt.ts'
import { endSession, sessionEvidence, sessionSubject } from './session.ts'

/** Maintenance takes as long as its table is large, and says so in the progress views. */
const MAINTENANCE =
  /^(?:vacuum|analyze|reindex|cluster|repack|copy|alter|create\s+(?:unique\s+)?index|create\s+materialized|refresh|fetch|wait)\b/i

export const longRunningQuery = defineCheck({
  id: 'long-running-query',
  area: 'availability',
  title: 'Statement that runs for minutes',
  needs: { activity },
  options: z.object({
    warnAfter: duration()
      .prefault('5m')
      .describe(
        'Far above any request of an application, below most reports; pgEdge takes 300 s too, pganalyze 30 minutes.',
      ),
    ignoreApplications: z
      .array(z.string())
      .prefault(['pg_dump', 'pg_dumpall', 'pg_restore', 'pg_basebackup'])
      .describe('application_name of what is long by nature; add the reporting tool.'),
  }),
  run({ activity }, { warnAfter, ignoreApplications }, { server }) {
    return activity
      .filter(
        (session) =>
          session.state === 'active' &&
          session.backendType === 'client backend' &&
          session.database === server.database &&
          (session.queryAgeMs ?? 0) >= warnAfter &&
          // it waits for somebody else: blocking-chain tells of that one
          session.waitType !== 'Lock' &&
          !MAINTENANCE.test(withoutLeadingComments(session.query)) &&
          !ignoreApplications.includes(session.application),
      )
      .map((session) => ({
        subject: sessionSubject(session),
        severity: 'warning' as const,
        summary: 'A statement has been running for a long time',
        evidence: [
          { label: 'running for', value: session.queryAgeMs ?? 0, unit: 'ms' as const },
          { label: 'reported from', value: warnAfter, unit: 'ms' as const },
          {
            label: 'waits for',
            value:
              session.waitType === null
                ? 'nothing: it computes'
                : `${session.waitType}: ${session.waitEvent}`,
            unit: 'text' as const,
          },
          ...sessionEvidence(session),
        ],
        remedy: endSession('cancel', session, 'Ends the statement with an error that its client sees.'),
      }))
  },
})
