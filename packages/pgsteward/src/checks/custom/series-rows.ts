// A series of the store as the values of a rule: those that match, grouped, the worst of each group.

import type { SeriesOfWeeks } from '../../facts/series-over.ts'
import { LEAST_WEEKS } from '../../facts/weekly-baseline.ts'
import type { Skip } from '../../model/check.ts'
import type { Series } from '../../model/fact.ts'
import { isLike } from '../../model/is-like.ts'
import { median } from '../../stats/order-statistics.ts'
import { count, milliseconds, text } from '../application/place.ts'
import type { ThresholdRow } from '../threshold.ts'
import type { GroupLabels, RuleSpec, SeriesStat } from './rule-spec.ts'
import { ruleSubject } from './rule-subject.ts'

export const SERIES_LABELS: Readonly<Record<SeriesStat, string>> = {
  latest: 'latest',
  mean: 'mean',
  max: 'highest',
  min: 'lowest',
}

export function seriesRows(
  rule: RuleSpec,
  of: SeriesStat,
  series: readonly Series[],
): readonly ThresholdRow[] | Skip {
  const told = series.filter((each) => matches(rule, each) && each.points.length > 0)
  if (told.length === 0)
    return { skip: `no series ${rule.name} that matches has a value within ${rule.overMs / 1000} s` }
  return [...groupsOf(rule, told)].map(([labels, group]) => {
    const [worst] = worstFirst(rule, group, (each) => statOf(of, each))
    return {
      subject: ruleSubject(rule, labels),
      value: statOf(of, worst!),
      unit: worst!.unit,
      summary: rule.title,
      evidence: [
        ...milliseconds('within', rule.overMs),
        ...count('series together', group.length > 1 ? group.length : null),
        ...(group.length > 1 ? text('the worst', Object.values(worst!.labels).join(', ')) : []),
      ],
    }
  })
}

export function seriesBaselineRows(
  rule: RuleSpec,
  { latest, before }: SeriesOfWeeks,
): readonly ThresholdRow[] | Skip {
  const rows = [
    ...groupsOf(
      rule,
      latest.filter((each) => matches(rule, each)),
    ),
  ].flatMap(([labels, group]) => {
    const keys = new Set(group.map(keyOf))
    const weeks = before.map((week) => meanOf(week.filter((each) => keys.has(keyOf(each)))))
    const known = weeks.filter((week) => week !== null)
    const now = meanOf(group)
    const usual = median(known)
    if (now === null || known.length < LEAST_WEEKS || !(usual > 0)) return []
    return {
      subject: ruleSubject(rule, labels),
      value: now / usual,
      summary: rule.title,
      evidence: [
        { label: 'on average in that hour', value: now, unit: group[0]!.unit },
        { label: 'usual at this hour of the week', value: usual, unit: group[0]!.unit },
        ...count('weeks compared', known.length),
      ],
    }
  })
  return rows.length > 0
    ? rows
    : {
        skip: `the series ${rule.name} is not known for ${LEAST_WEEKS} weeks: there is nothing to compare with`,
      }
}

function matches({ where }: RuleSpec, { labels }: Series): boolean {
  return Object.entries(where).every(([label, pattern]) => isLike(labels[label] ?? '', pattern))
}

function groupsOf({ per }: RuleSpec, series: readonly Series[]): ReadonlyMap<GroupLabels, readonly Series[]> {
  const named = (each: Series): [string, string][] =>
    per === null
      ? Object.entries(each.labels).sort(([a], [b]) => (a < b ? -1 : 1))
      : per.map((label) => [label, each.labels[label] ?? ''])
  const groups = Map.groupBy(series, (each) => JSON.stringify(named(each)))
  return new Map([...groups.values()].map((group) => [new Map(named(group[0]!)), group]))
}

function worstFirst(
  { is }: RuleSpec,
  series: readonly Series[],
  of: (each: Series) => number,
): readonly Series[] {
  return series.toSorted((a, b) => (is === 'above' ? of(b) - of(a) : of(a) - of(b)))
}

function statOf(of: SeriesStat, { points }: Series): number {
  const values = points.map(([, value]) => value)
  switch (of) {
    case 'latest':
      return values.at(-1)!
    case 'mean':
      return values.reduce((sum, value) => sum + value, 0) / values.length
    case 'max':
      return values.reduce((most, value) => Math.max(most, value))
    case 'min':
      return values.reduce((least, value) => Math.min(least, value))
  }
}

/** Of all points of all: the level of a whole is the same from each process that tells it. */
function meanOf(series: readonly Series[]): number | null {
  const values = series.flatMap(({ points }) => points.map(([, value]) => value))
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Processes come and go within weeks; what they tell of stays. */
function keyOf({ labels }: Series): string {
  const { instance: _instance, ...rest } = labels
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)))
}
