// Everything that Datadog is given, as files by name: monitors, dashboards, and which metrics it must compute percentiles of.

import { dashboardDefinitions } from '../definitions-dashboards.ts'
import { policyDefinitions } from '../definitions-policies.ts'
import { datadogDashboard } from './dashboard.ts'
import type { DatadogSettings } from './datadog-settings.ts'
import { percentileMetrics } from './metric-query.ts'
import { datadogMonitor } from './monitor.ts'

export interface DatadogFile {
  /** `monitors/auth-p95.json` */
  readonly name: string
  /** Below the site's API, where it is posted as it is. */
  readonly endpoint: string
  readonly body: object
}

/** Beside the ones that are grouped by: what people narrow by. */
const USUAL_TAGS = ['env', 'service', 'version']

export function datadogFiles(settings: DatadogSettings): readonly DatadogFile[] {
  const policies = policyDefinitions(settings.routes)
  const dashboards = dashboardDefinitions(settings.routes)
  const uses = [
    ...policies.flatMap(({ conditions }) => conditions),
    ...dashboards.flatMap(({ widgets }) =>
      widgets.flatMap(({ by, lines }) => lines.map(({ expression }) => ({ expression, by }))),
    ),
  ]
  return [
    ...policies.flatMap((policy) =>
      policy.conditions.map((condition) => ({
        name: `monitors/${condition.id}.json`,
        endpoint: '/api/v1/monitor',
        body: datadogMonitor(policy, condition, settings),
      })),
    ),
    ...dashboards.map((dashboard) => ({
      name: `dashboards/${dashboard.id}.json`,
      endpoint: '/api/v1/dashboard',
      body: datadogDashboard(dashboard, settings.services),
    })),
    ...[...percentileMetrics(uses)].map(([metric, tags]) => ({
      name: `metrics/${metric}.json`,
      endpoint: `/api/v2/metrics/${metric}/tags`,
      body: {
        data: {
          type: 'manage_tags',
          id: metric,
          attributes: {
            metric_type: 'distribution',
            include_percentiles: true,
            tags: [...new Set([...USUAL_TAGS, ...tags])].sort(),
          },
        },
      },
    })),
  ]
}
