// A table whose outdated statistics make plans of statements misjudge: stale-statistics with the harm that it does.

import { z } from 'zod'
import { statementPlans } from '../../facts/statement-plans.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { type TableRow, tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence } from '../../model/finding.ts'
import { misestimatedAsAWhole, misestimates } from '../../plans/insights/misestimate.ts'
import { misledLoops } from '../../plans/insights/nested-loop.ts'
import {
  busyEvidence,
  type PlannedStatement,
  plannedStatements,
  planOptions,
  severityByBusy,
  skipWithoutPlans,
  tableNamed,
} from './planned-statements.ts'
import { analyzeRemedy, changedShare, isStale } from './planned-table.ts'
import { queryExcerpt } from './query-excerpt.ts'

const MOST_STATEMENTS = 5

interface Harm {
  readonly table: TableRow
  readonly planned: PlannedStatement
  readonly expected: number
  readonly actual: number
}

export const stalePlanStatistics = defineCheck({
  id: 'stale-plan-statistics',
  area: 'query',
  title: 'Plans misled by statistics that are out of date',
  needs: { statements, statementTexts, statementPlans, tables },
  options: z.object(planOptions),
  run({ statements, statementTexts, statementPlans, tables }, options, { server }) {
    const skip = skipWithoutPlans(statementPlans)
    if (skip !== null) return skip
    const harms = plannedStatements(
      server.database,
      statements,
      statementTexts,
      statementPlans,
      tables,
      options,
    ).flatMap((planned) => harmsOf(planned, tables))
    return [...Map.groupBy(harms, ({ table }) => `${table.schema}.${table.name}`).values()].flatMap((its) => {
      const { table } = its[0]!
      const busy = its.reduce((sum, { planned }) => sum + planned.load.busySessions, 0)
      if (busy < options.minBusy) return []
      return [
        {
          subject: {
            kind: 'table' as const,
            database: table.database,
            schema: table.schema,
            name: table.name,
          },
          severity: severityByBusy(busy, options),
          summary: `Statistics of ${table.name} are out of date, and plans of statements are wrong by them`,
          evidence: [
            {
              label: 'changed since ANALYZE, of its rows',
              value: changedShare(table),
              unit: 'ratio' as const,
            },
            { label: 'changed since ANALYZE', value: table.modifiedSinceAnalyze, unit: 'count' as const },
            {
              label: 'last ANALYZE',
              value: table.lastAnalyzeAt?.toISOString() ?? 'never, or not since the statistics began',
              unit: 'text' as const,
            },
            {
              label: 'autovacuum analyzes from',
              value: table.isAutovacuumOff
                ? 'never: autovacuum is off for it'
                : Math.round(table.analyzeThreshold),
              unit: table.isAutovacuumOff ? ('text' as const) : ('count' as const),
            },
            ...its.slice(0, MOST_STATEMENTS).flatMap(harmEvidence),
            ...(its.length > MOST_STATEMENTS
              ? [{ label: 'further statements', value: its.length - MOST_STATEMENTS, unit: 'count' as const }]
              : []),
            ...busyEvidence(busy, options),
          ],
          remedy: analyzeRemedy([table]),
        },
      ]
    })
  },
})

/** One a table and statement. A nested loop that was misled has a finding of its own, with the same remedy. */
function harmsOf(planned: PlannedStatement, tables: readonly TableRow[]): readonly Harm[] {
  const { steps, context } = planned
  if (misledLoops(steps).length > 0) return []
  if (!steps.isAnalyzed) {
    const [whole] = misestimatedAsAWhole(steps, context)
    const stale = new Set(steps.all.flatMap(({ node }) => staleTable(node, tables) ?? []))
    // of several it can't be told which one misleads
    if (whole === undefined || stale.size !== 1) return []
    const { expectedRows, actualRows } = whole.figures
    return [...stale].map((table) => ({
      table,
      planned,
      expected: Number(expectedRows),
      actual: Number(actualRows),
    }))
  }
  const found = misestimates(steps).flatMap(({ step, expected, actual }): readonly Harm[] => {
    const table = staleTable(step.node, tables)
    return table === null ? [] : [{ table, planned, expected, actual }]
  })
  return [...Map.groupBy(found, ({ table }) => table).values()].map(([worst]) => worst!)
}

function staleTable(node: PlannedStatement['plan']['plan'], tables: readonly TableRow[]): TableRow | null {
  const name = node['Relation Name']
  const table = name === undefined ? undefined : tableNamed(tables, node.Schema ?? null, name)
  return table !== undefined && isStale(table) ? table : null
}

function harmEvidence({ planned, expected, actual }: Harm): readonly Evidence[] {
  return [
    {
      label: `query ${planned.load.queryId}`,
      value: queryExcerpt(planned.load.text) || 'text not known',
      unit: 'text',
    },
    { label: 'rows that came', value: actual, unit: 'count' },
    { label: 'rows that were expected', value: expected, unit: 'count' },
  ]
}
