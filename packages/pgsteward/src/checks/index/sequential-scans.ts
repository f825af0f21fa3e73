// A large table that is read from end to end again and again: some statement looks for few rows and has no index for it.

import { z } from 'zod'
import { tableActivity } from '../../facts/table-activity.ts'
import { tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import { size } from '../../model/units.ts'

export const sequentialScans = defineCheck({
  id: 'sequential-scans',
  area: 'index',
  title: 'Large table that is read from end to end again and again',
  needs: { tableActivity, tables },
  options: z.object({
    minSize: size()
      .prefault('8MB')
      .describe(
        'A thousand pages. Smaller tables are read from the cache in a millisecond, and often best so.',
      ),
    minScans: z
      .number()
      .default(10)
      .describe('Scans in the interval. Backups, exports and reports read a table a few times, and rightly.'),
    minRowsPerScan: z
      .number()
      .default(10_000)
      .describe('A scan that LIMIT or a match ends early reads few rows and is cheap.'),
    minRowsPerSecond: z
      .number()
      .default(50_000)
      .describe(
        'One processor reads some 5 to 10 million rows a second: from here about 1 % of one is spent on it.',
      ),
    manyRowsPerSecond: z
      .number()
      .default(500_000)
      .describe('About a tenth of a processor, all the time: a warning.'),
  }),
  run({ tableActivity, tables }, { minSize, minScans, minRowsPerScan, minRowsPerSecond, manyRowsPerSecond }) {
    const bySize = new Map(tables.map((table) => [`${table.schema}.${table.name}`, table]))
    return tableActivity.rows.flatMap((row) => {
      const table = bySize.get(`${row.schema}.${row.name}`)
      const rowsPerScan = row.sequentialRows / Math.max(1, row.sequentialScans)
      const rowsPerSecond = tableActivity.seconds > 0 ? row.sequentialRows / tableActivity.seconds : 0
      if (table === undefined || table.extension !== null || table.heapBytes < minSize) return []
      if (row.sequentialScans < minScans || rowsPerScan < minRowsPerScan || rowsPerSecond < minRowsPerSecond)
        return []
      return [
        {
          subject: { kind: 'table' as const, database: row.database, schema: row.schema, name: row.name },
          severity: rowsPerSecond >= manyRowsPerSecond ? ('warning' as const) : ('info' as const),
          summary: `Table ${row.name} is read from end to end again and again: an index may be missing`,
          evidence: [
            { label: 'sequential scans', value: row.sequentialScans, unit: 'count' as const },
            { label: 'rows read for each', value: Math.round(rowsPerScan), unit: 'count' as const },
            { label: 'rows read', value: rowsPerSecond, unit: 'perSecond' as const },
            { label: 'reported from', value: minRowsPerSecond, unit: 'perSecond' as const },
            { label: 'index scans', value: row.indexScans, unit: 'count' as const },
            { label: 'table size', value: table.heapBytes, unit: 'bytes' as const },
            { label: 'over', value: tableActivity.seconds * 1000, unit: 'ms' as const },
          ],
          // no remedy: which index follows from the statements, and is proven before it is proposed
        },
      ]
    })
  },
})
