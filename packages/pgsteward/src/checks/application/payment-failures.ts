// Charges that fail: money that was owed and did not come.

import { z } from 'zod'
import { applicationCalls } from '../../facts/application-calls.ts'
import { applicationMetrics } from '../../facts/application-metrics.ts'
import { applicationMetricsHour } from '../../facts/application-metrics-hour.ts'
import type { OperationTotals } from '../../model/application.ts'
import { defineCheck } from '../../model/check.ts'
import { againstLimits } from '../threshold.ts'
import { anHour } from './an-hour.ts'
import { failureEvidence } from './deliveries.ts'
import { count, skipWithoutReports, text } from './place.ts'

/** Both told by PerformanceMetrics.recordBilling: how long charges took with those that failed, and their number by outcome. */
const CHARGE = 'billing.charge'
const CHARGES = 'billing.charges'

export const paymentFailures = defineCheck({
  id: 'payment-failures',
  area: 'availability',
  title: 'Payments that fail',
  needs: { metrics: applicationMetrics, hour: applicationMetricsHour, calls: applicationCalls },
  // a charge a quarter of an hour is a busy till for some
  clearMs: 30 * 60_000,
  options: z
    .object({
      warning: z
        .number()
        .nullable()
        .prefault(3)
        .describe('An hour: more than two (N3). One is a provider that hung, three are a fault.'),
      critical: z.number().nullable().prefault(10).describe('An hour: the till is as good as closed.'),
      clear: z
        .number()
        .prefault(1)
        .describe('Open until it is below this: charges are few, so a single failure keeps it open.'),
      countDeclined: z
        .boolean()
        .prefault(false)
        .describe(
          'Whether declined cards count too. By default not: that is an answer of the bank, no fault.',
        ),
    })
    .refine(({ warning, critical }) => warning !== null || critical !== null, {
      error: 'a limit is needed: warning, critical or both',
    })
    .refine(
      ({ clear, warning, critical }) =>
        clear <= (warning ?? clear) && (warning ?? clear) <= (critical ?? Number.POSITIVE_INFINITY),
      {
        error: 'clear <= warning <= critical',
      },
    ),
  run({ metrics, hour, calls }, { countDeclined, ...limits }) {
    const skipped = skipWithoutReports(metrics)
    if (skipped !== null) return skipped
    const latest = Map.groupBy(metrics.rows, ({ application }) => application)
    return [...Map.groupBy(hour.rows, ({ application }) => application)].flatMap(([application, rows]) => {
      const [now, before] = [chargesOf(latest.get(application) ?? []), chargesOf(rows)]
      if (before.all === 0) return []
      const failures = (of: Charges) => of.failed + (countDeclined ? of.declined : 0)
      return againstLimits(
        { is: 'above', label: 'failed an hour', unit: 'count' },
        {
          subject: { kind: 'metric', application, name: CHARGE },
          value: anHour(failures(before), failures(now)),
          summary: `Payments of ${application} fail`,
          evidence: [
            ...count('failed in the last ten minutes', now.failed),
            ...count('failed in the last hour', before.failed),
            ...count('charges in the last hour', before.all),
            ...count('cards declined in the last hour', before.declined),
            ...text('counted', countDeclined ? 'failures and declined cards' : 'failures'),
            ...failureEvidence({ application, rows: before.rows }, calls.rows),
          ],
        },
        { ...limits, leastVolume: 0 },
      )
    })
  },
})

interface Charges {
  readonly all: number
  readonly failed: number
  readonly declined: number
  readonly rows: readonly OperationTotals[]
}

function chargesOf(metrics: readonly OperationTotals[]): Charges {
  const rows = metrics.filter(({ name }) => name === CHARGE).toSorted((a, b) => b.errors - a.errors)
  const counts = metrics.filter(({ name }) => name === CHARGES)
  const by = (outcome: string) =>
    counts
      .filter(({ labels }) => (labels ?? '').split(' ').includes(`outcome=${outcome}`))
      .reduce((sum, row) => sum + row.count, 0)
  const durations = { all: 0, failed: 0 }
  for (const row of rows) {
    durations.all += row.count
    durations.failed += row.errors
  }
  // recordBilling tells both; another SDK perhaps the counts alone
  const counted = counts.reduce((sum, row) => sum + row.count, 0)
  return {
    all: Math.max(durations.all, counted),
    failed: Math.max(durations.failed, by('failed')),
    declined: by('declined'),
    rows,
  }
}
