// What policies and dashboards measure both: deliveries, charges, requests and statements as the instrument package sends them.

import { ATTRIBUTE, METRIC, METRIC_SUFFIX } from '@pgsteward/instrument/names'
import type { Expression, Measure } from './definitions.ts'

export const MINUTE = 60
export const HOUR = 3600

export const DELIVERY: Measure = { metric: `message.delivery${METRIC_SUFFIX.duration}`, of: 'p95' }
/** By `channel`; beside them stands the duration. */
export const DELIVERED: Measure = { metric: 'message.delivered', of: 'sum' }
export const UNDELIVERED: Measure = { metric: 'message.undelivered', of: 'sum' }
export const FAILED_CHARGES: Measure = {
  metric: 'billing.charges',
  of: 'sum',
  where: [{ attribute: 'outcome', oneOf: ['failed'] }],
}
export const REQUESTS: Measure = { metric: METRIC.requestDuration, of: 'count' }
export const FAILED_REQUESTS: Measure = {
  ...REQUESTS,
  where: [{ attribute: ATTRIBUTE.statusCode, atLeast: 500 }],
}
export const STATEMENTS: Measure = { metric: METRIC.queryDuration, of: 'p95' }

export function requestP95(routes: readonly string[]): Expression {
  return { metric: METRIC.requestDuration, of: 'p95', where: [{ attribute: ATTRIBUTE.route, like: routes }] }
}
