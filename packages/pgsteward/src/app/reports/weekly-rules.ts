// The weekly review's regression rules (R1), with how sure each is: a week that is slower than the weeks before differ among each other
// is told from one that only looks slower.

import type { Milliseconds } from '../../model/units.ts'
import { adjustedPValues } from '../../stats/benjamini-hochberg.ts'
import { proportionAbove } from '../../stats/one-proportion.ts'
import { median } from '../../stats/order-statistics.ts'
import { pAbove } from '../../stats/shift.ts'
import {
  deliveredRatioOf,
  errorRatioOf,
  meanStatementMs,
  type PeriodFigures,
  p95Of,
} from './period-figures.ts'

/** R1. Against the median of the weeks before. */
export const SLOWER_RATIO = 1.1
/** R1: the share that has to arrive. */
export const LEAST_DELIVERED = 0.98
/** R1: the share that may fail. */
export const MOST_ERRORS = 0.005
/** One false alarm in twenty weeks: a review asks, it does not page. */
export const SUPPORT = 0.05
/** Their median is not moved by one holiday, and the sums of five weeks are kept by the hour. */
export const WEEKS_BEFORE = 4
/** Of fewer nobody knows how weeks differ. */
export const LEAST_WEEKS = 3
/** Of fewer a 95th percentile or a mean is a matter of single ones. */
const LEAST_OPERATIONS = 200
/** A change of less is not worth anyone's time, whatever its ratio. */
const LEAST_CHANGE_MS: Milliseconds = 1
/** And of a mean statement, which takes far less than a millisecond. */
const LEAST_CHANGE_MEAN_MS: Milliseconds = 0.01

export type RuleState = 'met' | 'broken' | 'not-supported' | 'unknown'

export interface RuleResult {
  readonly id: 'request-p95' | 'query-p95' | 'statement-time' | 'deliveries' | 'errors'
  readonly label: string
  readonly unit: 'ms' | 'ratio'
  readonly value: number | null
  /** The median of the weeks before; null: too few of them are known. */
  readonly was: number | null
  readonly limit: number | null
  /** broken: beyond its limit, with support. not-supported: beyond it, which may be chance. */
  readonly state: RuleState
  /** A sentence. */
  readonly because: string
}

export interface WeeksGiven {
  readonly week: PeriodFigures
  readonly days: readonly PeriodFigures[]
  /** Those that are known, the latest first. */
  readonly before: readonly PeriodFigures[]
}

const LATENCIES = [
  { id: 'request-p95', label: 'Request p95', valueOf: requestP95, least: LEAST_CHANGE_MS },
  { id: 'query-p95', label: 'Query p95', valueOf: queryP95, least: LEAST_CHANGE_MS },
  {
    id: 'statement-time',
    label: 'Time a statement',
    valueOf: ({ statements }: PeriodFigures) =>
      statements === null || statements.calls < LEAST_OPERATIONS ? null : meanStatementMs(statements),
    least: LEAST_CHANGE_MEAN_MS,
  },
] as const

export function regressionRules({ week, days, before }: WeeksGiven): readonly RuleResult[] {
  const compared = LATENCIES.map((latency) => {
    const value = latency.valueOf(week)
    const weeks = before.flatMap((one) => latency.valueOf(one) ?? [])
    return { ...latency, value, weeks, pValue: value === null ? null : slowerThanWeeks(weeks, value) }
  })
  const adjusted = adjustedPValues(compared.map(({ pValue }) => pValue))
  return [
    ...compared.map(({ id, label, value, weeks, least }, index) =>
      latencyRule({ id, label, value, weeks, least, pValue: adjusted[index]! }),
    ),
    shareRule({
      id: 'deliveries',
      label: 'Messages that arrived',
      value: deliveredRatioOf(week.deliveries),
      weeks: before.flatMap(({ deliveries }) => deliveredRatioOf(deliveries) ?? []),
      limit: LEAST_DELIVERED,
      mostFailed: 1 - LEAST_DELIVERED,
      spells: days.flatMap(({ deliveries }) =>
        deliveries === null ? [] : [{ count: deliveries.all, errors: deliveries.failed }],
      ),
    }),
    shareRule({
      id: 'errors',
      label: 'Error rate',
      value: errorRatioOf(week.requests),
      weeks: before.flatMap(({ requests }) => errorRatioOf(requests) ?? []),
      limit: MOST_ERRORS,
      mostFailed: MOST_ERRORS,
      spells: days.flatMap(({ requests }) => requests ?? []),
    }),
  ]
}

