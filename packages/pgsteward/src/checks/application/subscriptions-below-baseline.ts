// Subscriptions, or another count of the business, well below what the same hour of the week used to bring.

import { z } from 'zod'
import { LEAST_WEEKS, type WeeklyHours, weeklyBaseline } from '../../facts/weekly-baseline.ts'
import { defineCheck } from '../../model/check.ts'
import { median } from '../../stats/order-statistics.ts'
import { medianAbsoluteDeviation } from '../../stats/robust-scale.ts'
import { againstLimits } from '../threshold.ts'
import { count, ratio, skipWithoutReports, text } from './place.ts'

export const subscriptionsBelowBaseline = defineCheck({
  id: 'subscriptions-below-baseline',
  area: 'availability',
  title: 'Fewer subscriptions than at this hour of other weeks',
  needs: { weekly: weeklyBaseline },
  options: z
    .object({
      metrics: z
        .array(z.string().min(1))
        .min(1)
        .prefault(['subscriptions.created', 'subscriptions.active'])
        .describe(
          'Counts by name (PerformanceMetrics.count), and the level subscriptions.active. For other levels write a rule of your own.',
        ),
      warning: share(0.2).describe('Share below the median of the same hour of the weeks before (N3).'),
      critical: share(0.5).describe('Half of what is usual is missing: signing up or paying is broken.'),
      clear: share(0.1).describe('Open until it is less far below: hours differ by that much anyway.'),
      deviations: z
        .number()
        .nonnegative()
        .prefault(4)
        .describe(
          'Standard deviations that chance explains, of a count its square root or the spread of the weeks. Four: a false alarm in years, and none at night, where counts are tiny.',
        ),
    })
    .refine(({ clear, warning, critical }) => clear <= warning && warning <= critical, {
      error: 'clear <= warning <= critical',
    }),
  run({ weekly }, { metrics, deviations, ...limits }) {
    const skipped = skipWithoutReports(weekly)
    if (skipped !== null) return skipped
    const named = weekly.rows.filter(({ name }) => metrics.includes(name))
    const names = metrics.join(' or ')
    if (named.length === 0)
      return {
        skip: `no application has reported ${names} for ${LEAST_WEEKS} weeks: there is nothing to compare with`,
      }
    const judged = named.flatMap((row) => compared(row))
    if (judged.length === 0)
      return {
        skip: `too little is known of this hour in ${LEAST_WEEKS} weeks, or of the last hour, of ${names}`,
      }
    return judged.flatMap(({ row, latest, usual, spread, weeks }) => {
      const found = againstLimits(
        { is: 'above', label: 'below the usual', unit: 'ratio' },
        {
          subject: { kind: 'metric', application: row.application, name: row.name },
          value: 1 - latest / usual,
          summary: `${row.name} of ${row.application} is below what this hour of the week usually brings`,
          evidence: [
            ...count(row.kind === 'level' ? 'on average in that hour' : 'in that hour', latest),
            ...count('usual at this hour', usual),
            ...count('weeks compared', weeks),
            ...text('hour', hourWords(weekly.hour.to)),
            ...ratio('chance explains', Math.min(1, (deviations * spread) / usual)),
            ...text('application', row.application),
          ],
        },
        { ...limits, leastVolume: 0 },
      )
      // what chance explains opens nothing, and keeps what is open
      const isChance = usual - latest < deviations * spread
      return isChance ? found.map((each) => ({ ...each, sustains: true as const })) : found
    })
  },
})

function share(at: number) {
  return z.number().min(0).max(1).prefault(at)
}

/** Nothing where it can't be compared. */
function compared(row: WeeklyHours) {
  const weeks = row.before.filter((each) => each !== null)
  if (row.latest === null || weeks.length < LEAST_WEEKS) return []
  const usual = median(weeks)
  if (usual <= 0) return []
  const ofWeeks = medianAbsoluteDeviation(weeks)
  // events that come by themselves vary by the root of their number, whatever a few weeks happened to show
  const spread = row.kind === 'count' ? Math.max(Math.sqrt(usual), ofWeeks) : ofWeeks
  return [{ row, latest: row.latest, usual, spread, weeks: weeks.length }]
}

/** `to 2026-03-10 12:00 UTC`: hours of the week are those of UTC. */
function hourWords(to: Date): string {
  return `to ${to.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
