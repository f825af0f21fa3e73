// Another service, or something that the application measures by name (a delivery, a payment), that fails too often.

import { z } from 'zod'
import { applicationCalls } from '../../facts/application-calls.ts'
import { applicationMetrics } from '../../facts/application-metrics.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence, Finding } from '../../model/finding.ts'
import { atPlace, count, keyOf, mostIn, ratio, skipWithoutReports, text, worstFirst } from './place.ts'
import { callsByService, type MetricAtRoute, measuredAt, metricsByRoute } from './service-calls.ts'

/** Metrics with rules of their own, and the calls from which those judge: delivery-rate and payment-failures. */
const HAVE_RULES: Readonly<Record<string, number>> = { 'message.delivery': 100, 'billing.charge': 0 }

export const failingExternalCall = defineCheck({
  id: 'failing-external-call',
  area: 'availability',
  title: 'Another service, or a named metric, that fails',
  needs: { calls: applicationCalls, metrics: applicationMetrics },
  options: z.object({
    warnRatio: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.05)
      .describe('Of the calls: a delivery rate under 95 % is what people notice.'),
    criticalRatio: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.5)
      .describe('Half of the calls: the service is as good as down.'),
    minErrors: z
      .number()
      .int()
      .positive()
      .prefault(5)
      .describe('Within ten minutes; every network loses a call now and then.'),
    minCalls: z
      .number()
      .int()
      .positive()
      .prefault(20)
      .describe('Within ten minutes, for critical: a share of a handful is chance, and wakes nobody.'),
    ignore: z
      .array(z.string())
      .prefault([])
      .describe(
        'Services (host:port) and metrics by name that fail by nature, as a lookup that answers 404 does.',
      ),
  }),
  run({ calls, metrics }, options) {
    const skipped = skipWithoutReports(calls)
    if (skipped !== null) return skipped
    const isFailing = (each: { count: number; errors: number }) =>
      each.errors >= options.minErrors && each.errors / each.count >= options.warnRatio
    const finding = (
      subject: Finding['subject'] & { readonly name: string },
      each: { readonly count: number; readonly errors: number },
      summary: string,
      evidence: readonly Evidence[],
    ): Finding => ({
      subject,
      severity:
        each.errors / each.count >= options.criticalRatio && each.count >= options.minCalls
          ? 'critical'
          : 'warning',
      summary,
      evidence: [
        ...ratio('failed', each.errors / each.count),
        ...ratio('reported from', options.warnRatio),
        ...count('failures', each.errors),
        ...count('calls', each.count),
        ...evidence,
      ],
    })
    const routes = metricsByRoute(metrics.rows)
    const services = callsByService(calls.rows)
      .filter((each) => isFailing(each) && !options.ignore.includes(each.service))
      .map((each) => {
        const worst = each.rows.toSorted((a, b) => b.errors - a.errors)[0]!
        return { ...each, worst, measured: measuredAt(worst, routes) }
      })
    const ofServices = services.map(({ worst, measured, ...each }) =>
      finding(
        { kind: 'service', application: each.application, name: each.service },
        each,
        `Calls of ${each.application} to ${each.service} fail, ${mostIn(worst.route)}${atPlace(measured?.caller ?? null)}`,
        [
          ...text('application', each.application),
          ...text('call', worst.name),
          ...text('route', worst.route),
          ...text('measured as', measured?.name ?? null),
          ...text('called at', measured?.caller ?? null),
        ],
      ),
    )
    // what only measures a failing call, and fails no oftener, says the same once more
    const saidAlready = ({ worst, errors }: { worst: MetricAtRoute; errors: number }) =>
      services.some(
        (each) =>
          each.application === worst.application &&
          each.measured?.name === worst.name &&
          errors <= each.errors,
      )
    const named = worstFirst(
      routes,
      (row) => keyOf(row.application, row.name),
      (row) => row.errors,
    )
      .map(([worst, rows]) => ({
        worst,
        count: rows.reduce((sum, row) => sum + row.count, 0),
        errors: rows.reduce((sum, row) => sum + row.errors, 0),
      }))
      .filter((each) => isFailing(each) && !saidAlready(each) && !options.ignore.includes(each.worst.name))
      .filter(({ worst, count }) => count < (HAVE_RULES[worst.name] ?? Number.POSITIVE_INFINITY))
      .map(({ worst, ...sums }) =>
        finding(
          { kind: 'metric', application: worst.application, name: worst.name },
          sums,
          `${worst.name} of ${worst.application} fails, ${mostIn(worst.route)}${atPlace(worst.caller)}`,
          [
            ...text('application', worst.application),
            ...text('route', worst.route),
            ...text('labels', worst.labels),
            ...text('measured at', worst.caller),
          ],
        ),
      )
    return [...ofServices, ...named]
  },
})
