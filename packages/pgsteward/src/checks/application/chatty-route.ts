// A route that sends very many statements a request, though none of them over and over: each is a trip over the network.

import { z } from 'zod'
import { applicationQueries } from '../../facts/application-queries.ts'
import { applicationRepeats } from '../../facts/application-repeats.ts'
import { applicationRequests } from '../../facts/application-requests.ts'
import { defineCheck } from '../../model/check.ts'
import { count, milliseconds, skipWithoutReports, text } from './place.ts'
import { heaviestStatement, queryTimeRatio, requestEvidence } from './request-evidence.ts'

export const chattyRoute = defineCheck({
  id: 'chatty-route',
  area: 'query',
  title: 'Route that sends very many statements a request',
  needs: { requests: applicationRequests, repeats: applicationRepeats, queries: applicationQueries },
  options: z.object({
    maxStatements: z
      .number()
      .positive()
      .prefault(30)
      .describe(
        'A request, on average: a page needs some ten, with session, permissions and counters twenty.',
      ),
    minRequests: z
      .number()
      .int()
      .positive()
      .prefault(20)
      .describe('Within ten minutes; imports and first visits send many and are rare.'),
    warnShare: z
      .number()
      .min(0)
      .prefault(0.5)
      .describe(
        "Of the request's time that its statements take: a warning from half on, below it is a note.",
      ),
  }),
  run({ requests, repeats, queries }, options) {
    const skipped = skipWithoutReports(requests)
    if (skipped !== null) return skipped
    return requests.rows.flatMap((row) => {
      const statements = row.rows / row.count
      if (row.count < options.minRequests || statements <= options.maxStatements) return []
      const repeated = repeats.rows
        .filter((each) => each.application === row.application && each.route === row.name)
        .reduce((sum, each) => sum + each.repetitions, 0)
      // most of them are one statement over and over: repeated-statement tells of those
      if (repeated >= row.rows / 2) return []
      const statement = heaviestStatement(row, queries.rows)
      return [
        {
          subject: { kind: 'route', application: row.application, name: row.name } as const,
          severity: (queryTimeRatio(row) ?? 0) >= options.warnShare ? 'warning' : 'info',
          summary: `${row.name} of ${row.application} sends very many statements a request`,
          evidence: [
            ...requestEvidence(row),
            ...count('reported over', options.maxStatements),
            ...count('requests', row.count),
            ...milliseconds('95th percentile', row.p95Ms),
            ...text('heaviest statement', statement?.name ?? null),
          ],
        },
      ]
    })
  },
})
