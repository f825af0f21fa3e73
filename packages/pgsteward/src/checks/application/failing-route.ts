// A route whose requests end in errors of the server (status 5xx).

import { z } from 'zod'
import { applicationRequests } from '../../facts/application-requests.ts'
import { defineCheck } from '../../model/check.ts'
import { count, milliseconds, ratio, skipWithoutReports, text } from './place.ts'

export const failingRoute = defineCheck({
  id: 'failing-route',
  area: 'availability',
  title: 'Route that fails',
  needs: { requests: applicationRequests },
  options: z.object({
    warnRatio: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.05)
      .describe(
        'Of its requests that end in a status of 500 or above; the target of most services is a thousandth.',
      ),
    criticalRatio: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.5)
      .describe('Half of the requests: the route is as good as down.'),
    minErrors: z
      .number()
      .int()
      .positive()
      .prefault(5)
      .describe('Within ten minutes; a few errors happen in every deployment.'),
    minRequests: z
      .number()
      .int()
      .positive()
      .prefault(20)
      .describe('Within ten minutes, for critical: a share of a handful is chance, and wakes nobody.'),
  }),
  run({ requests }, options) {
    const skipped = skipWithoutReports(requests)
    if (skipped !== null) return skipped
    return requests.rows
      .filter((row) => row.errors >= options.minErrors && row.errors / row.count >= options.warnRatio)
      .map((row) => {
        const share = row.errors / row.count
        const isCritical = share >= options.criticalRatio && row.count >= options.minRequests
        return {
          subject: { kind: 'route', application: row.application, name: row.name },
          severity: isCritical ? 'critical' : 'warning',
          summary: `${row.name} of ${row.application} fails`,
          evidence: [
            ...ratio('failed', share),
            ...ratio('reported from', options.warnRatio),
            ...count('failed requests', row.errors),
            ...count('requests', row.count),
            ...milliseconds('95th percentile', row.p95Ms),
            ...text('application', row.application),
          ],
        }
      })
  },
})
