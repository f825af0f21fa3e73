// Lists of other lengths in IN make another entry of pg_stat_statements each: one statement pushes all others out.

import { z } from 'zod'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence } from '../../model/finding.ts'
import { queryExcerpt } from './query-excerpt.ts'
import { type StatementLoad, statementLoads } from './statement-load.ts'

const MOST_SHOWN = 5

export const inListFingerprints = defineCheck({
  id: 'in-list-fingerprints',
  area: 'query',
  title: 'IN lists of many lengths, each an entry of pg_stat_statements of its own',
  needs: { statements, statementTexts },
  options: z.object({
    minEntries: z
      .number()
      .int()
      .min(2)
      .prefault(20)
      .describe(
        'Of one statement within the interval: one in 250 of the 5,000 that pg_stat_statements keeps by default.',
      ),
    warnEntries: z
      .number()
      .int()
      .min(2)
      .prefault(500)
      .describe(
        'Together: a tenth of the entries; from there on others are evicted, and their figures with them.',
      ),
  }),
  run({ statements, statementTexts }, { minEntries, warnEntries }, { server }) {
    const traits = new Map(statementTexts.map((row) => [row.queryId, row.traits ?? null]))
    const loads = statementLoads(server.database, statements, statementTexts).filter(
      ({ queryId }) => (traits.get(queryId)?.longestList ?? 0) > 0,
    )
    const shapes = [...Map.groupBy(loads, ({ queryId }) => traits.get(queryId)!.fingerprint).values()]
      .filter((alike) => alike.length >= minEntries)
      .sort((a, b) => b.length - a.length)
    if (shapes.length === 0) return []
    const entries = shapes.reduce((sum, alike) => sum + alike.length, 0)
    return [
      {
        // the entries come and go; the database stays
        subject: { kind: 'database', name: server.database } as const,
        severity: entries >= warnEntries ? ('warning' as const) : ('info' as const),
        summary: `Statements with IN lists of many lengths fill pg_stat_statements`,
        evidence: [
          { label: 'entries that differ in a list’s length alone', value: entries, unit: 'count' as const },
          { label: 'a warning from', value: warnEntries, unit: 'count' as const },
          { label: 'reported from entries of one statement', value: minEntries, unit: 'count' as const },
          ...shapes.slice(0, MOST_SHOWN).flatMap((alike) => shapeEvidence(alike, longestOf(alike, traits))),
          {
            label: 'write it as',
            value: 'column = any ($1), with the values as one array',
            unit: 'text' as const,
          },
        ],
      },
    ]
  },
})

function longestOf(
  alike: readonly StatementLoad[],
  traits: ReadonlyMap<string, { readonly longestList: number } | null>,
): number {
  return Math.max(...alike.map(({ queryId }) => traits.get(queryId)?.longestList ?? 0))
}

function shapeEvidence(alike: readonly StatementLoad[], longest: number): readonly Evidence[] {
  const shortest = alike.reduce((a, b) => (b.text.length < a.text.length ? b : a))
  const share = alike.reduce((sum, load) => sum + load.share, 0)
  return [
    { label: 'statement', value: queryExcerpt(shortest.text), unit: 'text' },
    { label: 'its entries', value: alike.length, unit: 'count' },
    { label: 'its longest list', value: longest, unit: 'count' },
    { label: "its share of the server's statement time", value: share, unit: 'ratio' },
  ]
}
