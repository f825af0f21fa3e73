import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setRecorder } from '../../../instrument/src/current-recorder.ts'
import { PerformanceMetrics } from '../../../instrument/src/performance-metrics.ts'
import { Recorder } from '../../../instrument/src/record/recorder.ts'
import { resolveOptions } from '../../../instrument/src/resolve-options.ts'
import { otlpBodies } from '../../../instrument/src/send/otlp.ts'
import { type Expression, FEATURE_ROUTES, type Measure, measuresOf } from './definitions.ts'
import { dashboardDefinitions } from './definitions-dashboards.ts'
import { policyDefinitions } from './definitions-policies.ts'

interface SentMetric {
  readonly name: string
  readonly unit: string
  readonly exponentialHistogram?: Points
  readonly sum?: Points
  readonly gauge?: Points
}
interface Points {
  readonly dataPoints: readonly {
    readonly attributes: readonly {
      readonly key: string
      readonly value: Readonly<Record<string, unknown>>
    }[]
  }[]
}

/** By name, as an application that does everything once sends them. */
const sent = new Map<string, SentMetric>()

beforeAll(() => {
  const recorder = new Recorder(resolveOptions({ service: 'shop' }, {}).options)
  setRecorder(recorder)
  const endpoint = { host: 'db', port: 5432, database: 'shop' }
  const context = recorder.beginRequest('GET')
  recorder.recordQuery({ text: 'select 1 from orders', durationMs: 3, endpoint, context })
  recorder.endRequest(context, '/orders', 500)
  recorder.recordQuery({ text: 'select 2 from orders', durationMs: 3, endpoint, error: new Error('no') })
  const metrics = new PerformanceMetrics()
  metrics.recordDelivery({ channel: 'sms', durationMs: 5, delivered: true })
  metrics.recordDelivery({ channel: 'sms', durationMs: 5, delivered: false })
  for (const outcome of ['succeeded', 'failed'] as const)
    metrics.recordBilling({ durationMs: 5, outcome, amount: 100, currency: 'EUR' })
  recorder.addPool({ totalCount: 3, idleCount: 1, waitingCount: 1, options: { max: 10, ...endpoint } })
  const source = { service: 'shop', version: '', environment: '', instance: '1', startedAt: 0 }
  for (const { path, json } of otlpBodies(recorder.drain(Date.now()), source))
    if (path === '/v1/metrics')
      for (const metric of JSON.parse(json).resourceMetrics[0].scopeMetrics[0].metrics)
        sent.set(metric.name, metric)
})
afterAll(() => setRecorder(null))

const conditions = policyDefinitions().flatMap((policy) => policy.conditions)
const widgets = dashboardDefinitions().flatMap((dashboard) =>
  dashboard.widgets.map((each) => ({ ...each, id: `${dashboard.id}/${each.id}` })),
)
const expressions: readonly { id: string; expression: Expression; by: readonly string[] }[] = [
  ...conditions,
  ...widgets.flatMap(({ id, by, lines }) =>
    lines.map(({ expression, label }) => ({ id: `${id} ${label}`, expression, by })),
  ),
]

test('there are 8 policies, and 4 dashboards of 4 widgets, each under an id of its own (X2)', () => {
  expect(policyDefinitions().map(({ id }) => id)).toEqual([
    'auth-latency',
    'messages-latency',
    'conversations-latency',
    'billing-latency',
    'message-delivery',
    'payments',
    'errors',
    'database',
  ])
  expect(dashboardDefinitions().map(({ id, widgets }) => `${id} ${widgets.length}`)).toEqual([
    'api-performance 4',
    'message-delivery 4',
    'database 4',
    'billing 4',
  ])
  for (const ids of [conditions.map(({ id }) => id), widgets.map(({ id }) => id)])
    expect(new Set(ids).size).toBe(ids.length)
})

test.each(expressions)('$id: the instrument package sends each metric and attribute of it (X2)', (each) => {
  for (const measure of measuresOf(each.expression)) {
    const metric = sent.get(measure.metric)
    expect(metric, measure.metric).toBeDefined()
    const { dataPoints } = pointsFor(measure, metric!)
    const keys = new Set(dataPoints.flatMap(({ attributes }) => attributes.map(({ key }) => key)))
    for (const attribute of [...each.by, ...(measure.where ?? []).map((filter) => filter.attribute)])
      expect([...keys], measure.metric).toContain(attribute)
    for (const filter of measure.where ?? [])
      if ('oneOf' in filter) {
        const values = dataPoints.flatMap(({ attributes }) =>
          attributes.filter(({ key }) => key === filter.attribute).map(({ value }) => value.stringValue),
        )
        for (const value of filter.oneOf) expect(values).toContain(value)
      }
  }
})

/** The points of the shape that this measure can be taken from. */
function pointsFor({ of }: Measure, metric: SentMetric): Points {
  const points =
    of === 'sum' ? metric.sum : of === 'max' ? (metric.sum ?? metric.gauge) : metric.exponentialHistogram
  expect(points, `${metric.name} has no ${of}`).toBeDefined()
  return points!
}

test('durations are limited in seconds, ratios between 0 and 1, and warnings come first', () => {
  for (const { id, is, unit, warning, critical, expression, windowSeconds, forSeconds } of conditions) {
    expect(forSeconds % windowSeconds, id).toBe(0)
    if (warning !== null) expect(is === 'above' ? warning < critical : warning > critical, id).toBe(true)
    if (unit === 'ratio') expect(critical, id).toBeLessThan(1)
    expect('ratio' in expression, id).toBe(unit === 'ratio')
    if ('metric' in expression && expression.of.startsWith('p'))
      expect(`${unit} ${sent.get(expression.metric)?.unit}`, id).toBe('s s')
  }
})

test('the limits are those that the requirements name (N2, N3)', () => {
  expect(
    conditions.map(({ id, is, warning, critical, unit }) => `${id} ${is} ${warning} ${critical} ${unit}`),
  ).toEqual([
    'auth-p95 above 1 1.5 s',
    'messages-p95 above 1.5 2.5 s',
    'conversations-p95 above 0.4 1 s',
    'billing-p95 above 2 3 s',
    'delivery-rate below 0.98 0.95 ratio',
    'delivery-latency above 5 15 s',
    'delivery-failures above null 20 count',
    'payment-failures above null 2 count',
    'error-rate above 0.01 0.05 ratio',
    'query-p95 above 0.5 1 s',
    'pool-size above 20 30 count',
  ])
})

test('routes of an application with names of its own replace the usual ones', () => {
  const routes = { ...FEATURE_ROUTES, billing: ['/v2/rechnungen/*'] }
  expect(JSON.stringify(policyDefinitions(routes))).toContain('/v2/rechnungen/*')
  expect(JSON.stringify(dashboardDefinitions(routes))).toContain('/v2/rechnungen/*')
  expect(JSON.stringify(dashboardDefinitions(routes))).not.toContain('*/billing*')
})

test('every condition names a runbook that exists', () => {
  const pages = resolve(import.meta.dirname, '../../../../docs/checks')
  for (const { check } of conditions) expect(existsSync(`${pages}/${check}.md`), check).toBe(true)
})
