import { expect, test } from 'vitest'
import type { Expression } from '../definitions.ts'
import { dashboardDefinitions } from '../definitions-dashboards.ts'
import { policyDefinitions } from '../definitions-policies.ts'
import { arrivalNrql, conditionNrql, widgetNrql } from './nrql.ts'

const all = { services: [] }
const conditions = policyDefinitions().flatMap((policy) => policy.conditions)
const condition = (id: string) => conditions.find((each) => each.id === id)!
const nrqlOf = (id: string) => conditionNrql(condition(id).expression, condition(id).by, all)

test('a percentile of some routes is asked for with the filter on the whole query (X2)', () => {
  expect(nrqlOf('conversations-p95')).toBe(
    "SELECT percentile(`http.server.request.duration`, 95) FROM Metric WHERE metricName IN ('http.server.request.duration') " +
      "AND (`http.route` LIKE '%/conversations' OR `http.route` LIKE '%/conversations/:id') FACET `service.name`",
  )
})

test('the parts of a ratio have filters of their own (X2)', () => {
  expect(nrqlOf('error-rate')).toBe(
    'SELECT filter(count(`http.server.request.duration`), WHERE numeric(`http.response.status_code`) >= 500) / ' +
      "count(`http.server.request.duration`) FROM Metric WHERE metricName IN ('http.server.request.duration') FACET `service.name`",
  )
  expect(nrqlOf('delivery-rate')).toBe(
    'SELECT sum(`message.delivered`) / (sum(`message.delivered`) + sum(`message.undelivered`)) FROM Metric ' +
      "WHERE metricName IN ('message.delivered', 'message.undelivered') FACET `service.name`, `channel`",
  )
})

test('services are named where the configuration names them, and hostile names stay texts (X2)', () => {
  const expression: Expression = {
    metric: 'a`b',
    of: 'max',
    where: [{ attribute: 'x y', oneOf: ["o'; DROP", 'a\\'] }],
  }
  expect(conditionNrql(expression, [], { services: ["it's"] })).toBe(
    "SELECT max(`ab`) FROM Metric WHERE metricName IN ('a`b') AND `service.name` IN ('it\\'s') " +
      "AND `x y` IN ('o\\'; DROP', 'a\\\\') FACET `service.name`",
  )
})

test('widgets over time are series, ratios are in percent, several lines are labelled (X2)', () => {
  const [api, , database, billing] = dashboardDefinitions()
  expect(widgetNrql(api!.widgets[2], all)).toMatch(
    /^SELECT 100 \* filter\(.*\) \/ count\(.*\) AS 'Requests answered with 5xx' FROM .* TIMESERIES$/,
  )
  expect(widgetNrql(api!.widgets[1], all)).toContain(
    'SELECT rate(count(`http.server.request.duration`), 60 seconds) AS',
  )
  expect(widgetNrql(api!.widgets[0], all)).toMatch(/FACET `http\.route` LIMIT 20$/)
  expect(widgetNrql(database!.widgets[2], all)).toContain(
    "filter(max(`db.client.connection.count`), WHERE `db.client.connection.state` IN ('used')) AS 'in use', " +
      "max(`db.client.connection.max`) AS 'allowed'",
  )
  expect(widgetNrql(billing!.widgets[3], all)).toContain(
    "metricName IN ('http.server.request.duration', 'billing.charge.duration')",
  )
})

test('alerts ask without a span of time or a limit, which New Relic refuses there (X2)', () => {
  for (const { expression, by } of conditions)
    expect(conditionNrql(expression, by, all)).not.toMatch(/\b(?:SINCE|UNTIL|LIMIT|TIMESERIES|COMPARE)\b/)
})

test('whether data arrives is asked of the last ten minutes, by service (X2)', () => {
  expect(arrivalNrql({ services: ['shop'] })).toBe(
    "SELECT count(*), latest(timestamp) FROM Metric WHERE `otel.library.name` = '@pgsteward/instrument' " +
      "AND `service.name` IN ('shop') FACET `service.name` SINCE 10 minutes ago LIMIT 100",
  )
})
