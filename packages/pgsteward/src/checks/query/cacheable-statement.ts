// A statement that is asked far more often than what it reads is written: a cache beside the application would answer most of it.

import { z } from 'zod'
import { foreignKeys } from '../../facts/foreign-keys.ts'
import { indexes } from '../../facts/indexes.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { tableActivity } from '../../facts/table-activity.ts'
import { tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import { subjectLabel } from '../../model/finding.ts'
import { duration } from '../../model/units.ts'
import { cacheableResult } from './cacheable-result.ts'
import { cachedHitRatio } from './cached-hit-ratio.ts'
import { loadEvidence, querySubject, statementLoads } from './statement-load.ts'

/** Of one processor: less is no load, whatever its share of an idle server. */
const LEAST_BUSY = 0.01

export const cacheableStatement = defineCheck({
  id: 'cacheable-statement',
  area: 'query',
  title: 'Statement whose results a cache could answer',
  needs: { statements, statementTexts, tables, tableActivity, indexes, foreignKeys },
  // a page that is popular for a minute needs no cache
  holdMs: 10 * 60_000,
  options: z.object({
    ttl: duration()
      .prefault('60s')
      .describe(
        'How long an entry may live: the oldest answer anybody gets should a drop be missed. A judgement: a minute is tolerated by most pages.',
      ),
    minHitRatio: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.5)
      .describe(
        'Below, a cache costs a second round trip more often than it saves one (the scaling playbook warns there).',
      ),
    minShareRemoved: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.05)
      .describe(
        "Of the server's statement time: a cache is one more thing to run, and a twentieth is the least that pays for it.",
      ),
    minCallsPerMinute: z
      .number()
      .positive()
      .prefault(60)
      .describe('Rarer statements are slow rather than often asked: other checks look at those.'),
    maxRows: z
      .number()
      .positive()
      .prefault(100)
      .describe('Rows a call: longer results fill a cache and are parsed anew at each hit.'),
  }),
  run({ statements, statementTexts, ...read }, options, { server }) {
    const traits = new Map(statementTexts.map((row) => [row.queryId, row.traits ?? null]))
    return statementLoads(server.database, statements, statementTexts)
      .filter(
        (load) =>
          load.callsPerSecond * 60 >= options.minCallsPerMinute &&
          load.rowsPerCall <= options.maxRows &&
          load.share >= options.minShareRemoved,
      )
      .flatMap((load) => {
        const known = traits.get(load.queryId)
        const result = known == null ? null : cacheableResult(known, read)
        if (result === null) return []
        const hitRatio = cachedHitRatio({ ...load, ...result, ttlMs: options.ttl })
        const removed = hitRatio * load.share
        const isWorthIt =
          hitRatio >= options.minHitRatio &&
          removed >= options.minShareRemoved &&
          hitRatio * load.busySessions >= LEAST_BUSY
        if (!isWorthIt) return []
        const names = result.tables
          .map(({ database, schema, name }) => subjectLabel({ kind: 'table', database, schema, name }))
          .join(', ')
        return [
          {
            subject: querySubject(load),
            severity: 'info' as const,
            // no remedy: a cache stands in the application
            summary: `A statement reads ${names} far more often than it is written: a cache could answer most calls`,
            evidence: [
              {
                label: "share of the server's statement time removed",
                value: removed,
                unit: 'ratio' as const,
              },
              { label: 'reported from', value: options.minShareRemoved, unit: 'ratio' as const },
              { label: 'hit ratio, at least', value: hitRatio, unit: 'ratio' as const },
              { label: 'worth it from', value: options.minHitRatio, unit: 'ratio' as const },
              { label: 'time to live', value: options.ttl, unit: 'ms' as const },
              { label: 'calls a minute', value: load.callsPerSecond * 60, unit: 'count' as const },
              { label: 'time a minute', value: load.busySessions * 60_000, unit: 'ms' as const },
              { label: 'tables', value: names, unit: 'text' as const },
              {
                label: 'rows written to them a minute',
                value: result.writesPerSecond * 60,
                unit: 'count' as const,
              },
              { label: 'different results, at most', value: result.results, unit: 'count' as const },
              {
                label: 'a written row drops',
                value: result.isDroppedByKey ? 'the entry of its key' : 'every entry of the statement',
                unit: 'text' as const,
              },
              ...loadEvidence(load),
            ],
          },
        ]
      })
  },
})
