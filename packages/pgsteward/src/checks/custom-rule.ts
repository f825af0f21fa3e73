// A rule of the configuration as a check like any other, by the same factory.

import { applicationCalls } from '../facts/application-calls.ts'
import { applicationMetrics } from '../facts/application-metrics.ts'
import { applicationQueries } from '../facts/application-queries.ts'
import type { ApplicationReading } from '../facts/application-reading.ts'
import { applicationRequests } from '../facts/application-requests.ts'
import { seriesOfWeeks, seriesOver } from '../facts/series-over.ts'
import { weeklyBaseline } from '../facts/weekly-baseline.ts'
import type { OperationTotals } from '../model/application.ts'
import type { AnyCheck } from '../model/check.ts'
import type { StoredFact } from '../model/fact.ts'
import type { Unit } from '../model/units.ts'
import { skipWithoutReports } from './application/place.ts'
import { countBaselineRows } from './custom/count-baseline-rows.ts'
import { OPERATION_MEASURES, operationRows } from './custom/operation-rows.ts'
import {
  OF_BASELINE,
  type OperationStat,
  type RuleSpec,
  type SeriesStat,
  type Source,
} from './custom/rule-spec.ts'
import { SERIES_LABELS, seriesBaselineRows, seriesRows } from './custom/series-rows.ts'
import { type ThresholdSpec, threshold } from './threshold.ts'

const OPERATIONS: Readonly<
  Record<Exclude<Source, 'series'>, StoredFact<ApplicationReading<OperationTotals>>>
> = {
  requests: applicationRequests,
  statements: applicationQueries,
  calls: applicationCalls,
  metric: applicationMetrics,
}

/** The rule must be whole, as app/rules/rule-schema.ts makes it: a stat that its source has, a name where one is needed. */
export function customRule(rule: RuleSpec): AnyCheck {
  const { on, of } = rule
  if (on === 'series')
    return of === OF_BASELINE
      ? threshold({
          ...specOf(rule, 'of the usual', 'ratio'),
          needs: { weeks: seriesOfWeeks(rule.name!) },
          rows: ({ weeks }) => seriesBaselineRows(rule, weeks),
        })
      : threshold({
          ...specOf(rule, SERIES_LABELS[of as SeriesStat], 'count'),
          needs: { series: seriesOver(rule.name!, rule.overMs) },
          rows: ({ series }) => seriesRows(rule, of as SeriesStat, series),
        })
  if (of === OF_BASELINE)
    return threshold({
      ...specOf(rule, 'of the usual', 'ratio'),
      needs: { weekly: weeklyBaseline },
      rows: ({ weekly }) => skipWithoutReports(weekly) ?? countBaselineRows(rule, weekly),
    })
  const stat = of as OperationStat
  const { label, unit } = OPERATION_MEASURES[stat]
  return threshold({
    ...specOf(rule, label, unit),
    needs: { operations: OPERATIONS[on] },
    rows: ({ operations }) => skipWithoutReports(operations) ?? operationRows(rule, stat, operations),
  })
}

function specOf(rule: RuleSpec, label: string, unit: Unit) {
  const { id, area, title, is, holdMs, clearMs } = rule
  const limit = (at: number) => ({ at, because: `Of the rule ${id} of your configuration.` })
  return {
    id,
    area,
    title,
    label,
    unit,
    is,
    holdMs,
    clearMs,
    ...(rule.warning === null ? {} : { warning: limit(rule.warning) }),
    ...(rule.critical === null ? {} : { critical: limit(rule.critical) }),
    ...(rule.clear === null ? {} : { clear: limit(rule.clear) }),
    leastVolume: limit(rule.leastVolume),
  } satisfies Partial<ThresholdSpec<Record<string, never>>>
}
