import { expect, test } from 'vitest'
import { parseMetricQuery, parseMonitorQuery } from '../../../test/export/datadog-query.ts'
import {
  dashboardSchema,
  monitorSchema,
  tagConfigurationSchema,
} from '../../../test/export/strict-datadog.ts'
import { FEATURE_ROUTES } from '../definitions.ts'
import { dashboardDefinitions } from '../definitions-dashboards.ts'
import { policyDefinitions } from '../definitions-policies.ts'
import type { DatadogDashboard } from './dashboard.ts'
import { datadogFiles } from './datadog-files.ts'
import type { DatadogSettings } from './datadog-settings.ts'
import { metricQuery } from './metric-query.ts'
import type { DatadogMonitor } from './monitor.ts'

const SETTINGS: DatadogSettings = {
  services: [],
  routes: FEATURE_ROUTES,
  notify: { 'devops-alerts': ['@slack-devops-alerts', '@pagerduty-shop'], finance: ['@slack-finance'] },
  runbooks: 'https://wiki.example.com/checks',
  renotifyMinutes: 240,
}
const filesOf = (folder: string, over: Partial<DatadogSettings> = {}) =>
  datadogFiles({ ...SETTINGS, ...over }).filter(({ name }) => name.startsWith(folder))
const monitorOf = (id: string, over: Partial<DatadogSettings> = {}) =>
  filesOf(`monitors/${id}.json`, over)[0]!.body as DatadogMonitor

test('there is a monitor for each condition of the 8 policies, and 4 dashboards of 4 widgets (X3)', () => {
  const conditions = policyDefinitions().flatMap((policy) => policy.conditions)
  expect(filesOf('monitors').map(({ name }) => name)).toEqual(
    conditions.map(({ id }) => `monitors/${id}.json`),
  )
  expect(filesOf('dashboards').map(({ body }) => (body as DatadogDashboard).widgets.length)).toEqual([
    4, 4, 4, 4,
  ])
})

test.each([
  ['those of all services', {}],
  ['those of one service with odd letters', { services: ['Shop {Web}'] }],
  ['those of several services', { services: ['shop', 'admin'] }],
  ['routes of their own', { routes: { ...FEATURE_ROUTES, auth: ['/Anmelden (neu)', '/ä/:id'] } }],
  ['without handles and pages', { notify: {}, runbooks: null, renotifyMinutes: 0 }],
])(
  'Datadog takes monitors, dashboards and tag configurations: %s (X3)',
  (_, over: Partial<DatadogSettings>) => {
    for (const { name, body } of filesOf('monitors', over))
      expect(monitorSchema.safeParse(body).error?.message, name).toBeUndefined()
    for (const { name, body } of filesOf('dashboards', over))
      expect(dashboardSchema.safeParse(body).error?.message, name).toBeUndefined()
    for (const { name, body } of filesOf('metrics', over))
      expect(tagConfigurationSchema.safeParse(body).error?.message, name).toBeUndefined()
  },
)

test('each monitor asks what its condition says (X3, N2, N3)', () => {
  const routes = {
    auth: ['*/auth/*'],
    messages: ['/m'],
    conversations: ['/c', '/c/:id'],
    billing: ['/b'],
  }
  expect(
    filesOf('monitors', { services: ['shop'], routes }).map(({ body }) => (body as DatadogMonitor).query),
  ).toEqual([
    'percentile(last_5m):p95:http.server.request.duration{service:shop AND http.route:*/auth/*} by {service} > 1.5',
    'percentile(last_5m):p95:http.server.request.duration{service:shop AND http.route:/m} by {service} > 2.5',
    'percentile(last_5m):p95:http.server.request.duration{service:shop AND (http.route:/c OR http.route:/c/:id)} by {service} > 1',
    'percentile(last_5m):p95:http.server.request.duration{service:shop AND http.route:/b} by {service} > 3',
    'sum(last_15m):default_zero(sum:message.delivered{service:shop} by {service,channel}.as_count()) / (default_zero(sum:message.delivered{service:shop} by {service,channel}.as_count()) + default_zero(sum:message.undelivered{service:shop} by {service,channel}.as_count())) < 0.95',
    'percentile(last_5m):p95:message.delivery.duration{service:shop} by {service,channel} > 15',
    'sum(last_1h):sum:message.undelivered{service:shop} by {service}.as_count() > 20',
    'sum(last_1h):sum:billing.charges{service:shop AND outcome:failed} by {service}.as_count() > 2',
    'sum(last_5m):default_zero(count:http.server.request.duration{service:shop AND http.response.status_code:5*} by {service}.as_count()) / count:http.server.request.duration{service:shop} by {service}.as_count() > 0.05',
    'percentile(last_5m):p95:db.client.operation.duration{service:shop} by {service} > 1',
    'min(last_5m):max:db.client.connection.max{service:shop} by {service,db.client.connection.pool.name} > 30',
  ])
})

