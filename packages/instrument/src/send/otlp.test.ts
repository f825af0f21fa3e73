import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { drainedOf, durationOf, endpoint, identityOf, queryOf } from '../../test/drained-of.ts'
import { logsBody, metricsBody, plain } from '../../test/otlp-schema.ts'
import { METRIC } from '../names.ts'
import type { Drained } from '../record/drained.ts'
import { VERSION } from '../version.ts'
import { MAX_BODY_BYTES, otlpBodies, slicesOf } from './otlp.ts'

const source = {
  service: 'shop',
  version: '1.2.3',
  environment: '',
  instance: 'i-1',
  startedAt: 1_600_000_000_000,
}

function metricsOf(drained: Drained) {
  return otlpBodies(drained, source)
    .filter(({ path }) => path === '/v1/metrics')
    .flatMap(({ json }) => metricsBody.parse(JSON.parse(json)).resourceMetrics)
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
}

function recordsOf(drained: Drained) {
  return otlpBodies(drained, source)
    .filter(({ path }) => path === '/v1/logs')
    .flatMap(({ json }) => logsBody.parse(JSON.parse(json)).resourceLogs)
    .flatMap(({ scopeLogs }) => scopeLogs)
    .flatMap(({ logRecords }) => logRecords)
}

test('says its own version', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(VERSION).toBe(version)
})

test('nothing drained, nothing to send', () => {
  expect(otlpBodies(drainedOf(), source)).toEqual([])
})

test('the resource names service, instance and who speaks, and leaves out what is not known', () => {
  const [body] = otlpBodies(drainedOf({ queries: [queryOf()] }), source)
  const { resource } = metricsBody.parse(JSON.parse(body!.json)).resourceMetrics[0]!
  expect(plain(resource.attributes)).toEqual({
    'service.name': 'shop',
    'service.version': '1.2.3',
    'service.instance.id': 'i-1',
    'telemetry.sdk.name': 'pgsteward',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': VERSION,
  })
})

test('a statement is a histogram in seconds with its text, model, request and place, and sums of rows and errors', () => {
  const metrics = metricsOf(drainedOf({ queries: [queryOf({ errors: 1 })] }))
  expect(metrics.map(({ name }) => name).sort()).toEqual([
    METRIC.queryDuration,
    METRIC.queryErrors,
    METRIC.queryRows,
  ])
  const duration = metrics.find(({ name }) => name === METRIC.queryDuration)!
  if (!('exponentialHistogram' in duration)) throw new Error('no histogram')
  expect(duration.exponentialHistogram.aggregationTemporality).toBe(1)
  const [point] = duration.exponentialHistogram.dataPoints
  expect(point).toMatchObject({
    count: '2',
    sum: 0.006,
    max: 0.003,
    startTimeUnixNano: '1700000000000000000',
  })
  expect(plain(point!.attributes)).toEqual({
    'db.system.name': 'postgresql',
    'db.namespace': 'shop',
    'server.address': 'db.example',
    'server.port': 5432,
    'db.operation.name': 'SELECT',
    'db.collection.name': 'member',
    'db.query.summary': 'SELECT member',
    'db.query.text': 'select * from member where id = $1',
    'pgsteward.query.fingerprint': '0123456789abcdef',
    'pgsteward.model': 'Member',
    'pgsteward.action': 'findUnique',
    'pgsteward.request': 'GET /members/:id',
    'code.file.path': 'src/members.ts',
    'code.line.number': 12,
    'code.function.name': 'load',
  })
})

