// A nested loop chosen for a few rows that gets many: known from a plan that ran, or from pages that its cost could never pay.

import { z } from 'zod'
import { statementPlans } from '../../facts/statement-plans.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { type TableRow, tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence, Finding } from '../../model/finding.ts'
import { type MisledLoop, misledLoops } from '../../plans/insights/nested-loop.ts'
import { stepName } from '../../plans/insights/words.ts'
import {
  busyEvidence,
  type PlannedStatement,
  type PlanOptions,
  planEvidence,
  plannedStatements,
  planOptions,
  severityByBusy,
  skipWithoutPlans,
  tableNamed,
} from './planned-statements.ts'
import { analyzeRemedy, changedShare, isStale } from './planned-table.ts'
import { loadEvidence, querySubject } from './statement-load.ts'

const LEAST_BLOCKS = 1000

export const nestedLoopMisestimate = defineCheck({
  id: 'nested-loop-misestimate',
  area: 'query',
  title: 'Nested loop chosen for a few rows that gets many',
  needs: { statements, statementTexts, statementPlans, tables },
  options: z.object({
    ...planOptions,
    pagesOverCost: z
      .number()
      .positive()
      .prefault(20)
      .describe(
        'Pages visited a call over the cost of a plan that is known without actual rows: a page costs 1 to 4, and 0.2 at least where the planner takes it for cached.',
      ),
  }),
  run({ statements, statementTexts, statementPlans, tables }, options, { server }) {
    const skip = skipWithoutPlans(statementPlans)
    if (skip !== null) return skip
    return plannedStatements(
      server.database,
      statements,
      statementTexts,
      statementPlans,
      tables,
      options,
    ).flatMap((planned): readonly Finding[] => {
      const finding = planned.steps.isAnalyzed
        ? measured(planned, tables, options)
        : suspected(planned, tables, options)
      return finding === null ? [] : [finding]
    })
  },
})

function measured(
  planned: PlannedStatement,
  tables: readonly TableRow[],
  options: PlanOptions,
): Finding | null {
  const { load, steps } = planned
  const loop = misledLoops(steps).toSorted((a, b) => b.step.share - a.step.share)[0]
  const busy = load.busySessions * (loop?.step.share ?? 0)
  if (loop === undefined || busy < options.minBusy) return null
  const { node } = loop.origin.step
  const name = node['Relation Name']
  const table = name === undefined ? undefined : tableNamed(tables, node.Schema ?? null, name)
  const isTold = table !== undefined && isStale(table)
  return {
    subject: querySubject(load),
    severity: severityByBusy(busy, options),
    summary:
      'A nested loop was chosen for a few rows and gets many, for each of which its inner side runs again',
    evidence: [
      ...loopEvidence(loop),
      ...(table === undefined ? [] : tableEvidence(table)),
      ...busyEvidence(busy, options),
      ...planEvidence(planned),
      ...loadEvidence(load),
    ],
    ...(isTold ? { remedy: analyzeRemedy([table]) } : {}),
  }
}

function loopEvidence({ step, inner, expectedLoops, actualLoops, origin }: MisledLoop): readonly Evidence[] {
  return [
    { label: 'runs of the inner side', value: actualLoops, unit: 'count' },
    { label: 'the planner expected', value: expectedLoops, unit: 'count' },
    { label: 'inner side', value: stepName(inner.node), unit: 'text' },
    { label: 'its share of the time', value: inner.share, unit: 'ratio' },
    { label: 'the estimate goes wrong at', value: stepName(origin.step.node), unit: 'text' },
    { label: 'rows there', value: origin.actual, unit: 'count' },
    { label: 'rows expected there', value: origin.expected, unit: 'count' },
    { label: 'share of the nested loop', value: step.share, unit: 'ratio' },
  ]
}

/** A plan that did not run: a nested loop at its top, a cost that can't have paid for the pages, and statistics that explain it. */
function suspected(
  planned: PlannedStatement,
  tables: readonly TableRow[],
  options: PlanOptions & { readonly pagesOverCost: number },
): Finding | null {
  const { load, steps } = planned
  const loop = steps.all.find((step) => step.node['Node Type'] === 'Nested Loop' && step.share >= 0.5)
  const cost = Math.max(1, steps.root.node['Total Cost'])
  if (loop === undefined || load.busySessions < options.minBusy) return null
  if (load.blocksPerCall < LEAST_BLOCKS || load.blocksPerCall < options.pagesOverCost * cost) return null
  const stale = steps.all.flatMap(({ node }) => {
    const name = node['Relation Name']
    const table = name === undefined ? undefined : tableNamed(tables, node.Schema ?? null, name)
    return table !== undefined && isStale(table) ? [table] : []
  })
  // without a reason it is as likely that some values are far more frequent than others
  if (stale.length === 0) return null
  const distinct = [...new Map(stale.map((table) => [`${table.schema}.${table.name}`, table])).values()]
  return {
    subject: querySubject(load),
    severity: severityByBusy(load.busySessions, options),
    summary:
      'A nested loop visits many times the pages that the planner reckoned with, on statistics that are out of date',
    evidence: [
      { label: 'pages of 8 kB visited a call', value: load.blocksPerCall, unit: 'count' },
      { label: 'cost of the plan, a page being 1 to 4', value: cost, unit: 'count' },
      { label: 'reported from, times the cost', value: options.pagesOverCost, unit: 'count' },
      ...distinct.flatMap(tableEvidence),
      ...busyEvidence(load.busySessions, options),
      ...planEvidence(planned),
      ...loadEvidence(load),
    ],
    remedy: analyzeRemedy(distinct),
  }
}

function tableEvidence(table: TableRow): readonly Evidence[] {
  return [
    { label: `${table.name}: changed since ANALYZE, of its rows`, value: changedShare(table), unit: 'ratio' },
    {
      label: `${table.name}: last ANALYZE`,
      value: table.lastAnalyzeAt?.toISOString() ?? 'never, or not since the statistics began',
      unit: 'text',
    },
  ]
}
