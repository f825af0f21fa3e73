// A B-tree much larger than its entries need, by an estimate alone: for where nothing measures it.

import { z } from 'zod'
import { MEASURED_INDEX_BYTES } from '../../facts/index-densities.ts'
import { indexEstimates } from '../../facts/index-estimates.ts'
import { defineCheck } from '../../model/check.ts'
import { size } from '../../model/units.ts'

export const bloatedIndexSuspected = defineCheck({
  id: 'bloated-index-suspected',
  area: 'index',
  title: 'Index that seems mostly air, by an estimate',
  needs: { indexEstimates },
  options: z.object({
    minShare: z
      .number()
      .default(0.5)
      .describe(
        'A healthy index under random inserts is a quarter emptier than a fresh one, and the estimate errs by up to another quarter where few rows share a key (bench/results/bloat.md): half is neither.',
      ),
    minGain: size().prefault('10MB').describe('Freeing less is not worth the measuring.'),
  }),
  run({ indexEstimates }, { minShare, minGain }, { server }) {
    const isMeasured = server.extensions.has('pgstattuple')
    return indexEstimates.flatMap((index) => {
      // bloated-index has the last word on these
      if (isMeasured && index.budgetBytes !== null && index.budgetBytes <= MEASURED_INDEX_BYTES.all) return []
      if (index.freshBytes === null) return []
      const gainBytes = index.sizeBytes - index.freshBytes
      const share = gainBytes / index.sizeBytes
      if (share < minShare || gainBytes < minGain) return []
      return [
        {
          subject: {
            kind: 'index' as const,
            database: index.database,
            schema: index.schema,
            name: index.name,
          },
          severity: 'info' as const,
          summary: `Index ${index.name} on ${index.table} seems bloated: measure it before acting`,
          evidence: [
            { label: 'size', value: index.sizeBytes, unit: 'bytes' as const },
            { label: 'estimated size when rebuilt', value: index.freshBytes, unit: 'bytes' as const },
            { label: 'seems free', value: share, unit: 'ratio' as const },
            { label: 'reported from', value: minShare, unit: 'ratio' as const },
            { label: 'entries', value: index.entries, unit: 'count' as const },
            { label: 'different keys', value: index.distinctKeys, unit: 'count' as const },
          ],
          // no remedy on an estimate alone: pgstatindex tells, see the check's page
        },
      ]
    })
  },
})
