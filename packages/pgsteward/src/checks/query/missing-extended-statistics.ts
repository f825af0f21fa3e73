// Columns that go together and are estimated as if they did not: proven by rows that came against rows expected.

import { z } from 'zod'
import { extendedStatistics } from '../../facts/extended-statistics.ts'
import { statementPlans } from '../../facts/statement-plans.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence, Remedy } from '../../model/finding.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { newIndexName } from '../index/new-index-name.ts'
import { type Correlated, correlatedColumns } from './correlated-columns.ts'
import {
  busyEvidence,
  type PlannedStatement,
  plannedStatements,
  planOptions,
  severityByBusy,
  skipWithoutPlans,
} from './planned-statements.ts'
import { queryExcerpt } from './query-excerpt.ts'

const MOST_STATEMENTS = 5

interface Seen extends Correlated {
  readonly planned: PlannedStatement
}

export const missingExtendedStatistics = defineCheck({
  id: 'missing-extended-statistics',
  area: 'query',
  title: 'Columns that go together without extended statistics',
  needs: { statements, statementTexts, statementPlans, tables, extendedStatistics },
  options: z.object(planOptions),
  run({ statements, statementTexts, statementPlans, tables, extendedStatistics }, options, { server }) {
    const skip = skipWithoutPlans(statementPlans)
    if (skip !== null) return skip
    const seen = plannedStatements(
      server.database,
      statements,
      statementTexts,
      statementPlans,
      tables,
      options,
    ).flatMap((planned) =>
      correlatedColumns(planned.steps, tables, extendedStatistics).map(
        (each): Seen => ({ ...each, planned }),
      ),
    )
    return [...Map.groupBy(seen, ({ table }) => `${table.schema}.${table.name}`).values()].flatMap((its) => {
      const { table } = its[0]!
      const loads = new Map(its.map(({ planned }) => [planned.load.queryId, planned.load]))
      const busy = [...loads.values()].reduce((sum, load) => sum + load.busySessions, 0)
      if (busy < options.minBusy) return []
      const taken = new Set(
        extendedStatistics.filter((row) => row.schema === table.schema).map((row) => row.name),
      )
      return [
        {
          subject: {
            kind: 'table' as const,
            database: table.database,
            schema: table.schema,
            name: table.name,
          },
          severity: severityByBusy(busy, options),
          summary: `Columns of ${table.name} go together, and the planner reckons as if they did not`,
          evidence: [...its.slice(0, MOST_STATEMENTS).flatMap(seenEvidence), ...busyEvidence(busy, options)],
          remedy: remedyFor(its, taken),
        },
      ]
    })
  },
})

function seenEvidence({ columns, kind, misestimate, planned }: Seen): readonly Evidence[] {
  const what = kind === 'groups' ? 'groups by' : 'rows with equal'
  return [
    { label: `${what} ${columns.join(', ')}: came`, value: misestimate.actual, unit: 'count' },
    { label: 'the planner expected', value: misestimate.expected, unit: 'count' },
    {
      label: `query ${planned.load.queryId}`,
      value: queryExcerpt(planned.load.text) || 'text not known',
      unit: 'text',
    },
  ]
}

function remedyFor(its: readonly Seen[], taken: Set<string>): Remedy {
  const { table } = its[0]!
  const kindsOf = new Map<string, { columns: readonly string[]; kinds: Set<string> }>()
  for (const { columns, kind } of its) {
    const key = columns.join('\u0000')
    const known = kindsOf.get(key) ?? { columns, kinds: new Set() }
    for (const name of kind === 'groups' ? ['ndistinct'] : ['dependencies', 'mcv']) known.kinds.add(name)
    kindsOf.set(key, known)
  }
  const on = qualified(table.schema, table.name)
  const made = [...kindsOf.values()].map(({ columns, kinds }) => {
    const name = newIndexName(table.name, columns, taken).replace(/_idx(\d*)$/, '_stx$1')
    taken.add(name)
    return { name: qualified(table.schema, name), columns, kinds: [...kinds].sort() }
  })
  return {
    sql: [
      ...made.map(
        ({ name, columns, kinds }) =>
          `create statistics if not exists ${name} (${kinds.join(', ')}) on ${columns.map(ident).join(', ')} from ${on}`,
      ),
      `analyze ${on}`,
    ],
    undo: made.map(({ name }) => `drop statistics if exists ${name}`),
    lock: 'share update exclusive',
    caution:
      'ANALYZE reads a sample of some 30,000 pages at most, and takes a little longer from now on. Plans of other statements on the table may change as well.',
  }
}
