// NRQL from our definitions. Points that arrive over OTLP are in `Metric`: exponential histograms as distributions, counts as count,
// levels as gauge.

import { ATTRIBUTE, SCOPE } from '@pgsteward/instrument/names'
import {
  type Expression,
  type Filter,
  type Measure,
  measuresOf,
  type WidgetDefinition,
} from '../definitions.ts'

export interface NrqlScope {
  /** `service.name` of the applications; none: all that report. */
  readonly services: readonly string[]
}

/** One value for each service and attribute: alerts tell which. */
export function conditionNrql(expression: Expression, by: readonly string[], scope: NrqlScope): string {
  return query([{ expression }], [ATTRIBUTE.serviceName, ...by], scope)
}

export function widgetNrql({ lines, by, unit, shape }: WidgetDefinition, scope: NrqlScope): string {
  const isSeries = shape === 'line' || shape === 'area'
  const columns = lines.map(({ label, expression }) => ({
    expression,
    label,
    // the page's unit for ratios is %
    ...(unit === 'ratio' ? { factor: 100 } : {}),
  }))
  // twenty lines can be told apart, no more
  return `${query(columns, by, scope)}${by.length > 0 ? ' LIMIT 20' : ''}${isSeries ? ' TIMESERIES' : ''}`
}

/** Points of the last ten minutes, by service. */
export function arrivalNrql(scope: NrqlScope): string {
  return (
    `SELECT count(*), latest(timestamp) FROM Metric WHERE ${name('otel.library.name')} = ${quoted(SCOPE)}` +
    `${scope.services.length === 0 ? '' : ` AND ${serviceFilter(scope)}`} FACET ${name(ATTRIBUTE.serviceName)} ` +
    'SINCE 10 minutes ago LIMIT 100'
  )
}

interface Column {
  readonly expression: Expression
  readonly label?: string
  readonly factor?: number
}

function query(columns: readonly Column[], by: readonly string[], scope: NrqlScope): string {
  const measures = columns.flatMap(({ expression }) => measuresOf(expression))
  const metrics = [...new Set(measures.map(({ metric }) => metric))]
  // a filter of the only measure is one of the whole query, which reads less
  const filters = measures.length === 1 ? (measures[0]!.where ?? []) : []
  const where = [
    `metricName IN (${metrics.map(quoted).join(', ')})`,
    ...(scope.services.length === 0 ? [] : [serviceFilter(scope)]),
    ...filters.map(filterOf),
  ]
  const selects = columns.map(({ expression, label, factor }) => {
    const value = selectOf(expression, measures.length > 1)
    return `${factor === undefined ? '' : `${factor} * `}${value}${label === undefined ? '' : ` AS ${quoted(label)}`}`
  })
  const facet = by.length === 0 ? '' : ` FACET ${by.map(name).join(', ')}`
  return `SELECT ${selects.join(', ')} FROM Metric WHERE ${where.join(' AND ')}${facet}`
}

function serviceFilter({ services }: NrqlScope): string {
  return `${name(ATTRIBUTE.serviceName)} IN (${services.map(quoted).join(', ')})`
}

function selectOf(expression: Expression, isFiltered: boolean): string {
  if ('ratio' in expression) return `${sumOf(expression.ratio)} / ${sumOf(expression.to)}`
  return 'rate' in expression
    ? `rate(${measureOf(expression.rate, isFiltered)}, ${expression.perSeconds} seconds)`
    : measureOf(expression, isFiltered)
}

function sumOf(measures: readonly Measure[]): string {
  const terms = measures.map((measure) => measureOf(measure, true))
  return terms.length === 1 ? terms[0]! : `(${terms.join(' + ')})`
}

function measureOf({ metric, of, where }: Measure, isFiltered: boolean): string {
  const value = of.startsWith('p') ? `percentile(${name(metric)}, ${of.slice(1)})` : `${of}(${name(metric)})`
  return where === undefined || !isFiltered
    ? value
    : `filter(${value}, WHERE ${where.map(filterOf).join(' AND ')})`
}

function filterOf(filter: Filter): string {
  const attribute = name(filter.attribute)
  if ('atLeast' in filter) return `numeric(${attribute}) >= ${filter.atLeast}`
  if ('oneOf' in filter) return `${attribute} IN (${filter.oneOf.map(quoted).join(', ')})`
  const patterns = filter.like.map((pattern) => `${attribute} LIKE ${quoted(pattern.replaceAll('*', '%'))}`)
  return patterns.length === 1 ? patterns[0]! : `(${patterns.join(' OR ')})`
}

/** Dots and reserved words need backticks; a name cannot hold one. */
function name(identifier: string): string {
  return `\`${identifier.replaceAll('`', '')}\``
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
