// Deadlocks: PostgreSQL ended one of two transactions that waited for each other. Its work was lost, unless somebody retried.

import { z } from 'zod'
import { databases } from '../../facts/databases.ts'
import { defineCheck } from '../../model/check.ts'

export const deadlocks = defineCheck({
  id: 'deadlocks',
  area: 'availability',
  title: 'Deadlocks',
  needs: { databases },
  options: z.object({
    minDeadlocks: z
      .number()
      .int()
      .positive()
      .prefault(1)
      .describe('Within the interval; each is a transaction that failed.'),
    warnFrom: z
      .number()
      .int()
      .positive()
      .prefault(5)
      .describe('Within the interval: one now and then is retried, as many are a pattern in the code.'),
  }),
  run({ databases }, { minDeadlocks, warnFrom }, { server }) {
    const row = databases.rows.find((each) => each.database === server.database)
    if (row === undefined || row.deadlocks < minDeadlocks) return []
    return [
      {
        subject: { kind: 'database', name: row.database },
        severity: row.deadlocks >= warnFrom ? 'warning' : 'info',
        summary: 'Transactions deadlocked, and PostgreSQL ended one of each pair',
        evidence: [
          { label: 'deadlocks', value: row.deadlocks, unit: 'count' },
          { label: 'reported from', value: minDeadlocks, unit: 'count' },
          { label: 'a warning from', value: warnFrom, unit: 'count' },
          { label: 'within', value: databases.seconds * 1000, unit: 'ms' },
          { label: 'transactions rolled back', value: row.rollbacks, unit: 'count' },
        ],
      },
    ]
  },
})
