// A table with far more dead rows than autovacuum is meant to leave: it does not come, does not finish, or may not clean.

import { z } from 'zod'
import { tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import { qualified } from '../../sql/quote.ts'

export const deadTuples = defineCheck({
  id: 'dead-tuples',
  area: 'vacuum',
  title: 'Dead rows that autovacuum should have removed',
  needs: { tables },
  // the launcher visits a database once a minute (autovacuum_naptime): a bulk delete deserves two chances
  holdMs: 2 * 60_000,
  options: z.object({
    factor: z
      .number()
      .default(2)
      .describe(
        "Times the table's own threshold (autovacuum_vacuum_threshold + scale factor x rows). At 1 autovacuum is due, not late.",
      ),
    minDeadTuples: z
      .number()
      .default(10_000)
      .describe('Some hundred pages. Small busy tables pass their threshold between two visits.'),
    minShare: z
      .number()
      .default(0.2)
      .describe(
        'Of all rows, dead or alive: the share that the default scale factor allows. Large tables with a tuned threshold reach theirs earlier.',
      ),
  }),
  run({ tables }, { factor, minDeadTuples, minShare }) {
    return tables
      .filter((table) => {
        const share = table.deadTuples / Math.max(1, table.deadTuples + table.rows)
        return (
          table.deadTuples >= minDeadTuples &&
          table.deadTuples >= factor * table.vacuumThreshold &&
          share >= minShare &&
          !table.isBeingVacuumed
        )
      })
      .map((table) => ({
        subject: { kind: 'table' as const, database: table.database, schema: table.schema, name: table.name },
        severity: 'warning' as const,
        summary: table.isAutovacuumOff
          ? `Table ${table.name} is full of dead rows, and autovacuum is off for it`
          : `Table ${table.name} is full of dead rows that autovacuum has not removed`,
        evidence: [
          { label: 'dead rows', value: table.deadTuples, unit: 'count' as const },
          { label: 'live rows', value: table.rows, unit: 'count' as const },
          {
            label: 'autovacuum is due from',
            value: Math.round(table.vacuumThreshold),
            unit: 'count' as const,
          },
          {
            label: 'reported from',
            value: Math.round(factor * table.vacuumThreshold),
            unit: 'count' as const,
          },
          {
            label: 'last vacuum',
            value: table.lastVacuumAt?.toISOString() ?? 'not since the statistics began',
            unit: 'text' as const,
          },
        ],
        remedy: {
          sql: [`vacuum (analyze) ${qualified(table.schema, table.name)}`],
          // dead rows have no way back
          undo: null,
          lock: 'share update exclusive' as const,
          caution:
            'Reads what is not all visible, at the speed of vacuum_cost_delay. An old transaction, slot or standby that may still see the rows makes it remove nothing.',
        },
      }))
  },
})
