// N+1 as the database sees it: a lookup by key that is called once for each row that a list returned. Without the application's word
// it is an inference, so the figures must fit closely and a foreign key must join the two.

import { z } from 'zod'
import { type ForeignKeyRow, foreignKeys } from '../../facts/foreign-keys.ts'
import { reportedRepeats } from '../../facts/reported-repeats.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import type { NamedTable, StatementTraits } from '../../sql/parse/statement-traits.ts'
import { plainName } from './index-led-by.ts'
import { queryExcerpt } from './query-excerpt.ts'
import { loadEvidence, querySubject, type StatementLoad, statementLoads } from './statement-load.ts'

/** Lists compared with each lookup, the heaviest first. */
const MOST_LISTS = 200

interface Known extends StatementLoad {
  readonly traits: StatementTraits
}

export const repeatedStatementRatio = defineCheck({
  id: 'repeated-statement-ratio',
  area: 'query',
  title: 'Lookup that is called once for each row of a list (N+1), by its figures',
  needs: { statements, statementTexts, foreignKeys, reportedRepeats },
  options: z.object({
    minRatio: z
      .number()
      .gt(1)
      .prefault(5)
      .describe('Lookups for each call of the list, as Sentry counts; two or three are often meant.'),
    minCalls: z
      .number()
      .int()
      .positive()
      .prefault(200)
      .describe('Of the lookup within the interval: few figures fit each other by chance.'),
    minLists: z
      .number()
      .int()
      .positive()
      .prefault(10)
      .describe('Calls of the list within the interval, for the same reason.'),
    tolerance: z
      .number()
      .positive()
      .max(0.5)
      .prefault(0.05)
      .describe('How closely the lookups must match the rows of the list: other callers of either shift it.'),
  }),
  run({ statements, statementTexts, foreignKeys, reportedRepeats }, options, { server }) {
    const traits = new Map(statementTexts.map((row) => [row.queryId, row.traits ?? null]))
    const known = statementLoads(server.database, statements, statementTexts).flatMap((load) => {
      const of = traits.get(load.queryId)
      return of?.kind === 'select' && of.tables.length > 0 ? [{ ...load, traits: of }] : []
    })
    const lists = known
      .filter((load) => load.calls >= options.minLists && load.rowsPerCall >= options.minRatio)
      .slice(0, MOST_LISTS)
    return known
      .filter((load) => load.calls >= options.minCalls && !reportedRepeats.has(load.queryId))
      .flatMap((lookup) => {
        const fitting = lists.flatMap((list) => {
          const by = list.queryId === lookup.queryId ? null : joinOf(list, lookup, foreignKeys)
          const rows = list.calls * list.rowsPerCall
          const isClose = Math.abs(lookup.calls / rows - 1) <= options.tolerance
          const isSameUser = list.users.some((user) => lookup.users.includes(user))
          return by !== null && isClose && isSameUser ? [{ list, by, rows }] : []
        })
        // several lists would fit: the figures say that one of them does it, not which
        const [first, ...others] = fitting
        if (first === undefined) return []
        const perCall = lookup.calls / first.list.calls
        return [
          {
            subject: querySubject(lookup),
            severity: 'info' as const,
            summary: `A lookup in ${lookup.traits.tables[0]?.name} seems to be called once for each row of a list of ${first.list.traits.tables[0]?.name}`,
            evidence: [
              { label: 'lookups for each list', value: perCall, unit: 'count' as const },
              { label: 'reported from', value: options.minRatio, unit: 'count' as const },
              { label: 'lookups', value: lookup.calls, unit: 'count' as const },
              { label: 'rows that the list returned', value: first.rows, unit: 'count' as const },
              { label: 'foreign key', value: first.by.name, unit: 'text' as const },
              { label: 'list', value: queryExcerpt(first.list.text), unit: 'text' as const },
              { label: 'query id of the list', value: first.list.queryId, unit: 'text' as const },
              {
                label: 'how sure',
                value:
                  others.length === 0
                    ? 'likely: calls and rows match, and no other list fits'
                    : `possible: ${others.length} other lists fit as well`,
                unit: 'text' as const,
              },
              ...loadEvidence(lookup),
            ],
          },
        ]
      })
  },
})

/** The foreign key by which the lookup asks for what a row of the list names: its parent, or its children. */
function joinOf(list: Known, lookup: Known, keys: readonly ForeignKeyRow[]): ForeignKeyRow | null {
  const [table, ...others] = lookup.traits.tables
  if (table === undefined || others.length > 0 || lookup.traits.wrapped.length > 0) return null
  // one key by equality; a list in the condition is the very remedy
  const asked = lookup.traits.compared.filter(({ operator }) => operator === '=').map(({ on }) => on.column)
  if (asked.length === 0 || lookup.traits.longestList > 1) return null
  return (
    keys.find((key) => {
      const child = { schema: key.schema, name: key.table }
      const parent = { schema: key.referencedSchema, name: key.referencedTable }
      const asks = (columns: readonly string[]) =>
        columns.every((column) => asked.includes(plainName(column)))
      const isListOf = (of: typeof child) => list.traits.tables.some((named) => isNamed(named, of))
      return (
        (isNamed(table, parent) && isListOf(child) && asks(key.referencedColumns)) ||
        (isNamed(table, child) && isListOf(parent) && asks(key.columns))
      )
    }) ?? null
  )
}

function isNamed(named: NamedTable, table: { readonly schema: string; readonly name: string }): boolean {
  return named.name === table.name && (named.schema ?? table.schema) === table.schema
}
