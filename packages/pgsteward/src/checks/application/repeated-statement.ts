// N+1: one request sends the same statement again and again, for each row of a list.

import { z } from 'zod'
import { applicationRepeats } from '../../facts/application-repeats.ts'
import { applicationRequests } from '../../facts/application-requests.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence } from '../../model/finding.ts'
import type { TargetEvent } from '../../model/plan.ts'
import { summaryOf } from '../../sql/fingerprint.ts'
import {
  atPlace,
  count,
  keyOf,
  milliseconds,
  placeEvidence,
  ratio,
  siteName,
  skipWithoutReports,
  statementName,
  text,
  whoSends,
  worstFirst,
} from './place.ts'

export const repeatedStatement = defineCheck({
  id: 'repeated-statement',
  area: 'query',
  title: 'Statement that a request repeats for each row of a list (N+1)',
  needs: { repeats: applicationRepeats, requests: applicationRequests },
  options: z.object({
    minRepetitions: z
      .number()
      .int()
      .min(2)
      .prefault(10)
      .describe(
        'A request, on average. @pgsteward/instrument reports from 10, Sentry finds N+1 from 5 within a span of 50 ms.',
      ),
    minRequests: z
      .number()
      .int()
      .positive()
      .prefault(3)
      .describe('Within ten minutes; fewer are somebody trying something, or an import.'),
    warnShare: z
      .number()
      .min(0)
      .max(1)
      .prefault(0.3)
      .describe(
        "Of the request's time that the repetitions take: from a third on they are what the request waits for, below it is a note.",
      ),
    warnRepetitions: z
      .number()
      .int()
      .min(2)
      .prefault(50)
      .describe(
        'A warning whatever their share: on the network between two machines each costs half a millisecond.',
      ),
  }),
  run({ repeats, requests }, options) {
    const skipped = skipWithoutReports(repeats)
    if (skipped !== null) return skipped
    const meanMsOf = new Map(
      requests.rows
        .filter((row) => row.count > 0)
        .map((row) => [keyOf(row.application, row.name), row.totalMs / row.count]),
    )
    const found = repeats.rows
      .filter(
        (row) =>
          row.requests >= options.minRequests && row.repetitions / row.requests >= options.minRepetitions,
      )
      .map((row) => {
        const requestMs = row.route === null ? undefined : meanMsOf.get(keyOf(row.application, row.route))
        const repeatedMs = row.totalMs / row.requests
        const summary = summaryOf(row.text).summary
        return {
          row,
          summary,
          name: siteName(row, summary),
          repetitions: row.repetitions / row.requests,
          repeatedMs,
          // the requests that repeat may be slower than the mean of all
          share: requestMs === undefined || requestMs <= 0 ? null : Math.min(1, repeatedMs / requestMs),
        }
      })
    return worstFirst(
      found,
      ({ row, name }) => keyOf(row.application, name),
      ({ row }) => row.totalMs,
    ).map(([{ row, summary, name, repetitions, repeatedMs, share }]) => ({
      subject: { kind: 'call-site', application: row.application, name },
      severity:
        (share ?? 0) >= options.warnShare || repetitions >= options.warnRepetitions ? 'warning' : 'info',
      summary: `${whoSends(row.route)} sends ${statementName(row, summary)} again and again${atPlace(row.caller)}`,
      evidence: [
        ...count('repetitions a request', repetitions),
        ...count('reported from', options.minRepetitions),
        ...ratio("share of the request's time", share),
        ...milliseconds('time a request', repeatedMs),
        ...count('requests', row.requests),
        ...(row.since === null ? [] : sinceDeployment(row.since)),
        ...placeEvidence(row.application, row, { ...row, summary }),
      ],
    }))
  },
})

/** It was not repeated before: what the deployment changed is where to look. */
function sinceDeployment({ at, detail }: TargetEvent): readonly Evidence[] {
  return text('since the deployment', `${detail}, first seen ${at.toISOString().slice(0, 19)}Z`)
}
