// A table whose planner statistics describe another time: plans are chosen for data that is no longer there.

import { z } from 'zod'
import { type TableRow, tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { qualified } from '../../sql/quote.ts'

export const staleStatistics = defineCheck({
  id: 'stale-statistics',
  area: 'vacuum',
  title: 'Planner statistics that are out of date',
  needs: { tables },
  // the launcher visits a database once a minute: a table loaded just now is about to be analyzed
  holdMs: 2 * 60_000,
  options: z.object({
    minModified: z
      .number()
      .default(10_000)
      .describe('Fewer changed rows rarely turn a plan; small tables are read whole anyway.'),
    factor: z
      .number()
      .default(2)
      .describe("Times the table's own analyze threshold. At 1 an automatic analyze is due, not late."),
    anywayShare: z
      .number()
      .default(0.5)
      .describe(
        'Changed rows over all rows from which statistics are stale whatever threshold the table was given.',
      ),
    minAge: duration()
      .prefault('10m')
      .describe('A queue changes all its rows between two visits of autovacuum, minutes apart.'),
  }),
  run({ tables }, { minModified, factor, anywayShare, minAge }, { now }) {
    return tables
      .filter((table) => table.kind === 'table' || table.kind === 'materialized view')
      .filter((table) => {
        const limit = Math.min(
          factor * table.analyzeThreshold,
          Math.max(anywayShare * table.rows, minModified),
        )
        if (isNeverAnalyzed(table)) return table.rows >= minModified
        const isRecent =
          table.lastAnalyzeAt !== null && now.getTime() - table.lastAnalyzeAt.getTime() < minAge
        return table.modifiedSinceAnalyze >= Math.max(minModified, limit) && !isRecent
      })
      .map((table) => ({
        subject: { kind: 'table' as const, database: table.database, schema: table.schema, name: table.name },
        severity: 'warning' as const,
        summary: isNeverAnalyzed(table)
          ? `Table ${table.name} was never analyzed: the planner guesses`
          : `Table ${table.name} changed so much since its last ANALYZE that the planner is misled`,
        evidence: [
          { label: 'changed since ANALYZE', value: table.modifiedSinceAnalyze, unit: 'count' as const },
          { label: 'rows', value: table.rows, unit: 'count' as const },
          {
            label: 'autovacuum analyzes from',
            value: Math.round(table.analyzeThreshold),
            unit: 'count' as const,
          },
          {
            label: 'last ANALYZE',
            value:
              table.lastAnalyzeAt?.toISOString() ??
              (isNeverAnalyzed(table) ? 'never' : 'not since the statistics began'),
            unit: 'text' as const,
          },
        ],
        remedy: {
          sql: [`analyze ${qualified(table.schema, table.name)}`],
          // nobody wants the old statistics back; a plan that turns for the worse needs a look of its own
          undo: null,
          lock: 'share update exclusive' as const,
          caution:
            'Reads a sample of some 30,000 pages at most. Where a threshold of the table keeps autovacuum away, it comes back: lower that too.',
        },
      }))
  },
})

/** Statistics views forget with a reset or a crash; reltuples does not. */
function isNeverAnalyzed(table: TableRow): boolean {
  return table.reltuples === null && table.lastAnalyzeAt === null
}
