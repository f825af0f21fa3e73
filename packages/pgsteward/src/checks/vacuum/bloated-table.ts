// A table that is mostly free space: scans read air, and the cache holds it.

import { z } from 'zod'
import { tableDensities } from '../../facts/table-densities.ts'
import { defineCheck } from '../../model/check.ts'
import { size } from '../../model/units.ts'
import { rewriteEvidence } from './rewrite-way.ts'

export const bloatedTable = defineCheck({
  id: 'bloated-table',
  area: 'vacuum',
  title: 'Table that is mostly free space',
  needs: { tableDensities },
  options: z.object({
    minShare: z
      .number()
      .default(0.5)
      .describe(
        'Free and dead space beyond the fill factor. A fifth is what autovacuum leaves by default, and half is what a table of two halves of a day may need again.',
      ),
    minFree: size()
      .prefault('100MB')
      .describe('Shrinking a table means writing it anew: for less the effort is larger than the gain.'),
  }),
  run({ tableDensities }, { minShare, minFree }, { server }) {
    return tableDensities.flatMap((table) => {
      const usedBytes = table.heapBytes - table.freeBytes - table.deadBytes
      // room that the fill factor keeps is kept beside rows, not beside air
      const unusedBytes = table.heapBytes - usedBytes / table.fillfactor
      const share = unusedBytes / table.heapBytes
      if (share < minShare || unusedBytes < minFree) return []
      return [
        {
          subject: {
            kind: 'table' as const,
            database: table.database,
            schema: table.schema,
            name: table.name,
          },
          severity: 'warning' as const,
          summary: `Table ${table.name} is mostly free space, which vacuum alone gives back to new rows but not to the disk`,
          evidence: [
            { label: 'size', value: table.heapBytes, unit: 'bytes' as const },
            { label: 'free', value: table.freeBytes, unit: 'bytes' as const },
            { label: 'dead rows', value: table.deadBytes, unit: 'bytes' as const },
            { label: 'unused', value: share, unit: 'ratio' as const },
            { label: 'reported from', value: minShare, unit: 'ratio' as const },
            rewriteEvidence(server, table),
          ],
          // no remedy in SQL: VACUUM FULL locks everyone out; a job of maintenance is made where there is a way that does not
        },
      ]
    })
  },
})
