// A statement that an application waits long for (S3), by its 95th percentile or by single slow ones, with the place that sends it.

import { z } from 'zod'
import { type ApplicationQuery, applicationQueries } from '../../facts/application-queries.ts'
import { type ApplicationSlowQuery, applicationSlowQueries } from '../../facts/application-slow-queries.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { summaryOf } from '../../sql/fingerprint.ts'
import {
  atPlace,
  count,
  keyOf,
  milliseconds,
  type Place,
  placeEvidence,
  siteName,
  skipWithoutReports,
  statementName,
  whoSends,
  worstFirst,
} from './place.ts'

interface SlowSite {
  readonly place: Place
  readonly application: string
  readonly summary: string
  readonly query: ApplicationQuery | null
  readonly events: ApplicationSlowQuery | null
  readonly isCritical: boolean
}

export const slowApplicationQuery = defineCheck({
  id: 'slow-application-query',
  area: 'query',
  title: 'Statement that an application waits long for',
  needs: { queries: applicationQueries, slowQueries: applicationSlowQueries },
  options: z.object({
    warnP95: duration()
      .prefault('500ms')
      .describe('As the application waits for it: half a second is felt by whoever clicked.'),
    criticalP95: duration()
      .prefault('2s')
      .describe('Every twentieth takes longer: people give up, and connections of the pool are held.'),
    minCalls: z
      .number()
      .int()
      .positive()
      .prefault(20)
      .describe('Within ten minutes: the 95th percentile of fewer is their slowest, a matter of chance.'),
    minSlow: z
      .number()
      .int()
      .positive()
      .prefault(3)
      .describe(
        'Single slow ones (over the threshold of the instrument package, 500 ms) within ten minutes: one or two are a cold cache.',
      ),
    minSlowShare: z
      .number()
      .min(0)
      .max(1)
      .prefault(0.01)
      .describe('Of its calls, for single slow ones: of many thousand a few are always late.'),
    ignoreRoutes: z
      .array(z.string())
      .prefault([])
      .describe('Routes that are slow by nature, as an export is, in the form of the finding: GET /export.'),
  }),
  run({ queries, slowQueries }, options) {
    const skipped = skipWithoutReports(queries)
    if (skipped !== null) return skipped
    const eventsOf = new Map(slowQueries.rows.map((row) => [placeKey(row), row]))
    const byPercentile = queries.rows
      .filter((row) => row.count >= options.minCalls && (row.p95Ms ?? 0) >= options.warnP95)
      .map(
        (row): SlowSite => ({
          place: row,
          application: row.application,
          summary: row.name,
          query: row,
          events: eventsOf.get(placeKey(row)) ?? null,
          isCritical: (row.p95Ms ?? 0) >= options.criticalP95,
        }),
      )
    const queryOf = new Map(queries.rows.map((row) => [placeKey(row), row]))
    const bySingle = slowQueries.rows
      .filter((row) => {
        const calls = queryOf.get(placeKey(row))?.count ?? 0
        return row.count >= options.minSlow && row.count >= calls * options.minSlowShare
      })
      .map((row): SlowSite => {
        const query = queryOf.get(placeKey(row)) ?? null
        return {
          place: row,
          application: row.application!,
          summary: query?.name ?? summaryOf(row.text).summary,
          query,
          events: row,
          isCritical: false,
        }
      })
    const sites = [...byPercentile, ...bySingle].filter(
      ({ place }) => place.route === null || !options.ignoreRoutes.includes(place.route),
    )
    return worstFirst(
      sites,
      ({ application, place, summary }) => keyOf(application, siteName(place, summary)),
      ({ query, events, isCritical }) =>
        (isCritical ? 1e15 : 0) + Math.max(query?.totalMs ?? 0, events?.totalMs ?? 0),
    ).map(([{ place, application, summary, query, events, isCritical }]) => ({
      subject: { kind: 'call-site', application, name: siteName(place, summary) },
      severity: isCritical ? 'critical' : 'warning',
      summary: `${whoSends(place.route)} waits long for ${statementName(place, summary)}${atPlace(place.caller)}`,
      evidence: [
        ...milliseconds('95th percentile', query?.p95Ms ?? null),
        ...milliseconds('reported from', options.warnP95),
        ...count('calls', query?.count ?? null),
        ...milliseconds('mean time', query === null ? null : query.totalMs / query.count),
        ...count('single slow ones', events?.count ?? null),
        ...milliseconds('slowest', Math.max(query?.maxMs ?? 0, events?.maxMs ?? 0)),
        ...placeEvidence(application, place, {
          summary,
          queryIds: events?.queryIds ?? query?.queryIds ?? [],
          ...(events === null ? {} : { text: events.text }),
        }),
      ],
    }))
  },
})

function placeKey(
  row: Place & { readonly application: string | null; readonly fingerprint: string | null },
): string {
  return keyOf(row.application, row.fingerprint, row.route, row.model, row.action, row.caller)
}
