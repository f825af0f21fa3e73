// A dashboard as Datadog takes it (POST /api/v1/dashboard): ordered widgets, for any service and environment.

import type { DashboardDefinition, LineDefinition, Measure, WidgetDefinition } from '../definitions.ts'
import { formulaOf, isCounted, isPercentile, metricQuery } from './metric-query.ts'

interface MetricsQuery {
  readonly data_source: 'metrics'
  readonly name: string
  readonly query: string
  readonly aggregator?: 'avg' | 'max' | 'sum' | 'percentile'
}
interface Formula {
  readonly formula: string
  readonly alias?: string
  readonly limit?: { readonly count: number; readonly order: 'desc' }
}
interface Request {
  readonly response_format: 'timeseries' | 'scalar'
  readonly queries: readonly MetricsQuery[]
  readonly formulas: readonly Formula[]
  readonly display_type?: 'line' | 'area'
}
interface Widget {
  readonly definition: {
    readonly type: 'timeseries' | 'toplist' | 'query_value'
    readonly title: string
    readonly requests: readonly Request[]
    readonly show_legend?: boolean
    readonly autoscale?: boolean
    readonly precision?: number
  }
}

export interface DatadogDashboard {
  readonly title: string
  readonly description: string
  readonly layout_type: 'ordered'
  readonly reflow_type: 'auto'
  readonly template_variables: readonly {
    readonly name: string
    readonly prefix: string
    readonly defaults: readonly string[]
  }[]
  readonly widgets: readonly Widget[]
}

/** A list of more is not read. */
const TOP = 10

export function datadogDashboard(
  { title, description, widgets }: DashboardDefinition,
  services: readonly string[],
): DatadogDashboard {
  return {
    title: `${title} (pgsteward)`,
    description,
    layout_type: 'ordered',
    reflow_type: 'auto',
    template_variables: [
      { name: 'service', prefix: 'service', defaults: services.length === 0 ? ['*'] : services },
      { name: 'env', prefix: 'env', defaults: ['*'] },
    ],
    widgets: widgets.map((widget) => ({ definition: definitionOf(widget) })),
  }
}

function definitionOf(widget: WidgetDefinition): Widget['definition'] {
  const { shape, title, lines } = widget
  if (shape === 'line' || shape === 'area')
    return {
      type: 'timeseries',
      title,
      show_legend: true,
      requests: lines.map((line) => ({ ...requestOf(widget, line, 'timeseries'), display_type: shape })),
    }
  const requests = lines.map((line) => requestOf(widget, line, 'scalar'))
  return shape === 'bar'
    ? { type: 'toplist', title, requests }
    : { type: 'query_value', title, requests, autoscale: true, precision: 2 }
}

function requestOf(
  { by, lines, shape }: WidgetDefinition,
  { label, expression }: LineDefinition,
  format: Request['response_format'],
): Request {
  const scope = { within: ['$service', '$env'], by }
  const as = 'rate' in expression ? 'rate' : 'count'
  const texts = new Map<string, MetricsQuery>()
  const nameOf = (measure: Measure): string => {
    const query = metricQuery(measure, scope, as)
    const known = texts.get(query) ?? {
      data_source: 'metrics',
      name: `query${texts.size + 1}`,
      query,
      ...(format === 'scalar' ? { aggregator: aggregatorOf(measure) } : {}),
    }
    texts.set(query, known)
    return known.name
  }
  const formula = formulaOf(expression, nameOf)
  return {
    response_format: format,
    queries: [...texts.values()],
    formulas: [
      {
        formula,
        ...(lines.length > 1 ? { alias: label } : {}),
        ...(shape === 'bar' ? { limit: { count: TOP, order: 'desc' as const } } : {}),
      },
    ],
  }
}

/** Over the time that is shown. */
function aggregatorOf(measure: Measure): NonNullable<MetricsQuery['aggregator']> {
  if (isPercentile(measure)) return 'percentile'
  if (isCounted(measure)) return 'sum'
  return measure.of === 'max' ? 'max' : 'avg'
}