test('requests, calls, metrics, pools and what was dropped are sent under the names of names.ts', () => {
  const metrics = metricsOf(
    drainedOf({
      requests: [
        { method: 'GET', route: '/a/:id', statusCode: 200, duration: durationOf(5), queries: 3, queryMs: 4 },
        { method: 'GET', route: null, statusCode: 503, duration: durationOf(5), queries: 0, queryMs: 0 },
      ],
      calls: [
        {
          method: 'POST',
          host: 'sms',
          port: 443,
          route: 'GET /a/:id',
          statusCode: 0,
          duration: durationOf(9),
        },
      ],
      metrics: [
        {
          name: 'delivery.sms',
          kind: 'duration',
          unit: 's',
          attributes: { channel: 'sms' },
          duration: durationOf(7),
          value: 0,
          errors: 1,
          route: 'POST /broadcasts',
          caller: { file: 'src/sms.ts', line: 3, function: null },
        },
        {
          name: 'signups',
          kind: 'count',
          unit: '{signup}',
          attributes: {},
          duration: null,
          value: 2,
          errors: 0,
          route: null,
          caller: null,
        },
        {
          name: 'nodejs.eventloop.utilization',
          kind: 'level',
          unit: '1',
          attributes: {},
          duration: null,
          value: 1,
          errors: 0,
          route: null,
          caller: null,
        },
      ],
      pools: [
        {
          name: 'main',
          endpoint,
          max: 10,
          total: 6,
          idle: 2,
          waiting: 1,
          wait: durationOf(2),
          oldestCheckoutMs: 61_000,
          oldestCheckoutBy: { file: 'src/report.ts', line: 8, function: 'report' },
        },
      ],
      dropped: { statements: 4, nothing: 0 },
    }),
  )
  const lines = metrics.flatMap((metric) => {
    const kind = 'gauge' in metric ? 'gauge' : 'sum' in metric ? 'sum' : 'histogram'
    const data = 'gauge' in metric ? metric.gauge : 'sum' in metric ? metric.sum : metric.exponentialHistogram
    const mode =
      'sum' in metric
        ? `${metric.sum.aggregationTemporality}${metric.sum.isMonotonic ? ' monotonic' : ''}`
        : ''
    return data.dataPoints.map((point) => {
      const value = 'count' in point ? point.count : 'asInt' in point ? point.asInt : point.asDouble
      const attributes = Object.entries(plain(point.attributes))
        .filter(([key]) => !['db.system.name', 'db.namespace', 'server.port', 'url.scheme'].includes(key))
        .map(([key, any]) => `${key}=${any}`)
      return [metric.name, metric.unit, kind, mode, value, ...attributes]
        .filter((part) => part !== '')
        .join(' ')
    })
  })
  expect(lines).toEqual([
    'db.client.connection.count {connection} sum 2 2 db.client.connection.pool.name=main server.address=db.example db.client.connection.state=idle',
    'db.client.connection.count {connection} sum 2 4 db.client.connection.pool.name=main server.address=db.example db.client.connection.state=used',
    'db.client.connection.max {connection} sum 2 10 db.client.connection.pool.name=main server.address=db.example',
    'db.client.connection.pending_requests {request} sum 2 1 db.client.connection.pool.name=main server.address=db.example',
    'db.client.connection.wait_time s histogram 1 db.client.connection.pool.name=main server.address=db.example',
    'delivery.sms.duration s histogram 1 channel=sms pgsteward.request=POST /broadcasts code.file.path=src/sms.ts code.line.number=3',
    'delivery.sms.errors {error} sum 1 monotonic 1 channel=sms pgsteward.request=POST /broadcasts code.file.path=src/sms.ts code.line.number=3',
    'http.client.request.duration s histogram 1 http.request.method=POST server.address=sms pgsteward.request=GET /a/:id error.type=_OTHER',
    'http.server.request.duration s histogram 1 http.request.method=GET http.route=/a/:id http.response.status_code=200',
    'http.server.request.duration s histogram 1 http.request.method=GET http.response.status_code=503 error.type=503',
    'nodejs.eventloop.utilization 1 gauge 1',
    'pgsteward.db.client.connection.oldest_checkout s gauge 61 db.client.connection.pool.name=main server.address=db.example code.file.path=src/report.ts code.line.number=8 code.function.name=report',
    'pgsteward.http.server.queries {query} sum 1 monotonic 3 http.request.method=GET http.route=/a/:id http.response.status_code=200',
    'pgsteward.http.server.query_time s sum 1 monotonic 0.004 http.request.method=GET http.route=/a/:id http.response.status_code=200',
    'pgsteward.instrument.dropped {item} sum 1 monotonic 4 pgsteward.dropped.kind=statements',
    'signups {signup} sum 1 monotonic 2',
  ])
})

test('slow queries and repeats are log events with text, severity, trace and parameters', () => {
  const [slow, repeat] = recordsOf(
    drainedOf({
      slowQueries: [
        {
          ...identityOf(),
          at: 1_700_000_001_000,
          durationMs: 2000,
          waitedForPoolMs: 30,
          severity: 'critical',
          rows: 7,
          sqlState: '57014',
          parameters: ['1', '[redacted]'],
          traceId: 'a'.repeat(32),
          spanId: 'b'.repeat(16),
        },
      ],
      repeats: [{ ...identityOf(), at: 1_700_000_002_000, repetitions: 40, totalMs: 80, traceId: null }],
    }),
  )
  expect(slow).toMatchObject({
    eventName: 'pgsteward.slow_query',
    severityNumber: 17,
    body: { stringValue: 'select * from member where id = $1' },
    timeUnixNano: '1700000001000000000',
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
  })
  expect(slow!.attributes).toContainEqual({ key: 'pgsteward.duration', value: { doubleValue: 2 } })
  expect(plain(slow!.attributes)).toMatchObject({
    'pgsteward.pool.wait': 0.03,
    'db.response.returned_rows': 7,
    'db.response.status_code': '57014',
    'db.query.parameter.0': '1',
    'db.query.parameter.1': '[redacted]',
  })
  expect(repeat).toMatchObject({ eventName: 'pgsteward.repeated_statement', severityNumber: 13 })
  expect(repeat).not.toHaveProperty('traceId')
  expect(plain(repeat!.attributes)).toMatchObject({ 'pgsteward.repetitions': 40, 'pgsteward.duration': 0.08 })
})

test('many statements are split into bodies within the bound, none lost, each metric named once a body', () => {
  const queries = Array.from({ length: 3000 }, (_, i) =>
    queryOf({ fingerprint: i.toString(16).padStart(16, '0'), text: `select ${'ü'.repeat(200)} /* ${i} */` }),
  )
  const bodies = otlpBodies(drainedOf({ queries }), source)
  expect(bodies.length).toBeGreaterThan(3)
  let points = 0
  for (const { json, items } of bodies) {
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(MAX_BODY_BYTES)
    const { metrics } = metricsBody.parse(JSON.parse(json)).resourceMetrics[0]!.scopeMetrics[0]!
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length)
    points += items
  }
  expect(points).toBe(6000)
})

test('slices hold everything once', () => {
  const queries = Array.from({ length: 250 }, (_, i) => queryOf({ fingerprint: `${i}` }))
  const slices = slicesOf(drainedOf({ queries, dropped: { statements: 1 } }), 100)
  expect(slices.map((slice) => slice.queries.length)).toEqual([100, 100, 50])
  expect(slices.flatMap((slice) => slice.queries)).toEqual(queries)
  expect(slices.map(({ dropped }) => dropped)).toEqual([{ statements: 1 }, {}, {}])
  expect(slicesOf(drainedOf({ dropped: { statements: 1 } }))).toEqual([
    drainedOf({ dropped: { statements: 1 } }),
  ])
})
