// The statement that takes the largest part of the server's time: where an improvement pays most, slow or not.

import { z } from 'zod'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import { loadEvidence, querySubject, statementLoads } from './statement-load.ts'

/** Shares of a few seconds swing with every report that happens to run. */
const MIN_SECONDS = 60

export const heavyStatement = defineCheck({
  id: 'heavy-statement',
  area: 'query',
  title: 'Statement that takes most of the time',
  needs: { statements, statementTexts },
  options: z.object({
    minShare: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.3)
      .describe('Of the time of all statements: halving such a one gives back a seventh of the server.'),
    minBusy: z
      .number()
      .positive()
      .prefault(0.1)
      .describe('Mean number of sessions busy with it; below a tenth the server has nothing to win.'),
  }),
  run({ statements, statementTexts }, { minShare, minBusy }, { server }) {
    if (statements.seconds < MIN_SECONDS) {
      return { skip: `needs ${MIN_SECONDS} s of statements, has ${Math.round(statements.seconds)} s` }
    }
    return statementLoads(server.database, statements, statementTexts)
      .filter((load) => load.share >= minShare && load.busySessions >= minBusy)
      .map((load) => ({
        subject: querySubject(load),
        severity: 'info' as const,
        summary: "One statement takes a large part of the server's time",
        evidence: [
          ...loadEvidence(load),
          { label: 'reported from a share of', value: minShare, unit: 'ratio' as const },
          { label: 'sessions busy with it', value: load.busySessions, unit: 'count' as const },
          { label: 'reported from', value: minBusy, unit: 'count' as const },
          { label: 'within', value: statements.seconds * 1000, unit: 'ms' as const },
        ],
      }))
  },
})
