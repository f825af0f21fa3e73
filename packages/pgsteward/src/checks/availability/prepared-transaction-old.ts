// A transaction prepared for two-phase commit that nobody finished: it holds its locks and vacuum's horizon, over restarts too.

import { z } from 'zod'
import { preparedTransactions } from '../../facts/prepared-transactions.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { literal } from '../../sql/quote.ts'

export const preparedTransactionOld = defineCheck({
  id: 'prepared-transaction-old',
  area: 'availability',
  title: 'Prepared transaction that nobody finished',
  needs: { preparedTransactions },
  options: z.object({
    warnAfter: duration()
      .prefault('5m')
      .describe('A transaction manager commits within seconds; after minutes it has lost track.'),
    criticalAfter: duration()
      .prefault('1h')
      .describe('It holds back vacuum for all tables of the database, and no timeout ever ends it.'),
  }),
  run({ preparedTransactions }, { warnAfter, criticalAfter }, { server }) {
    return preparedTransactions
      .filter((each) => each.database === server.database && each.ageMs >= warnAfter)
      .map((each) => ({
        subject: { kind: 'backend' as const, name: `prepared ${each.gid}` },
        severity: each.ageMs >= criticalAfter ? ('critical' as const) : ('warning' as const),
        summary: 'A prepared transaction waits to be committed or rolled back, and holds its locks',
        evidence: [
          { label: 'prepared since', value: each.ageMs, unit: 'ms' as const },
          { label: 'reported from', value: warnAfter, unit: 'ms' as const },
          { label: 'transactions that vacuum has to wait with', value: each.xidAge, unit: 'count' as const },
          { label: 'owner', value: each.owner, unit: 'text' as const },
          { label: 'identifier', value: each.gid, unit: 'text' as const },
        ],
        remedy: {
          sql: [`rollback prepared ${literal(each.gid)}`],
          undo: null,
          lock: 'none' as const,
          caution:
            'Ask the transaction manager first: if it decided to commit elsewhere, commit prepared is right, and a rollback loses data. Run it in this database as its owner or a superuser.',
        },
      }))
  },
})
