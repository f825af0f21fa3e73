// A condition as a Datadog monitor (POST /api/v1/monitor).

import { type ConditionDefinition, measuresOf, type PolicyDefinition } from '../definitions.ts'
import type { DatadogSettings } from './datadog-settings.ts'
import { formulaOf, isCounted, isPercentile, metricQuery, serviceConditions } from './metric-query.ts'

export interface DatadogMonitor {
  readonly name: string
  readonly type: 'query alert'
  readonly query: string
  readonly message: string
  readonly tags: readonly string[]
  readonly priority: number
  readonly options: {
    readonly thresholds: { readonly critical: number; readonly warning?: number }
    readonly notify_no_data: boolean
    readonly require_full_window: boolean
    readonly include_tags: boolean
    readonly new_group_delay: number
    readonly renotify_interval: number
    readonly renotify_statuses?: readonly ['alert']
  }
}

/** Minutes that a monitor may look back. Below five, points that arrive a little late would be missed. */
const WINDOWS = [
  [5, '5m'],
  [10, '10m'],
  [15, '15m'],
  [30, '30m'],
  [60, '1h'],
  [120, '2h'],
  [240, '4h'],
  [1_440, '1d'],
] as const

/** Of Datadog's P1 to P5: a critical limit calls for somebody soon. */
const PRIORITY = 2

export function datadogMonitor(
  policy: PolicyDefinition,
  condition: ConditionDefinition,
  { services, notify, runbooks, renotifyMinutes }: DatadogSettings,
): DatadogMonitor {
  const { id, title, is, warning, critical, check } = condition
  const handles = notify[policy.owner] ?? []
  return {
    name: `${policy.title}: ${title}`,
    type: 'query alert',
    query: monitorQuery(condition, services),
    message: [
      `{{#is_alert}}${title} of {{service.name}} is {{value}}, ${is} {{threshold}}.{{/is_alert}}`,
      `{{#is_warning}}${title} of {{service.name}} is {{value}}, ${is} {{warn_threshold}}.{{/is_warning}}`,
      `{{#is_recovery}}${title} of {{service.name}} is {{value}} again.{{/is_recovery}}`,
      runbooks === null
        ? `pgsteward's check \`${check}\` says what to do.`
        : `What to do: ${runbooks}/${check}.md`,
      ...(handles.length === 0 ? [] : [handles.join(' ')]),
    ].join('\n'),
    tags: ['managed_by:pgsteward', `pgsteward_policy:${policy.id}`, `pgsteward_condition:${id}`],
    priority: PRIORITY,
    options: {
      thresholds: { critical, ...(warning === null ? {} : { warning }) },
      // an application at night sends nothing, and that is no fault
      notify_no_data: false,
      // sparse counts have no full window
      require_full_window: false,
      include_tags: true,
      new_group_delay: 60,
      renotify_interval: renotifyMinutes,
      ...(renotifyMinutes === 0 ? {} : { renotify_statuses: ['alert'] as const }),
    },
  }
}

/** Percentiles and ratios are of the whole span; levels hold when their mildest value within it is beyond the limit. */
function monitorQuery(condition: ConditionDefinition, services: readonly string[]): string {
  const { expression, by, is, critical, forSeconds } = condition
  const measures = measuresOf(expression)
  const mildest = is === 'above' ? 'min' : 'max'
  const time = measures.some(isPercentile) ? 'percentile' : measures.every(isCounted) ? 'sum' : mildest
  const scope = { within: serviceConditions(services), by: ['service', ...by] }
  const formula = formulaOf(expression, (measure) => metricQuery(measure, scope))
  return `${time}(last_${windowOf(forSeconds)}):${formula} ${is === 'above' ? '>' : '<'} ${critical}`
}

function windowOf(seconds: number): string {
  const [, text] = WINDOWS.find(([minutes]) => minutes * 60 >= seconds) ?? WINDOWS.at(-1)!
  return text
}