test('a monitor tells its owner, with the page that says what to do', () => {
  const { message, options, tags } = monitorOf('auth-p95')
  expect(message).toContain('@slack-devops-alerts @pagerduty-shop')
  expect(message).toContain('https://wiki.example.com/checks/slow-feature.md')
  expect(monitorOf('billing-p95').message).toContain('@slack-finance')
  expect(monitorOf('payment-failures').message).not.toContain('@')
  expect(options).toMatchObject({ thresholds: { warning: 1, critical: 1.5 }, renotify_interval: 240 })
  expect(tags).toContain('pgsteward_condition:auth-p95')
})

test('percentiles are asked of exactly those metrics that Datadog is told to compute them of', () => {
  const asked = new Set<string>()
  for (const { body } of filesOf('monitors'))
    for (const { space, metric } of parseMonitorQuery((body as DatadogMonitor).query).queries)
      if (space.startsWith('p')) asked.add(metric)
  for (const { body } of filesOf('dashboards'))
    for (const { definition } of (body as DatadogDashboard).widgets)
      for (const { queries } of definition.requests)
        for (const { query } of queries) {
          const { space, metric } = parseMetricQuery(query)
          if (space.startsWith('p')) asked.add(metric)
        }
  expect(
    filesOf('metrics')
      .map(({ endpoint }) => endpoint)
      .sort(),
  ).toEqual([...asked].map((metric) => `/api/v2/metrics/${metric}/tags`).sort())
})

test('a metric with percentiles keeps every tag that a query of it names', () => {
  for (const { body } of filesOf('metrics')) {
    const { id, attributes } = tagConfigurationSchema.parse(body).data
    const named = filesOf('monitors').flatMap(({ body }) =>
      parseMonitorQuery((body as DatadogMonitor).query)
        .queries.filter(({ metric }) => metric === id)
        .flatMap(({ by, filters }) => [...by, ...filters]),
    )
    for (const key of named) expect(attributes.tags, id).toContain(key)
  }
})

test('names of services and routes cannot break out of a query', () => {
  const query = metricQuery(
    {
      metric: 'a.b',
      of: 'sum',
      where: [{ attribute: 'x', oneOf: ['a} by {y', 'b OR c:d)', 'Ärger/:id'] }],
    },
    { within: [], by: [] },
  )
  expect(query).toBe('sum:a.b{(x:a__by__y OR x:b_or_c:d_ OR x:ärger/:id)}.as_count()')
  expect(parseMetricQuery(query).filters).toEqual(['x', 'x', 'x'])
})

test('a number that tags cannot be compared with is refused', () => {
  expect(() =>
    metricQuery(
      { metric: 'a', of: 'count', where: [{ attribute: 'x', atLeast: 42 }] },
      { within: [], by: [] },
    ),
  ).toThrow('42')
})

test.each([
  'sum(last_7m):sum:a{*}.as_count() > 1',
  'avg(last_5m):p95:a{*} > 1',
  'avg(last_5m):sum:a{*}.as_count() > 1',
  'sum(last_5m):p95:a{*}.as_count() > 1',
  'sum(last_5m):sum:a{x:y, NOT z:1}.as_count() > 1',
  'sum(last_5m):sum:a{x:Y}.as_count() > 1',
  'sum(last_5m):sum:a{(x:y OR}.as_count() > 1',
  'sum(last_5m):zero(sum:a{*}.as_count()) > 1',
  'sum(last_5m):sum:a{*}.as_count() sum:b{*} > 1',
  'sum(last_5m):sum:a{*}.as_count()',
])('the parser of the tests refuses %s', (query) => {
  expect(() => parseMonitorQuery(query)).toThrow()
})

test('each widget has the shape and the lines of its definition', () => {
  const shapes = { line: 'timeseries', area: 'timeseries', bar: 'toplist', number: 'query_value' }
  dashboardDefinitions().forEach(({ widgets }, index) => {
    const dashboard = filesOf('dashboards')[index]!.body as DatadogDashboard
    expect(
      dashboard.widgets.map(({ definition }) => [
        definition.title,
        definition.type,
        definition.requests.length,
      ]),
    ).toEqual(widgets.map(({ title, shape, lines }) => [title, shapes[shape], lines.length]))
  })
})
