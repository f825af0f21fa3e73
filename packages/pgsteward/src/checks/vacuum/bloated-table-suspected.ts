// A table much larger than its rows need, by an estimate alone: for where nothing measures it.

import { z } from 'zod'
import { MEASURED_TABLE_BYTES } from '../../facts/table-densities.ts'
import { tableEstimates } from '../../facts/table-estimates.ts'
import { defineCheck } from '../../model/check.ts'
import { size } from '../../model/units.ts'
import { rewriteEvidence } from './rewrite-way.ts'

export const bloatedTableSuspected = defineCheck({
  id: 'bloated-table-suspected',
  area: 'vacuum',
  title: 'Table that seems mostly free space, by an estimate',
  needs: { tableEstimates },
  options: z.object({
    minShare: z
      .number()
      .default(0.5)
      .describe(
        'As bloated-table: half is what a table may need again. The estimate itself errs by some hundredths (bench/results/bloat.md).',
      ),
    minGain: size()
      .prefault('100MB')
      .describe('As bloated-table: freeing less is not worth writing it anew.'),
  }),
  run({ tableEstimates }, { minShare, minGain }, { server }) {
    const isMeasured = server.extensions.has('pgstattuple')
    return tableEstimates.flatMap((table) => {
      // bloated-table has the last word on these
      if (isMeasured && table.budgetBytes <= MEASURED_TABLE_BYTES) return []
      if (table.freshBytes === null) return []
      const gainBytes = table.heapBytes - table.freshBytes
      const share = gainBytes / table.heapBytes
      if (share < minShare || gainBytes < minGain) return []
      return [
        {
          subject: {
            kind: 'table' as const,
            database: table.database,
            schema: table.schema,
            name: table.name,
          },
          severity: 'info' as const,
          summary: `Table ${table.name} seems mostly free space: measure it before acting`,
          evidence: [
            { label: 'size', value: table.heapBytes, unit: 'bytes' as const },
            { label: 'estimated size when written anew', value: table.freshBytes, unit: 'bytes' as const },
            { label: 'seems free', value: share, unit: 'ratio' as const },
            { label: 'reported from', value: minShare, unit: 'ratio' as const },
            { label: 'rows', value: table.rows, unit: 'count' as const },
            rewriteEvidence(server, table),
          ],
          // no remedy on an estimate alone: pgstattuple_approx tells, see the check's page; then maintenance has a way, or nobody
        },
      ]
    })
  },
})
