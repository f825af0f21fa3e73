// Datadog's API as its documentation has it: monitors, dashboards and tag configurations, required fields, enumerations, limits, and
// nothing unknown.

import { z } from 'zod'
import { type MonitorQuery, parseExpression, parseMetricQuery, parseMonitorQuery } from './datadog-query.ts'

const tag = z.string().regex(/^[a-z][a-z0-9_\-:./]{0,199}$/)

const readable = <T>(parse: (text: string) => T) =>
  z.string().transform((text, context) => {
    try {
      return parse(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
      return z.NEVER
    }
  })

export const monitorSchema = z
  .strictObject({
    name: z.string().min(1).max(200),
    type: z.enum(['metric alert', 'query alert']),
    query: readable(parseMonitorQuery),
    message: z.string(),
    tags: z.array(tag),
    priority: z.number().int().min(1).max(5),
    options: z.strictObject({
      thresholds: z.strictObject({
        critical: z.number(),
        warning: z.number().optional(),
        critical_recovery: z.number().optional(),
        warning_recovery: z.number().optional(),
      }),
      notify_no_data: z.boolean().optional(),
      no_data_timeframe: z.number().int().optional(),
      require_full_window: z.boolean().optional(),
      include_tags: z.boolean().optional(),
      notify_audit: z.boolean().optional(),
      evaluation_delay: z.number().int().min(0).optional(),
      new_group_delay: z.number().int().min(0).multipleOf(60).optional(),
      renotify_interval: z.number().int().min(0).max(1_440).optional(),
      renotify_statuses: z
        .array(z.enum(['alert', 'warn', 'no data']))
        .min(1)
        .optional(),
      escalation_message: z.string().optional(),
      timeout_h: z.number().int().min(0).max(24).optional(),
    }),
  })
  .superRefine(({ query, options: { thresholds, renotify_interval, renotify_statuses } }, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message })
    const { comparator, limit } = query as MonitorQuery
    if (limit !== thresholds.critical) refuse(`the query says ${limit}, the threshold ${thresholds.critical}`)
    const { warning } = thresholds
    if (warning !== undefined && comparator.startsWith('>') !== warning < thresholds.critical)
      refuse('the warning does not come before the alert')
    if (renotify_statuses !== undefined && (renotify_interval ?? 0) === 0)
      refuse('statuses to tell again, but no interval')
  })

const query = z.strictObject({
  data_source: z.literal('metrics'),
  name: z.string().regex(/^[a-z]\w*$/i),
  query: readable(parseMetricQuery),
  aggregator: z.enum(['avg', 'min', 'max', 'sum', 'last', 'area', 'l2norm', 'percentile']).optional(),
})
const formula = z.strictObject({
  formula: z.string(),
  alias: z.string().optional(),
  limit: z.strictObject({ count: z.number().int().min(1), order: z.enum(['asc', 'desc']) }).optional(),
})
const request = (format: 'timeseries' | 'scalar') =>
  z
    .strictObject({
      response_format: z.literal(format),
      queries: z.array(query).min(1),
      formulas: z.array(formula).min(1),
      ...(format === 'timeseries'
        ? { display_type: z.enum(['area', 'bars', 'line', 'overlay']).optional() }
        : {}),
    })
    .superRefine(({ queries, formulas }, context) => {
      const names = new Set(queries.map(({ name }) => name))
      if (names.size < queries.length)
        context.addIssue({ code: 'custom', message: 'two queries of one name' })
      if (queries.some(({ aggregator }) => (aggregator === undefined) !== (format === 'timeseries')))
        context.addIssue({ code: 'custom', message: 'scalars need an aggregator, series take none' })
      for (const each of formulas) {
        const used = each.formula.match(/query\d+/g) ?? []
        for (const name of used)
          if (!names.has(name)) context.addIssue({ code: 'custom', message: `no query ${name}` })
        // with a query for each name, a formula must be arithmetic
        parseExpression(each.formula.replaceAll(/query\d+/g, 'sum:a{*}'))
      }
    })

const definition = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('timeseries'),
    title: z.string(),
    show_legend: z.boolean().optional(),
    requests: z.array(request('timeseries')).min(1),
  }),
  z.strictObject({
    type: z.literal('toplist'),
    title: z.string(),
    requests: z.array(request('scalar')).length(1),
  }),
  z.strictObject({
    type: z.literal('query_value'),
    title: z.string(),
    autoscale: z.boolean().optional(),
    precision: z.number().int().min(0).optional(),
    requests: z.array(request('scalar')).length(1),
  }),
])

export const dashboardSchema = z
  .strictObject({
    title: z.string().min(1),
    description: z.string().optional(),
    layout_type: z.enum(['ordered', 'free']),
    reflow_type: z.enum(['auto', 'fixed']).optional(),
    template_variables: z
      .array(
        z.strictObject({
          name: z.string().regex(/^\w+$/),
          prefix: z.string().optional(),
          defaults: z.array(z.string()).min(1).optional(),
          available_values: z.array(z.string()).optional(),
        }),
      )
      .optional(),
    widgets: z.array(z.strictObject({ definition })),
  })
  .superRefine(({ template_variables, widgets }, context) => {
    const names = new Set((template_variables ?? []).map(({ name }) => `$${name}`))
    for (const { definition } of widgets)
      for (const each of definition.requests)
        for (const { query } of each.queries)
          for (const filter of query.filters)
            if (filter.startsWith('$') && !names.has(filter))
              context.addIssue({ code: 'custom', message: `no variable ${filter}` })
  })

export const tagConfigurationSchema = z.strictObject({
  data: z.strictObject({
    type: z.literal('manage_tags'),
    id: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_.]{0,199}$/),
    attributes: z.strictObject({
      metric_type: z.enum(['gauge', 'count', 'rate', 'distribution']),
      include_percentiles: z.boolean().optional(),
      exclude_tags_mode: z.boolean().optional(),
      tags: z.array(z.string().regex(/^[a-z][a-z0-9_\-./]{0,199}$/)),
    }),
  }),
})
