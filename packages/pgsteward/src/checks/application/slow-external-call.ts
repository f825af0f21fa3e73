// Another service that answers slowly while a request waits for it.

import { z } from 'zod'
import { applicationCalls } from '../../facts/application-calls.ts'
import { applicationMetrics } from '../../facts/application-metrics.ts'
import { applicationRequests } from '../../facts/application-requests.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { atPlace, count, milliseconds, mostIn, ratio, routeName, skipWithoutReports, text } from './place.ts'
import { callsByService, measuredAt, metricsByRoute, shareOfRequest } from './service-calls.ts'

export const slowExternalCall = defineCheck({
  id: 'slow-external-call',
  area: 'availability',
  title: 'Another service that answers slowly',
  needs: { calls: applicationCalls, requests: applicationRequests, metrics: applicationMetrics },
  options: z.object({
    warnP95: duration()
      .prefault('1s')
      .describe('A request that waits this long for another service can no longer be quick itself.'),
    minCalls: z
      .number()
      .int()
      .positive()
      .prefault(10)
      .describe('Within ten minutes; fewer are chance, or a job that runs now and then.'),
    warnShare: z
      .number()
      .min(0)
      .max(1)
      .prefault(0.3)
      .describe(
        "Of the route's time: a warning from there on; below, and outside of requests, it is a note.",
      ),
    ignoreServices: z
      .array(z.string())
      .prefault([])
      .describe('Services that are slow by nature, such as a report generator, in the form host:port.'),
  }),
  run({ calls, requests, metrics }, options) {
    const skipped = skipWithoutReports(calls)
    if (skipped !== null) return skipped
    const slow = calls.rows.filter(
      (row) => row.count >= options.minCalls && (row.p95Ms ?? 0) >= options.warnP95,
    )
    const measured = metricsByRoute(metrics.rows)
    // a job may call oftener than requests do, but nobody waits for it
    return callsByService(slow, (row) => (shareOfRequest(row, requests.rows) ?? 0) * 1e12 + row.totalMs)
      .filter(({ service }) => !options.ignoreServices.includes(service))
      .map(({ application, service, heaviest, rows }) => {
        const place = measuredAt(heaviest, measured)
        const share = shareOfRequest(heaviest, requests.rows)
        const others = rows.slice(1).map((row) => routeName(row.route))
        return {
          subject: { kind: 'service', application, name: service },
          severity: (share ?? 0) >= options.warnShare ? 'warning' : 'info',
          summary:
            (share === null
              ? `${service} answers ${application} slowly, ${mostIn(heaviest.route)}`
              : `${heaviest.route} waits long for ${service}`) + atPlace(place?.caller ?? null),
          evidence: [
            ...milliseconds('95th percentile', heaviest.p95Ms),
            ...milliseconds('reported from', options.warnP95),
            ...milliseconds('mean time', heaviest.totalMs / heaviest.count),
            ...count('calls', heaviest.count),
            ...ratio("share of the request's time", share),
            ...text('call', heaviest.name),
            ...text('application', application),
            ...text('route', heaviest.route),
            ...text('measured as', place?.name ?? null),
            ...text('called at', place?.caller ?? null),
            ...text('also from', [...new Set(others)].join(', ')),
          ],
        }
      })
  },
})
