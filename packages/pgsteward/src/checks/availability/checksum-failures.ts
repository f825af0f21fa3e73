// A page whose checksum is wrong: the disk, the memory or a copy damaged it. The oldest remaining backup gets more valuable each day.

import { z } from 'zod'
import { databases } from '../../facts/databases.ts'
import { defineCheck } from '../../model/check.ts'

export const checksumFailures = defineCheck({
  id: 'checksum-failures',
  area: 'availability',
  title: 'Damaged pages',
  needs: { databases },
  options: z.object({}),
  run({ databases }, _, { server }) {
    const row = databases.rows.find((each) => each.database === server.database)
    if (row === undefined || (row.checksumFailures ?? 0) === 0) return []
    return [
      {
        subject: { kind: 'database', name: row.database },
        severity: 'critical',
        // no remedy: what is lost, and what brings it back, is for people to find out
        summary: 'Pages with a wrong checksum were read: data on disk is damaged',
        evidence: [
          { label: 'checksum failures', value: row.checksumFailures ?? 0, unit: 'count' },
          { label: 'reported from', value: 1, unit: 'count' },
          { label: 'within', value: databases.seconds * 1000, unit: 'ms' },
        ],
      },
    ]
  },
})
