// A table that switched autovacuum off for itself, and that nobody cleans instead.

import { z } from 'zod'
import { type TableRow, tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import { qualified } from '../../sql/quote.ts'

export const autovacuumDisabled = defineCheck({
  id: 'autovacuum-disabled',
  area: 'vacuum',
  title: 'Table that is changed but not vacuumed',
  needs: { tables },
  options: z.object({
    minChanges: z
      .number()
      .default(1000)
      .describe('Dead rows, or rows changed since the last ANALYZE: fewer hurt no plan and no page.'),
  }),
  run({ tables }, { minChanges }) {
    return tables
      .filter((table) => table.isAutovacuumOffForTable && isNeglected(table, minChanges))
      .map((table) => {
        const alter = `alter ${table.kind === 'materialized view' ? 'materialized view' : 'table'} ${qualified(table.schema, table.name)}`
        return {
          subject: {
            kind: 'table' as const,
            database: table.database,
            schema: table.schema,
            name: table.name,
          },
          severity: 'warning' as const,
          summary: `Autovacuum is off for table ${table.name}, which is changed and cleaned by nobody`,
          evidence: [
            { label: 'dead rows', value: table.deadTuples, unit: 'count' as const },
            {
              label: 'autovacuum would come from',
              value: Math.round(table.vacuumThreshold),
              unit: 'count' as const,
            },
            { label: 'changed since ANALYZE', value: table.modifiedSinceAnalyze, unit: 'count' as const },
            {
              label: 'it would analyze from',
              value: Math.round(table.analyzeThreshold),
              unit: 'count' as const,
            },
          ],
          remedy: {
            sql: [`${alter} reset (autovacuum_enabled)`],
            undo: [`${alter} set (autovacuum_enabled = false)`],
            lock: 'share update exclusive' as const,
            caution:
              'Autovacuum comes within minutes. If it was switched off because it disturbed, give the table a cost delay of its own instead.',
          },
        }
      })
  },
})

/** Whoever vacuums and analyzes by schedule instead stays below what autovacuum would have waited for. */
function isNeglected(table: TableRow, minChanges: number): boolean {
  return (
    table.deadTuples >= Math.max(minChanges, table.vacuumThreshold) ||
    table.modifiedSinceAnalyze >= Math.max(minChanges, table.analyzeThreshold)
  )
}
