// A list that the application pages by OFFSET, far behind its beginning: the server reads all that comes before and throws it away.

import { z } from 'zod'
import { applicationQueries } from '../../facts/application-queries.ts'
import { rewrites } from '../../facts/rewrites.ts'
import { defineCheck } from '../../model/check.ts'
import { provenRewrite } from '../query/rewrite-evidence.ts'
import {
  atPlace,
  count,
  keyOf,
  milliseconds,
  placeEvidence,
  siteName,
  skipWithoutReports,
  statementName,
  whoSends,
  worstFirst,
} from './place.ts'

export const deepOffset = defineCheck({
  id: 'deep-offset',
  area: 'query',
  title: 'List that an application pages by OFFSET, far behind its beginning',
  needs: { queries: applicationQueries, rewrites },
  options: z.object({
    minSkipped: z
      .number()
      .positive()
      .prefault(1_000)
      .describe(
        'Rows passed over a call, on average: twenty pages of fifty. Few people read that far, programs do.',
      ),
    minCalls: z
      .number()
      .int()
      .positive()
      .prefault(10)
      .describe('Within ten minutes; somebody who looks for an old entry once is nobody to care for.'),
    warnP95: z
      .number()
      .positive()
      .prefault(100)
      .describe('Milliseconds: a warning from here on, where it is felt (S3); below it is a note.'),
  }),
  run({ queries, rewrites }, { minSkipped, minCalls, warnP95 }) {
    const skipped = skipWithoutReports(queries)
    if (skipped !== null) return skipped
    const deep = queries.rows.filter(
      (row) => row.count >= minCalls && row.skippedRows / row.count >= minSkipped,
    )
    return worstFirst(
      deep,
      (row) => keyOf(row.application, siteName(row, row.name)),
      (row) => row.skippedRows,
    ).map(([row]) => ({
      subject: { kind: 'call-site', application: row.application, name: siteName(row, row.name) } as const,
      severity: (row.p95Ms ?? 0) >= warnP95 ? 'warning' : 'info',
      // no remedy: the key to go on from has to come from the application
      summary: `${whoSends(row.route)} pages ${statementName(row, row.name)} by OFFSET, and the server reads everything before${atPlace(row.caller)}`,
      evidence: [
        ...count('rows passed over a call', row.skippedRows / row.count),
        ...count('reported from', minSkipped),
        ...count('rows returned a call', row.rows / row.count),
        ...count('calls', row.count),
        ...milliseconds('95th percentile', row.p95Ms),
        ...provenRewrite(rewrites, row.queryIds, 'keyset'),
        ...placeEvidence(row.application, row, { summary: row.name, queryIds: row.queryIds }),
      ],
    }))
  },
})
