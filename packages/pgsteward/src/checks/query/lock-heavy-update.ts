// A statement that spends its time waiting for rows that other transactions hold.

import { z } from 'zod'
import { blocking } from '../../facts/blocking.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statementWaits } from '../../facts/statement-waits.ts'
import { statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence } from '../../model/finding.ts'
import { queryExcerpt } from './query-excerpt.ts'
import { rowLockWaits } from './row-lock-waits.ts'
import { loadEvidence, querySubject, statementLoads } from './statement-load.ts'

const MOST_BLOCKERS = 3

export const lockHeavyUpdate = defineCheck({
  id: 'lock-heavy-update',
  area: 'query',
  title: 'Statement that waits for rows which other transactions hold',
  needs: { statements, statementTexts, statementWaits, blocking },
  options: z.object({
    minWaiting: z
      .number()
      .positive()
      .prefault(0.2)
      .describe(
        'Mean number of sessions that wait within it, over ten minutes; without samples, as many at this moment, three at least.',
      ),
    minShare: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.3)
      .describe('Of its time: below a third it is the work itself that takes long.'),
    warnWaiting: z
      .number()
      .positive()
      .prefault(1)
      .describe(
        'One connection is lost to waiting all the time, as samples show; one moment is never a warning.',
      ),
  }),
  run({ statements, statementTexts, statementWaits, blocking }, options, { server }) {
    const traits = new Map(statementTexts.map((row) => [row.queryId, row.traits ?? null]))
    const waits = rowLockWaits(statementWaits, blocking, server.database)
    return statementLoads(server.database, statements, statementTexts).flatMap((load) => {
      const wait = waits.get(load.queryId)
      if (wait === undefined || wait.waiting < options.minWaiting || wait.share < options.minShare) return []
      // a counter is a case of its own (hot-row-counter)
      if ((traits.get(load.queryId)?.increments.length ?? 0) > 0) return []
      const table = traits.get(load.queryId)?.tables[0]?.name
      return [
        {
          subject: querySubject(load),
          severity:
            wait.isSampled && wait.waiting >= options.warnWaiting ? ('warning' as const) : ('info' as const),
          // no remedy: who holds the rows, and for how long, is decided in the application's transactions
          summary: `A statement${table === undefined ? '' : ` on ${table}`} mostly waits for rows that other transactions hold`,
          evidence: [
            { label: 'sessions that wait within it', value: wait.waiting, unit: 'count' as const },
            { label: 'reported from', value: options.minWaiting, unit: 'count' as const },
            { label: 'of its time', value: wait.share, unit: 'ratio' as const },
            {
              label: 'measured',
              value: wait.isSampled ? 'over ten minutes' : 'at this moment',
              unit: 'text' as const,
            },
            ...blockers(load.queryId),
            ...loadEvidence(load),
          ],
        },
      ]
    })

    function blockers(queryId: string): readonly Evidence[] {
      const rows = blocking.filter((row) => row.waitingQueryId === queryId && row.blockerIsRoot)
      return [...Map.groupBy(rows, (row) => queryExcerpt(row.blockingQuery))]
        .sort((a, b) => b[1].length - a[1].length)
        .slice(0, MOST_BLOCKERS)
        .map(([text, [row]]) => ({
          label: row?.blockingState?.startsWith('idle')
            ? 'now held by a transaction idle after'
            : 'now held by',
          value: text,
          unit: 'text' as const,
        }))
    }
  },
})
