// A route whose requests are slow, with what they spend their time on.

import { z } from 'zod'
import { applicationCalls } from '../../facts/application-calls.ts'
import { applicationQueries } from '../../facts/application-queries.ts'
import { applicationRequests } from '../../facts/application-requests.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { count, milliseconds, ratio, skipWithoutReports, text } from './place.ts'
import { heaviestCall, heaviestStatement, requestEvidence } from './request-evidence.ts'

export const slowRoute = defineCheck({
  id: 'slow-route',
  area: 'availability',
  title: 'Route that answers slowly',
  needs: { requests: applicationRequests, queries: applicationQueries, calls: applicationCalls },
  options: z.object({
    warnP95: duration()
      .prefault('1s')
      .describe(
        'A second is where the flow of thought breaks (Nielsen); lists of an application should stay far below.',
      ),
    criticalP95: duration()
      .prefault('5s')
      .describe('Critical only where even the median is over warnP95: then everybody waits, not a tail.'),
    minRequests: z
      .number()
      .int()
      .positive()
      .prefault(20)
      .describe('Within ten minutes: the 95th percentile of fewer is their slowest, a matter of chance.'),
    limits: z
      .record(z.string(), duration())
      .prefault({})
      .describe(
        'A limit of its own in place of warnP95 for routes by name: { "POST /login": "1500ms", "GET /export": "30s" }.',
      ),
  }),
  run({ requests, queries, calls }, options) {
    const skipped = skipWithoutReports(requests)
    if (skipped !== null) return skipped
    return requests.rows.flatMap((row) => {
      const limitMs = options.limits[row.name] ?? options.warnP95
      const p95Ms = row.p95Ms ?? 0
      if (row.count < options.minRequests || p95Ms < limitMs) return []
      const isCritical = p95Ms >= Math.max(options.criticalP95, limitMs) && (row.p50Ms ?? 0) >= limitMs
      const statement = heaviestStatement(row, queries.rows)
      const call = heaviestCall(row, calls.rows)
      return [
        {
          subject: { kind: 'route', application: row.application, name: row.name } as const,
          severity: isCritical ? 'critical' : 'warning',
          summary: `${row.name} of ${row.application} answers slowly`,
          evidence: [
            ...milliseconds('95th percentile', row.p95Ms),
            ...milliseconds('reported from', limitMs),
            ...milliseconds('median', row.p50Ms),
            ...count('requests', row.count),
            ...requestEvidence(row),
            ...text('heaviest statement', statement?.name ?? null),
            ...ratio('its share of the time', statement?.share ?? null),
            ...text('heaviest call to another service', call?.name ?? null),
            ...ratio("the call's share of the time", call?.share ?? null),
          ],
        },
      ]
    })
  },
})
