// A table whose changes are not in WAL: replicas don't have its content, and a crash or a failover leaves it empty.

import { z } from 'zod'
import { foreignKeys } from '../../facts/foreign-keys.ts'
import { tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import { setLogged } from './set-logged.ts'

export const unloggedTable = defineCheck({
  id: 'unlogged-table',
  area: 'availability',
  title: 'Table that a crash empties',
  needs: { tables, foreignKeys },
  // an import that loads without WAL and switches it on at its end is done by then
  holdMs: 60 * 60_000,
  options: z.object({
    minRows: z
      .number()
      .default(100)
      .describe(
        'A lock, a heartbeat or a flag is a handful of rows and made again at once; a hundred were collected.',
      ),
  }),
  run({ tables, foreignKeys }, { minRows }) {
    const unlogged = tables.filter((table) => table.isUnlogged)
    return unlogged
      .filter(
        (table) =>
          // a partitioned table stores nothing: its partitions are logged or not, each for itself
          table.kind === 'table' &&
          table.extension === null &&
          table.rows >= minRows &&
          // a standby has no file of it, and after a crash the planner remembers rows that are gone
          table.heapBytes > 0,
      )
      .map((table) => {
        const remedy = setLogged(table, unlogged, foreignKeys)
        return {
          subject: {
            kind: 'table' as const,
            database: table.database,
            schema: table.schema,
            name: table.name,
          },
          severity: 'info' as const,
          summary: `Table ${table.name} is unlogged: a crash or a failover leaves it empty`,
          evidence: [
            { label: 'rows', value: table.rows, unit: 'count' as const },
            { label: 'reported from', value: minRows, unit: 'count' as const },
            { label: 'size with indexes', value: table.totalBytes, unit: 'bytes' as const },
          ],
          ...(remedy === undefined ? {} : { remedy }),
        }
      })
  },
})
