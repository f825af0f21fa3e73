// A large table that autovacuum visits too rarely for its rate of changes: its share of rows suits small tables.

import { z } from 'zod'
import { settings } from '../../facts/settings.ts'
import { tableActivity } from '../../facts/table-activity.ts'
import { tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import { duration, size } from '../../model/units.ts'
import { tuneForDeadRows } from './tune-for-dead-rows.ts'
import { tuneForInserts } from './tune-for-inserts.ts'

export const autovacuumTuning = defineCheck({
  id: 'autovacuum-tuning',
  area: 'vacuum',
  title: 'Large table that autovacuum visits too rarely',
  needs: { tables, tableActivity, settings },
  options: z.object({
    minDeadBytes: size()
      .prefault('512MB')
      .describe(
        'Dead rows when autovacuum comes: as much is read with the live ones and held in the cache for nothing. Smaller tables are cleaned soon enough by their share.',
      ),
    targetShare: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.05)
      .describe('Of the rows, dead when autovacuum comes: a quarter of the default 0.2.'),
    minEvery: duration()
      .prefault('1h')
      .describe('No more often than this: each vacuum with dead rows reads every index from end to end.'),
    maxEvery: duration()
      .prefault('90d')
      .describe('At the measured rate: a table that takes longer to fill hardly changes.'),
    maxInsertedBytes: size()
      .prefault('1GB')
      .describe(
        'Inserted and not vacuumed since: index-only scans look into each such page, and all of them have to be frozen at once one day.',
      ),
  }),
  run({ tables, tableActivity, settings }, options) {
    const { seconds } = tableActivity
    if (seconds <= 0) return { skip: 'no increase of the tables’ counters is known yet' }
    const activityOf = new Map(tableActivity.rows.map((row) => [`${row.schema}.${row.name}`, row]))
    return tables.flatMap((table) => {
      const activity = activityOf.get(`${table.schema}.${table.name}`)
      // a partition lives too short for settings of its own; one without autovacuum is another check's matter
      const isOurs =
        table.kind === 'table' &&
        !table.isPartition &&
        table.extension === null &&
        !table.isAutovacuumOff &&
        (table.reltuples ?? 0) > 0
      if (activity === undefined || !isOurs) return []
      const given = { table, activity, seconds, settings, options }
      const tuned = tuneForDeadRows(given) ?? tuneForInserts(given)
      if (tuned === null) return []
      return [
        {
          subject: {
            kind: 'table' as const,
            database: table.database,
            schema: table.schema,
            name: table.name,
          },
          severity: 'info' as const,
          ...tuned,
        },
      ]
    })
  },
})
