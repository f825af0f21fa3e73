// A query that returns thousands of rows at each call although it groups or has a limit. A list without one is unbounded-list's.

import { z } from 'zod'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import { isUnboundedList } from './is-unbounded-list.ts'
import { loadEvidence, querySubject, statementLoads } from './statement-load.ts'

/** Rows of a write are rows changed, not rows sent. */
const SENDS_ROWS = /^(?:select|with|table|values)\b/i
const WRITES = /\b(?:insert\s+into|update|delete\s+from|merge\s+into)\b/i

export const manyRowsStatement = defineCheck({
  id: 'many-rows-statement',
  area: 'query',
  title: 'Query that returns very many rows',
  needs: { statements, statementTexts },
  options: z.object({
    minRows: z
      .number()
      .positive()
      .prefault(10_000)
      .describe(
        'Rows a call on average: no person reads them, and an object for each costs the application tens of MB.',
      ),
    minCalls: z
      .number()
      .int()
      .positive()
      .prefault(5)
      .describe('Within the interval; an export now and then is meant to be long.'),
  }),
  run({ statements, statementTexts }, { minRows, minCalls }, { server }) {
    const traits = new Map(statementTexts.map((row) => [row.queryId, row.traits ?? null]))
    return statementLoads(server.database, statements, statementTexts)
      .filter(
        (load) =>
          load.rowsPerCall >= minRows &&
          load.calls >= minCalls &&
          SENDS_ROWS.test(load.text) &&
          !isUnboundedList(traits.get(load.queryId) ?? null) &&
          !WRITES.test(load.text),
      )
      .map((load) => ({
        subject: querySubject(load),
        severity: 'info' as const,
        summary: 'A query returns very many rows at each call',
        evidence: [
          ...loadEvidence(load),
          { label: 'reported from rows a call', value: minRows, unit: 'count' as const },
          { label: 'calls measured', value: load.calls, unit: 'count' as const },
        ],
      }))
  },
})
