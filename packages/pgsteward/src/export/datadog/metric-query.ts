// Measures in Datadog's metric query language (docs.datadoghq.com, "Advanced Filtering", "Distributions", "OTLP Metrics Types"): a
// histogram sent over OTLP is a distribution there, a monotonic sum a count, an attribute of a point a tag of its name, service.name `service`.

import { type Expression, type Filter, type Measure, measuresOf } from '../definitions.ts'

const SPACE: Readonly<Record<Measure['of'], string>> = {
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  average: 'avg',
  max: 'max',
  count: 'count',
  sum: 'sum',
}

export interface QueryScope {
  /** Conditions that hold for every query, such as `service:shop` or `$service`; none: everything. */
  readonly within: readonly string[]
  /** Tags. */
  readonly by: readonly string[]
}

export function isPercentile({ of }: Measure): boolean {
  return of === 'p50' || of === 'p95' || of === 'p99'
}

/** Of what happened so often: counts, which sum up over time. */
export function isCounted({ of }: Measure): boolean {
  return of === 'count' || of === 'sum'
}

/** `as`: how a count is told in a span of time; whole for limits, a second for lines that are scaled. */
export function metricQuery(
  measure: Measure,
  { within, by }: QueryScope,
  as: 'count' | 'rate' = 'count',
): string {
  const conditions = [...within, ...(measure.where ?? []).map(condition)]
  const filter = conditions.length === 0 ? '*' : conditions.join(' AND ')
  const groups = by.length === 0 ? '' : ` by {${by.join(',')}}`
  return `${SPACE[measure.of]}:${measure.metric}{${filter}}${groups}${isCounted(measure) ? `.as_${as}()` : ''}`
}

/**
 * An expression over texts of its measures. A sum of which one part never happened would have no value: Datadog knows of a series only
 * once it was sent.
 */
export function formulaOf(expression: Expression, textOf: (measure: Measure) => string): string {
  if ('rate' in expression) return `${textOf(expression.rate)} * ${expression.perSeconds}`
  if ('metric' in expression) return textOf(expression)
  const sum = (measures: readonly Measure[]) =>
    measures.length === 1
      ? `default_zero(${textOf(measures[0]!)})`
      : `(${measures.map((measure) => `default_zero(${textOf(measure)})`).join(' + ')})`
  const whole = expression.to.length === 1 ? textOf(expression.to[0]!) : sum(expression.to)
  return `${sum(expression.ratio)} / ${whole}`
}

/** The services, as one condition or none. */
export function serviceConditions(services: readonly string[]): readonly string[] {
  return services.length === 0 ? [] : [anyOf('service', services)]
}

/** All metrics of which percentiles are asked, with the tags by which they are told apart: Datadog computes those on request only. */
export function percentileMetrics(
  uses: readonly { readonly expression: Expression; readonly by: readonly string[] }[],
): ReadonlyMap<string, readonly string[]> {
  const tags = new Map<string, Set<string>>()
  for (const { expression, by } of uses)
    for (const measure of measuresOf(expression).filter(isPercentile))
      tags.set(measure.metric, new Set([...(tags.get(measure.metric) ?? []), ...by]))
  for (const { expression, by } of uses)
    for (const measure of measuresOf(expression))
      for (const tag of [...by, ...(measure.where ?? []).map(({ attribute }) => attribute)])
        tags.get(measure.metric)?.add(tag)
  return new Map([...tags].map(([metric, names]) => [metric, [...names].sort()]))
}

function condition(filter: Filter): string {
  if ('like' in filter) return anyOf(filter.attribute, filter.like)
  if ('oneOf' in filter) return anyOf(filter.attribute, filter.oneOf)
  // tags are texts, which compare with nothing; statuses are of three digits, so that a first digit says as much
  if (filter.atLeast % 100 !== 0 || filter.atLeast < 100 || filter.atLeast > 500)
    throw new TypeError(`no tag can be compared with ${filter.atLeast}`)
  const classes = Array.from({ length: 6 - filter.atLeast / 100 }, (_, at) => `${filter.atLeast / 100 + at}*`)
  return anyOf(filter.attribute, classes)
}

function anyOf(tag: string, values: readonly string[]): string {
  const each = values.map((value) => `${tag}:${tagValue(value)}`)
  return each.length === 1 ? each[0]! : `(${each.join(' OR ')})`
}

/** As Datadog keeps tags: in lower case, other letters than these as underscores, 200 at most. `*` stands for anything. */
function tagValue(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\-:./*]/gu, '_')
    .slice(0, 200)
}
