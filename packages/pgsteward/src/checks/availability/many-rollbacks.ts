// Many transactions that end in a rollback: errors that the application swallows, or work done and thrown away.

import { z } from 'zod'
import { databases } from '../../facts/databases.ts'
import { defineCheck } from '../../model/check.ts'

export const manyRollbacks = defineCheck({
  id: 'many-rollbacks',
  area: 'availability',
  title: 'Many transactions are rolled back',
  needs: { databases },
  // a deployment that goes wrong for a moment is seen elsewhere
  holdMs: 2 * 60_000,
  options: z.object({
    minRatio: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.1)
      .describe('Of all transactions; the Grafana mixin for PostgreSQL takes 10 % too.'),
    minTransactions: z
      .number()
      .int()
      .positive()
      .prefault(500)
      .describe('Within the interval; below, the ratio is chance.'),
  }),
  run({ databases }, { minRatio, minTransactions }, { server }) {
    const row = databases.rows.find((each) => each.database === server.database)
    const transactions = row === undefined ? 0 : row.commits + row.rollbacks
    if (row === undefined || transactions < minTransactions) return []
    const ratio = row.rollbacks / transactions
    if (ratio < minRatio) return []
    return [
      {
        subject: { kind: 'database', name: row.database },
        // only information: some programs end every reading transaction by a rollback
        severity: 'info',
        summary: 'Many transactions end in a rollback',
        evidence: [
          { label: 'rolled back', value: ratio, unit: 'ratio' },
          { label: 'reported from', value: minRatio, unit: 'ratio' },
          { label: 'rollbacks', value: row.rollbacks, unit: 'count' },
          { label: 'transactions', value: transactions, unit: 'count' },
          { label: 'judged from', value: minTransactions, unit: 'count' },
          { label: 'deadlocks among them', value: row.deadlocks, unit: 'count' },
        ],
      },
    ]
  },
})
