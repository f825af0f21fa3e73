// A filter that throws away nearly everything that was read, at volume: work that an index would spare.

import { z } from 'zod'
import { advice } from '../../facts/advice.ts'
import { statementPlans } from '../../facts/statement-plans.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import { shownCondition } from '../../plans/insights/conditions.ts'
import { thrownAway } from '../../plans/insights/filter.ts'
import { lateOrs } from '../../plans/insights/or-filter.ts'
import { orderedWalks } from '../../plans/insights/order-by-limit.ts'
import type { PlanStep } from '../../plans/insights/plan-steps.ts'
import { stepName } from '../../plans/insights/words.ts'
import {
  busyEvidence,
  type PlannedStatement,
  planEvidence,
  plannedStatements,
  planOptions,
  severityByBusy,
  skipWithoutPlans,
} from './planned-statements.ts'
import { adviceEvidence } from './served-by-advice.ts'
import { loadEvidence, querySubject } from './statement-load.ts'

export const rowsThrownAway = defineCheck({
  id: 'rows-thrown-away',
  area: 'query',
  title: 'Filter that throws away nearly all rows read',
  needs: { statements, statementTexts, statementPlans, tables, advice },
  options: z.object({
    ...planOptions,
    minRowsPerSecond: z
      .number()
      .positive()
      .prefault(50_000)
      .describe(
        'Rows read in vain: a processor filters some ten million a second, so this is half a percent of one and more where pages come from disk.',
      ),
  }),
  run({ statements, statementTexts, statementPlans, tables, advice }, options, { server }) {
    const skip = skipWithoutPlans(statementPlans)
    if (skip !== null) return skip
    return plannedStatements(
      server.database,
      statements,
      statementTexts,
      statementPlans,
      tables,
      options,
    ).flatMap((planned) => {
      const { load, steps } = planned
      const toldElsewhere = new Set<PlanStep>([
        ...orderedWalks(steps, planned.context).map((walk) => walk.scan),
        ...lateOrs(steps).map((late) => late.step),
      ])
      const worst = thrownAway(steps, planned.context)
        .filter((each) => !toldElsewhere.has(each.step) && !isCutShort(planned, each.step))
        .toSorted((a, b) => b.step.ownShare - a.step.ownShare)[0]
      if (worst === undefined) return []
      const busy = load.busySessions * worst.step.ownShare
      const perSecond = worst.removedRows * load.callsPerSecond
      if (busy < options.minBusy || perSecond < options.minRowsPerSecond) return []
      const table = worst.step.node['Relation Name']
      return [
        {
          subject: querySubject(load),
          severity: severityByBusy(busy, options),
          summary:
            table === undefined
              ? 'A join throws away nearly all rows that it makes'
              : `A filter throws away nearly all rows that are read from ${table}`,
          evidence: [
            { label: 'rows thrown away', value: perSecond, unit: 'perSecond' as const },
            { label: 'reported from', value: options.minRowsPerSecond, unit: 'perSecond' as const },
            {
              label: worst.isMeasured ? 'thrown away in one execution' : 'thrown away a call, by estimate',
              value: Math.round(worst.removedRows),
              unit: 'count' as const,
            },
            { label: 'kept', value: Math.round(worst.keptRows), unit: 'count' as const },
            { label: 'by', value: shownCondition(worst.condition), unit: 'text' as const },
            { label: 'step', value: stepName(worst.step.node), unit: 'text' as const },
            ...(table === undefined ? [] : adviceEvidence(advice, load.queryId, table)),
            ...busyEvidence(busy, options),
            ...planEvidence(planned),
            ...loadEvidence(load),
          ],
        },
      ]
    })
  },
})

/** Below a LIMIT a plan that did not run tells how far it would read only if it read all. */
function isCutShort({ steps }: PlannedStatement, step: PlanStep): boolean {
  if (steps.isAnalyzed) return false
  for (let parent = step.parent; parent !== null; parent = parent.parent) {
    if (parent.node['Node Type'] === 'Sort' || parent.node['Node Type'] === 'Aggregate') return false
    if (parent.node['Node Type'] === 'Limit') return true
  }
  return false
}
