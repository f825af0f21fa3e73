// An application that reported and no longer does: it is down, or cut off.

import { z } from 'zod'
import { applications } from '../../facts/applications.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { milliseconds, skipWithoutReports, text } from './place.ts'

export const silentApplication = defineCheck({
  id: 'silent-application',
  area: 'availability',
  title: 'Application that stopped reporting',
  needs: { applications },
  options: z.object({
    warnAfter: duration()
      .prefault('5m')
      .describe('Reports come every 15 s, those of OpenTelemetry every minute: at least four are missing.'),
    minKnown: duration()
      .prefault('1h')
      .describe('Between its first and last report; a script that ran for a moment is not missed.'),
    ignoreApplications: z
      .array(z.string())
      .prefault([])
      .describe('Applications that come and go by nature: nightly jobs, previews of branches.'),
  }),
  run({ applications }, { warnAfter, minKnown, ignoreApplications }, { now }) {
    const skipped = skipWithoutReports(applications)
    if (skipped !== null) return skipped
    return applications.applications
      .filter(
        (each) =>
          now.getTime() - each.lastSeenAt.getTime() >= warnAfter &&
          each.lastSeenAt.getTime() - each.firstSeenAt.getTime() >= minKnown &&
          !ignoreApplications.includes(each.application),
      )
      .map((each) => ({
        subject: { kind: 'application' as const, name: each.application },
        severity: 'warning' as const,
        summary: `${each.application} stopped reporting`,
        evidence: [
          ...milliseconds('silent for', now.getTime() - each.lastSeenAt.getTime()),
          ...milliseconds('reported from', warnAfter),
          ...text('last report', each.lastSeenAt.toISOString()),
          ...text('version', each.version),
          ...text('environment', each.environment),
        ],
      }))
  },
})
