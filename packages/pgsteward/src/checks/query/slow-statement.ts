// A statement that is slow on average, judged by what it did lately and not since the server's beginning.

import { z } from 'zod'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { loadEvidence, querySubject, statementLoads } from './statement-load.ts'

export const slowStatement = defineCheck({
  id: 'slow-statement',
  area: 'query',
  title: 'Statement that is slow on average',
  needs: { statements, statementTexts },
  options: z.object({
    warnMean: duration()
      .prefault('100ms')
      .describe(
        'A page makes several statements; one of 100 ms is felt. PgHero takes 20 ms, pganalyze 50 ms, as information.',
      ),
    criticalMean: duration()
      .prefault('500ms')
      .describe('Critical only together with criticalBusy: a slow report is no outage.'),
    criticalBusy: z
      .number()
      .positive()
      .prefault(1)
      .describe(
        'Mean number of sessions kept busy: from one on, it takes a connection of the pool for itself all the time.',
      ),
    minCalls: z
      .number()
      .int()
      .positive()
      .prefault(10)
      .describe('Within the interval; fewer are somebody at a prompt, and one outlier moves their mean.'),
    ignoreUsers: z
      .array(z.string())
      .prefault([])
      .describe('Roles that run slow statements by nature, as reporting does.'),
  }),
  run({ statements, statementTexts }, options, { server }) {
    return statementLoads(server.database, statements, statementTexts)
      .filter(
        (load) =>
          load.calls >= options.minCalls &&
          load.meanMs >= options.warnMean &&
          !load.users.every((user) => options.ignoreUsers.includes(user)),
      )
      .map((load) => ({
        subject: querySubject(load),
        severity:
          load.meanMs >= options.criticalMean && load.busySessions >= options.criticalBusy
            ? ('critical' as const)
            : ('warning' as const),
        summary: 'A statement is slow on average and called often',
        evidence: [
          ...loadEvidence(load),
          { label: 'reported from', value: options.warnMean, unit: 'ms' as const },
          { label: 'calls measured', value: load.calls, unit: 'count' as const },
          { label: 'within', value: statements.seconds * 1000, unit: 'ms' as const },
        ],
      }))
  },
})
