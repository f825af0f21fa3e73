// A feature of an application (several routes together) that is slow: signing in, sending messages, paying.

import { z } from 'zod'
import { applicationCalls } from '../../facts/application-calls.ts'
import { applicationQueries } from '../../facts/application-queries.ts'
import { applicationRequests } from '../../facts/application-requests.ts'
import type { OperationTotals } from '../../model/application.ts'
import { defineCheck } from '../../model/check.ts'
import { isLike } from '../../model/is-like.ts'
import { duration } from '../../model/units.ts'
import { againstLimits } from '../threshold.ts'
import { mergedPercentile } from './merged-percentile.ts'
import { count, keyOf, milliseconds, ratio, skipWithoutReports, text } from './place.ts'
import { heaviestCall, heaviestStatement } from './request-evidence.ts'

const group = z
  .strictObject({
    routes: z.array(z.string().min(1)).min(1),
    target: duration(),
    warning: duration(),
    critical: duration(),
  })
  .refine(({ target, warning, critical }) => target <= warning && warning <= critical, {
    error: 'target <= warning <= critical',
  })

/** N3's limits; critical at twice of them. */
const GROUPS = {
  auth: {
    routes: [
      '*/auth*',
      '*/login*',
      '*/logout*',
      '*/sign-*',
      '*/signin*',
      '*/signup*',
      '*/register*',
      '*/password*',
    ],
    target: '1000ms',
    warning: '1500ms',
    critical: '3000ms',
  },
  messages: {
    routes: ['*/messages*', '*/broadcasts*'],
    target: '1500ms',
    warning: '2500ms',
    critical: '5000ms',
  },
  conversations: { routes: ['*/conversations*'], target: '400ms', warning: '1000ms', critical: '2000ms' },
  billing: {
    routes: ['*/billing*', '*/checkout*', '*/invoices*', '*/subscriptions*'],
    target: '2000ms',
    warning: '3000ms',
    critical: '6000ms',
  },
} satisfies Record<string, z.input<typeof group>>

const MOST_NAMED = 3

export const slowFeature = defineCheck({
  id: 'slow-feature',
  area: 'availability',
  title: 'Feature that answers slowly',
  needs: { requests: applicationRequests, queries: applicationQueries, calls: applicationCalls },
  holdMs: 2 * 60_000,
  clearMs: 2 * 60_000,
  options: z.object({
    groups: z
      .record(z.string().min(1), group)
      .prefault(GROUPS)
      .describe(
        'Features by name: routes as patterns ("POST /api/auth/*"; a route belongs to the first that is like it), and limits of the 95th percentile. Given ones replace these, which are what people wait for (N3).',
      ),
    minRequests: z
      .number()
      .int()
      .positive()
      .prefault(20)
      .describe('Within ten minutes: the 95th percentile of fewer is their slowest, a matter of chance.'),
  }),
  run({ requests, queries, calls }, { groups, minRequests }) {
    const skipped = skipWithoutReports(requests)
    if (skipped !== null) return skipped
    const features = Object.entries(groups)
    const featureOf = ({ name }: OperationTotals) =>
      features.find(([, { routes }]) => routes.some((pattern) => isLike(name, pattern)))?.[0] ?? null
    const found = Map.groupBy(requests.rows, (row) => keyOf(row.application, featureOf(row)))
    return [...found.values()].flatMap((routes) => {
      const told = routes.filter(({ durations }) => durations !== null)
      const [first] = told
      const feature = first === undefined ? null : featureOf(first)
      if (first === undefined || feature === null) return []
      const { target, warning, critical } = groups[feature]!
      const { application } = first
      const slowest = told
        .filter(({ p95Ms }) => (p95Ms ?? 0) >= target)
        .toSorted((a, b) => b.totalMs - a.totalMs)
      const worst = slowest[0] ?? first
      const statement = heaviestStatement(worst, queries.rows)
      const call = heaviestCall(worst, calls.rows)
      return againstLimits(
        { is: 'above', label: '95th percentile', unit: 'ms' },
        {
          subject: { kind: 'feature', application, name: feature },
          value: mergedPercentile(told, 0.95) ?? 0,
          volume: told.reduce((sum, row) => sum + row.count, 0),
          summary: `${feature} of ${application} answers slowly, most in ${worst.name}`,
          evidence: [
            ...milliseconds('target', target),
            ...milliseconds('median', mergedPercentile(told, 0.5)),
            ...count(
              'requests',
              told.reduce((sum, row) => sum + row.count, 0),
            ),
            ...slowest
              .slice(0, MOST_NAMED)
              .flatMap((row) => [
                ...text('slow route', row.name),
                ...milliseconds('its 95th percentile', row.p95Ms),
                ...count('its requests', row.count),
              ]),
            ...text('application', application),
            ...text('heaviest statement', statement?.name ?? null),
            ...ratio('its share of the time', statement?.share ?? null),
            ...text('heaviest call to another service', call?.name ?? null),
            ...ratio("the call's share of the time", call?.share ?? null),
          ],
        },
        { warning, critical, clear: null, leastVolume: minRequests },
      )
    })
  },
})
