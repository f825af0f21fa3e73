// The 8 alert policies.

import { ATTRIBUTE, METRIC } from '@pgsteward/instrument/names'
import { FEATURE_ROUTES, type Feature, type Owner, type PolicyDefinition } from './definitions.ts'
import {
  DELIVERED,
  DELIVERY,
  FAILED_CHARGES,
  FAILED_REQUESTS,
  HOUR,
  MINUTE,
  REQUESTS,
  requestP95,
  STATEMENTS,
  UNDELIVERED,
} from './definitions-measures.ts'

/** Critical, which pages, at the limits that N2 and N3 name; warnings at what such an application aims at. */
export function policyDefinitions(
  routes: Readonly<Record<Feature, readonly string[]>> = FEATURE_ROUTES,
): readonly PolicyDefinition[] {
  const latency = (
    feature: Feature,
    title: string,
    owner: Owner,
    warning: number,
    critical: number,
  ): PolicyDefinition => ({
    id: `${feature}-latency`,
    title: `${title} latency`,
    owner,
    conditions: [
      {
        id: `${feature}-p95`,
        title: `${title}: 95th percentile of requests`,
        expression: requestP95(routes[feature]),
        by: [],
        is: 'above',
        unit: 's',
        warning,
        critical,
        windowSeconds: MINUTE,
        // five slow minutes are a state, one is a burst
        forSeconds: 5 * MINUTE,
        check: 'slow-feature',
      },
    ],
  })
  return [
    latency('auth', 'Authentication', 'devops-alerts', 1, 1.5),
    latency('messages', 'Message', 'devops-alerts', 1.5, 2.5),
    latency('conversations', 'Conversation', 'devops-alerts', 0.4, 1),
    latency('billing', 'Billing', 'finance', 2, 3),
    {
      id: 'message-delivery',
      title: 'Message delivery',
      owner: 'support',
      conditions: [
        {
          id: 'delivery-rate',
          title: 'Delivered of all messages',
          expression: { ratio: [DELIVERED], to: [DELIVERED, UNDELIVERED] },
          by: ['channel'],
          is: 'below',
          unit: 'ratio',
          warning: 0.98,
          critical: 0.95,
          // a quarter of an hour, so that two of twenty messages are no outage
          windowSeconds: 15 * MINUTE,
          forSeconds: 15 * MINUTE,
          check: 'delivery-rate',
        },
        {
          id: 'delivery-latency',
          title: 'Delivery: 95th percentile of the time it takes',
          expression: DELIVERY,
          by: ['channel'],
          is: 'above',
          unit: 's',
          warning: 5,
          critical: 15,
          windowSeconds: MINUTE,
          forSeconds: 5 * MINUTE,
          check: 'delivery-latency',
        },
        {
          id: 'delivery-failures',
          title: 'Messages not delivered in an hour',
          expression: UNDELIVERED,
          by: [],
          is: 'above',
          unit: 'count',
          warning: null,
          critical: 20,
          windowSeconds: HOUR,
          forSeconds: HOUR,
          check: 'delivery-failures',
        },
      ],
    },
    {
      id: 'payments',
      title: 'Payments',
      owner: 'payments',
      conditions: [
        {
          id: 'payment-failures',
          title: 'Charges that failed in an hour',
          expression: FAILED_CHARGES,
          by: [],
          is: 'above',
          unit: 'count',
          warning: null,
          critical: 2,
          windowSeconds: HOUR,
          forSeconds: HOUR,
          check: 'payment-failures',
        },
      ],
    },
    {
      id: 'errors',
      title: 'Errors',
      owner: 'devops-alerts',
      conditions: [
        {
          id: 'error-rate',
          title: 'Requests answered with 5xx',
          expression: { ratio: [FAILED_REQUESTS], to: [REQUESTS] },
          by: [],
          is: 'above',
          unit: 'ratio',
          // ten times the aim of 0.1 %: at the aim itself, one error in a quiet minute would warn
          warning: 0.01,
          critical: 0.05,
          windowSeconds: MINUTE,
          forSeconds: MINUTE,
          check: 'error-rate',
        },
      ],
    },
    {
      id: 'database',
      title: 'Database',
      owner: 'devops-alerts',
      conditions: [
        {
          id: 'query-p95',
          title: 'Statements: 95th percentile',
          expression: STATEMENTS,
          by: [],
          is: 'above',
          unit: 's',
          warning: 0.5,
          critical: 1,
          windowSeconds: MINUTE,
          forSeconds: 5 * MINUTE,
          check: 'query-latency',
        },
        {
          id: 'pool-size',
          title: 'Connections that a pool may open',
          expression: { metric: METRIC.poolMax, of: 'max' },
          by: [ATTRIBUTE.poolName],
          is: 'above',
          unit: 'count',
          warning: 20,
          critical: 30,
          windowSeconds: MINUTE,
          forSeconds: 5 * MINUTE,
          check: 'oversized-pool',
        },
      ],
    },
  ]
}