/**
 * One-sided, that a value is above those of the weeks before by no more than they differ; null: too few of them. The week is one occasion
 * and counts as one value more, however many requests it had.
 */
export function slowerThanWeeks(weeks: readonly number[], value: number): number | null {
  if (weeks.length < LEAST_WEEKS || value <= 0 || weeks.some((each) => each <= 0)) return null
  return pAbove({ kind: 'predicted', base: weeks.map(Math.log), head: [Math.log(value)] }, 0)
}

interface LatencyGiven extends Pick<RuleResult, 'id' | 'label' | 'value'> {
  readonly weeks: readonly number[]
  readonly least: Milliseconds
  readonly pValue: number | null
}

function latencyRule({ id, label, value, weeks, least, pValue }: LatencyGiven): RuleResult {
  const was = weeks.length < LEAST_WEEKS ? null : median(weeks)
  const rule = { id, label, unit: 'ms', value, was, limit: was === null ? null : was * SLOWER_RATIO } as const
  if (value === null) return { ...rule, state: 'unknown', because: 'Too little was told of this week.' }
  if (was === null)
    return {
      ...rule,
      state: 'unknown',
      because: `Only ${weeks.length} of the ${WEEKS_BEFORE} weeks before are known; it takes ${LEAST_WEEKS}.`,
    }
  const change = `${percent(value / was - 1)} against the median of ${weeks.length} weeks before`
  if (value <= was * SLOWER_RATIO || value - was < least)
    return { ...rule, state: 'met', because: `${change}.` }
  return (pValue ?? 1) <= SUPPORT
    ? { ...rule, state: 'broken', because: `${change}, more than those weeks differ (p ${pText(pValue)}).` }
    : {
        ...rule,
        state: 'not-supported',
        because: `${change}, but those weeks differ by as much: it may be chance (p ${pText(pValue)}).`,
      }
}

interface ShareGiven extends Pick<RuleResult, 'id' | 'label' | 'value'> {
  readonly weeks: readonly number[]
  readonly limit: number
  readonly mostFailed: number
  readonly spells: Parameters<typeof proportionAbove>[0]
}

function shareRule({ id, label, value, weeks, limit, mostFailed, spells }: ShareGiven): RuleResult {
  const was = weeks.length < LEAST_WEEKS ? null : median(weeks)
  const rule = { id, label, unit: 'ratio', value, was, limit } as const
  const tested = proportionAbove(spells, mostFailed)
  if (value === null || tested === null)
    return { ...rule, state: 'unknown', because: 'No application told of it.' }
  if (tested.ratio <= mostFailed) return { ...rule, state: 'met', because: 'Within the limit.' }
  return tested.pValue <= SUPPORT
    ? {
        ...rule,
        state: 'broken',
        because: `Beyond the limit, by more than chance and bursts (p ${pText(tested.pValue)}).`,
      }
    : {
        ...rule,
        state: 'not-supported',
        because: `Beyond the limit, but few enough or from one burst: it may be chance (p ${pText(tested.pValue)}).`,
      }
}

function requestP95({ requests }: PeriodFigures): number | null {
  return requests === null || requests.count < LEAST_OPERATIONS ? null : p95Of(requests)
}

function queryP95({ queries }: PeriodFigures): number | null {
  return queries === null || queries.count < LEAST_OPERATIONS ? null : p95Of(queries)
}

function percent(change: number): string {
  return `${change >= 0 ? '+' : '−'}${Math.abs(change * 100).toFixed(0)} %`
}

function pText(pValue: number | null): string {
  if (pValue === null) return 'not known'
  return pValue < 0.001 ? 'under 0.001' : pValue.toPrecision(2)
}
