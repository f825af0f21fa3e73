// A constraint that was added NOT VALID, to avoid a long lock, and whose second step was forgotten: old rows may break it.

import { z } from 'zod'
import { unvalidatedConstraints } from '../../facts/unvalidated-constraints.ts'
import { defineCheck } from '../../model/check.ts'
import { ident, qualified } from '../../sql/quote.ts'

export const notValidConstraint = defineCheck({
  id: 'not-valid-constraint',
  area: 'index',
  title: 'Constraint that was never validated',
  needs: { unvalidatedConstraints },
  options: z.object({}),
  run({ unvalidatedConstraints }) {
    const byTable = Object.groupBy(unvalidatedConstraints, (each) => `${each.schema}.${each.table}`)
    return Object.values(byTable).map((constraints) => {
      const [first] = constraints!
      const names = constraints!.map((each) => each.name)
      const table = qualified(first!.schema, first!.table)
      return {
        subject: {
          kind: 'table' as const,
          database: first!.database,
          schema: first!.schema,
          name: first!.table,
        },
        severity: 'info' as const,
        summary: `Table ${first!.table} has ${names.length === 1 ? 'a constraint' : 'constraints'} that old rows may break, never validated: ${names.join(', ')}`,
        evidence: [
          ...constraints!.map((each) => ({
            label: `${each.kind} ${each.name}`,
            value: each.definition,
            unit: 'text' as const,
          })),
          { label: 'rows', value: first!.rows, unit: 'count' as const },
        ],
        remedy: {
          sql: names.map((name) => `alter table ${table} validate constraint ${ident(name)}`),
          // PostgreSQL has no way to make a valid constraint not valid, and nothing gains by it
          undo: null,
          lock: 'share update exclusive' as const,
          caution:
            'Reads the whole table beside running reads and writes. It fails at the first row that breaks the rule, and changes nothing then.',
        },
      }
    })
  },
})
