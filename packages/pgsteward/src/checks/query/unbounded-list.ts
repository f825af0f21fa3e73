// A list without LIMIT: it returns what there is, and what there is grows.

import { z } from 'zod'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence } from '../../model/finding.ts'
import { isUnboundedList } from './is-unbounded-list.ts'
import { loadEvidence, querySubject, statementLoads } from './statement-load.ts'

export const unboundedList = defineCheck({
  id: 'unbounded-list',
  area: 'query',
  title: 'List without a limit that returns many rows',
  needs: { statements, statementTexts, tables },
  options: z.object({
    minRows: z
      .number()
      .positive()
      .prefault(1_000)
      .describe(
        'Rows a call on average: ten times what a person looks through, and as many objects in the application.',
      ),
    warnRows: z
      .number()
      .positive()
      .prefault(10_000)
      .describe('Rows a call: an object for each costs the application tens of MB at once.'),
    minCalls: z
      .number()
      .int()
      .positive()
      .prefault(5)
      .describe('Within the interval; an export now and then is meant to be long.'),
  }),
  run({ statements, statementTexts, tables }, { minRows, warnRows, minCalls }, { server }) {
    const traits = new Map(statementTexts.map((row) => [row.queryId, row.traits ?? null]))
    return statementLoads(server.database, statements, statementTexts)
      .filter(
        (load) =>
          load.rowsPerCall >= minRows &&
          load.calls >= minCalls &&
          isUnboundedList(traits.get(load.queryId) ?? null),
      )
      .map((load) => {
        const [only, ...others] = traits.get(load.queryId)?.tables ?? []
        const table =
          others.length > 0
            ? undefined
            : tables.find((row) => row.name === only?.name && (only.schema ?? row.schema) === row.schema)
        const share: readonly Evidence[] =
          table === undefined || table.rows <= 0
            ? []
            : [
                { label: 'rows of the table', value: table.rows, unit: 'count' },
                {
                  label: 'returned of these',
                  value: Math.min(1, load.rowsPerCall / table.rows),
                  unit: 'ratio',
                },
              ]
        return {
          subject: querySubject(load),
          severity: load.rowsPerCall >= warnRows ? ('warning' as const) : ('info' as const),
          // no remedy: where a list ends is for the application to say
          summary: `A list${only === undefined || others.length > 0 ? '' : ` of ${only.name}`} has no LIMIT and grows with its table`,
          evidence: [
            { label: 'rows a call', value: load.rowsPerCall, unit: 'count' as const },
            { label: 'reported from', value: minRows, unit: 'count' as const },
            { label: 'a warning from', value: warnRows, unit: 'count' as const },
            ...share,
            ...loadEvidence(load).filter(({ label }) => label !== 'rows a call'),
          ],
        }
      })
  },
})
