// OR between conditions on two tables: no index serves it, so that everything is joined and then thrown away.

import { z } from 'zod'
import { type ProvenRewrite, rewrites } from '../../facts/rewrites.ts'
import { statementPlans } from '../../facts/statement-plans.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence } from '../../model/finding.ts'
import { shownCondition } from '../../plans/insights/conditions.ts'
import { type LateOr, lateOrs } from '../../plans/insights/or-filter.ts'
import {
  busyEvidence,
  planEvidence,
  plannedStatements,
  planOptions,
  severityByBusy,
  skipWithoutPlans,
} from './planned-statements.ts'
import { rewriteEvidence } from './rewrite-evidence.ts'
import { loadEvidence, querySubject } from './statement-load.ts'

export const lateOrFilter = defineCheck({
  id: 'late-or-filter',
  area: 'query',
  title: 'OR across tables, filtered after the join',
  needs: { statements, statementTexts, statementPlans, tables, rewrites },
  options: z.object(planOptions),
  run({ statements, statementTexts, statementPlans, tables, rewrites }, options, { server }) {
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
      const late = lateOrs(steps).toSorted((a, b) => b.step.share - a.step.share)[0]
      const busy = load.busySessions * (late?.step.share ?? 0)
      if (late === undefined || busy < options.minBusy) return []
      const proven = rewrites.find(({ id, kind }) => id === load.queryId && kind.startsWith('union'))
      return [
        {
          subject: querySubject(load),
          severity: severityByBusy(busy, options),
          // no remedy: only the application can send another text
          summary: 'OR between columns of two tables: everything is joined first and thrown away afterwards',
          evidence: [
            { label: 'condition', value: shownCondition(late.condition), unit: 'text' as const },
            {
              label: steps.isAnalyzed ? 'rows joined in one execution' : 'rows to be joined, as planned',
              value: late.joinedRows,
              unit: 'count' as const,
            },
            { label: 'rows kept', value: late.keptRows, unit: 'count' as const },
            ...rewriteOf(late, proven),
            ...busyEvidence(busy, options),
            ...planEvidence(planned),
            ...loadEvidence(load),
          ],
        },
      ]
    })
  },
})

/** The twin's proven text, or how it goes. */
function rewriteOf({ arms }: LateOr, proven: ProvenRewrite | undefined): readonly Evidence[] {
  if (proven !== undefined) return rewriteEvidence(proven)
  const [first, ...others] = arms.map((arm) => shownCondition(arm.text))
  // rows for which both hold come once, as now; NULL counts as not true, as in a WHERE
  const parts = others.map((arm, place) => {
    const before = [first, ...others.slice(0, place)]
    return `union all: the same with where ${arm} and (${before.map((each) => `(${each})`).join(' or ')}) is not true`
  })
  return [
    { label: 'Rewrite', value: [`the statement with where ${first}`, ...parts].join('; '), unit: 'text' },
    {
      label: 'the same rows',
      value: 'always; ORDER BY and LIMIT go behind the whole, GROUP BY around it',
      unit: 'text',
    },
  ]
}
