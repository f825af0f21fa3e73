// What applications reported within ten minutes as the values of a rule: those that match, grouped, one number each.

import {
  type ApplicationReading,
  JUDGED_MS,
  type JudgedApplication,
} from '../../facts/application-reading.ts'
import type { OperationTotals } from '../../model/application.ts'
import type { Evidence } from '../../model/finding.ts'
import { isLike } from '../../model/is-like.ts'
import type { Unit } from '../../model/units.ts'
import { mergedPercentile } from '../application/merged-percentile.ts'
import { count, milliseconds, text } from '../application/place.ts'
import type { ThresholdRow } from '../threshold.ts'
import { type GroupLabels, OPERATION_KEYS, type OperationStat, type RuleSpec } from './rule-spec.ts'
import { ruleSubject } from './rule-subject.ts'

const MINUTES = JUDGED_MS / 60_000

interface Measure {
  readonly label: string
  readonly unit: Unit
  /** Null: not told by these. */
  readonly value: (rows: readonly OperationTotals[]) => number | null
}

const percentile = (label: string, ratio: number): Measure => ({
  label,
  unit: 'ms',
  value: (rows) => mergedPercentile(rows, ratio),
})

export const OPERATION_MEASURES: Readonly<Record<OperationStat, Measure>> = {
  p50: percentile('median', 0.5),
  p95: percentile('95th percentile', 0.95),
  p99: percentile('99th percentile', 0.99),
  mean: {
    label: 'mean',
    unit: 'ms',
    value: (rows) => total(rows, (row) => row.totalMs) / total(rows, (row) => row.count),
  },
  max: { label: 'slowest', unit: 'ms', value: (rows) => Math.max(...rows.map((row) => row.maxMs)) },
  errorRatio: {
    label: 'failed',
    unit: 'ratio',
    value: (rows) => total(rows, (row) => row.errors) / total(rows, (row) => row.count),
  },
  perMinute: { label: 'a minute', unit: 'count', value: (rows) => total(rows, (row) => row.count) / MINUTES },
  errorsPerMinute: {
    label: 'failed a minute',
    unit: 'count',
    value: (rows) => total(rows, (row) => row.errors) / MINUTES,
  },
}

export function operationRows(
  rule: RuleSpec,
  of: OperationStat,
  { applications, rows }: ApplicationReading<OperationTotals>,
): readonly ThresholdRow[] {
  const per = rule.per ?? ['application']
  const matching = rows.filter((row) => matches(rule, row))
  const groups = Map.groupBy(matching, (row) => JSON.stringify(per.map((key) => labelOf(row, key) ?? '')))
  const found = [...groups.values()].flatMap((group) => {
    const value = OPERATION_MEASURES[of].value(group)
    const labels = new Map(per.map((key) => [key, labelOf(group[0]!, key) ?? '']))
    return value === null ? [] : [rowOf(rule, labels, value, group)]
  })
  return [...found, ...nothingCounted(rule, of, applications, matching)]
}

/** Nothing counted is zero, where it is told of whom: of an application that `where` names and that speaks. */
function nothingCounted(
  rule: RuleSpec,
  of: OperationStat,
  applications: readonly JudgedApplication[],
  matching: readonly OperationTotals[],
): readonly ThresholdRow[] {
  const isRate = of === 'perMinute' || of === 'errorsPerMinute'
  if (!isRate || matching.length > 0 || (rule.per !== null && rule.per.join() !== 'application')) return []
  return applications
    .filter(({ application, isSilent }) => application === rule.where.application && !isSilent)
    .map(({ application }) => rowOf(rule, new Map([['application', application]]), 0, []))
}

function rowOf(
  rule: RuleSpec,
  labels: GroupLabels,
  value: number,
  rows: readonly OperationTotals[],
): ThresholdRow {
  const subject = ruleSubject(rule, labels)
  const [heaviest] = rows.toSorted((a, b) => b.totalMs - a.totalMs || b.count - a.count)
  const errors = total(rows, (row) => row.errors)
  return {
    subject,
    value,
    volume: total(rows, (row) => row.count),
    summary: rule.title,
    evidence: [
      ...milliseconds('within', JUDGED_MS),
      ...count(
        'counted',
        total(rows, (row) => row.count),
      ),
      ...count('failed', errors === 0 ? null : errors),
      ...(rows.length > 1 && heaviest !== undefined ? mostly(heaviest) : []),
    ],
  }
}

function mostly({ name, route, labels, caller }: OperationTotals): readonly Evidence[] {
  return [
    ...text('mostly', [name, labels].filter((part) => part !== null).join(' ')),
    ...text('in', route),
    ...text('at', caller),
  ]
}

function matches({ name, where }: RuleSpec, row: OperationTotals): boolean {
  return (
    (name === null || isLike(row.name, name)) &&
    Object.entries(where).every(([label, pattern]) => {
      const value = labelOf(row, label)
      return value !== null && isLike(value, pattern)
    })
  )
}

/** A part of the operation, or an attribute of the metric. */
function labelOf(row: OperationTotals, label: string): string | null {
  const parts = OPERATION_KEYS as readonly string[]
  if (parts.includes(label)) return row[label as (typeof OPERATION_KEYS)[number]]
  return attributesOf(row.labels).get(label) ?? null
}

/** Kept as `channel=sms outcome=ok`; a value may hold blanks. */
function attributesOf(labels: string | null): ReadonlyMap<string, string> {
  const pairs = labels === null ? [] : labels.split(/ (?=[^ =]+=)/)
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}

function total(rows: readonly OperationTotals[], of: (row: OperationTotals) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0)
}
