// The 4 dashboards of 4 widgets.

import { ATTRIBUTE, METRIC, METRIC_SUFFIX } from '@pgsteward/instrument/names'
import {
  type DashboardDefinition,
  type Expression,
  type ExpressionUnit,
  FEATURE_ROUTES,
  type Feature,
  type WidgetDefinition,
} from './definitions.ts'
import {
  DELIVERED,
  DELIVERY,
  FAILED_CHARGES,
  FAILED_REQUESTS,
  MINUTE,
  REQUESTS,
  requestP95,
  STATEMENTS,
  UNDELIVERED,
} from './definitions-measures.ts'

export function dashboardDefinitions(
  routes: Readonly<Record<Feature, readonly string[]>> = FEATURE_ROUTES,
): readonly DashboardDefinition[] {
  return [
    {
      id: 'api-performance',
      title: 'API performance',
      description:
        'How long requests take, how many there are, how many fail, and what they ask of the database.',
      widgets: [
        widget('latency', 'Slowest routes, 95th percentile', 'bar', 's', [ATTRIBUTE.route], {
          metric: METRIC.requestDuration,
          of: 'p95',
        }),
        widget('traffic', 'Requests a minute', 'area', 'count', [], { perSeconds: MINUTE, rate: REQUESTS }),
        widget('errors', 'Requests answered with 5xx', 'line', 'ratio', [], {
          ratio: [FAILED_REQUESTS],
          to: [REQUESTS],
        }),
        widget('statements', 'Statements a request, by route', 'bar', 'count', [ATTRIBUTE.route], {
          ratio: [{ metric: METRIC.requestQueries, of: 'sum' }],
          to: [REQUESTS],
        }),
      ],
    },
    {
      id: 'message-delivery',
      title: 'Message delivery',
      description: 'Which messages arrive, how soon, and by which channel they do not.',
      widgets: [
        widget('rate', 'Delivered of all messages', 'line', 'ratio', ['channel'], {
          ratio: [DELIVERED],
          to: [DELIVERED, UNDELIVERED],
        }),
        widget('latency', 'Time a delivery takes, 95th percentile', 'line', 's', ['channel'], DELIVERY),
        widget('volume', 'Messages delivered a minute', 'area', 'count', ['channel'], {
          perSeconds: MINUTE,
          rate: DELIVERED,
        }),
        widget('failures', 'Messages not delivered', 'bar', 'count', ['channel'], UNDELIVERED),
      ],
    },
    {
      id: 'database',
      title: 'Database',
      description: 'What statements and the wait for a connection cost the application.',
      widgets: [
        {
          id: 'latency',
          title: 'Statements: half, 95 and 99 of 100 are faster',
          shape: 'line',
          unit: 's',
          by: [],
          lines: [
            { label: 'p50', expression: { metric: METRIC.queryDuration, of: 'p50' } },
            { label: 'p95', expression: STATEMENTS },
            { label: 'p99', expression: { metric: METRIC.queryDuration, of: 'p99' } },
          ],
        },
        widget(
          'slowest',
          'Slowest statements, 95th percentile',
          'bar',
          's',
          [ATTRIBUTE.querySummary],
          STATEMENTS,
        ),
        {
          id: 'pool',
          title: 'Connections of a pool: in use at most, and allowed',
          shape: 'line',
          unit: 'count',
          by: [ATTRIBUTE.poolName],
          lines: [
            {
              label: 'in use',
              expression: {
                metric: METRIC.poolCount,
                of: 'max',
                where: [{ attribute: ATTRIBUTE.poolState, oneOf: ['used'] }],
              },
            },
            { label: 'allowed', expression: { metric: METRIC.poolMax, of: 'max' } },
            { label: 'callers that wait', expression: { metric: METRIC.poolPending, of: 'max' } },
          ],
        },
        widget('errors', 'Statements that failed, a minute', 'area', 'count', [], {
          perSeconds: MINUTE,
          rate: { metric: METRIC.queryErrors, of: 'sum' },
        }),
      ],
    },
    {
      id: 'billing',
      title: 'Billing',
      description: 'Charges by how they ended, what was charged, and how long a customer waits for it.',
      widgets: [
        widget('charges', 'Charges, by outcome', 'area', 'count', ['outcome'], {
          metric: 'billing.charges',
          of: 'sum',
        }),
        widget('failures', 'Charges that failed', 'number', 'count', [], FAILED_CHARGES),
        widget('amount', 'Amount charged, in the smallest unit', 'bar', 'minorUnit', ['currency'], {
          metric: 'billing.amount',
          of: 'sum',
          where: [{ attribute: 'outcome', oneOf: ['succeeded'] }],
        }),
        {
          id: 'latency',
          title: 'Time of a billing request and of a charge, 95th percentile',
          shape: 'line',
          unit: 's',
          by: [],
          lines: [
            { label: 'requests', expression: requestP95(routes.billing) },
            {
              label: 'charges',
              expression: { metric: `billing.charge${METRIC_SUFFIX.duration}`, of: 'p95' },
            },
          ],
        },
      ],
    },
  ]
}

function widget(
  id: string,
  title: string,
  shape: WidgetDefinition['shape'],
  unit: ExpressionUnit,
  by: readonly string[],
  expression: Expression,
): WidgetDefinition {
  return { id, title, shape, unit, by, lines: [{ label: title, expression }] }
}
