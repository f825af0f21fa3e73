// Into a strict receiver: both encodings, both temporalities, outages, refusals, and our own door, which must not count what we tell.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type StrictOtlp, startStrictOtlp } from '../../../test/export/strict-otlp.ts'
import { operation, report } from '../../../test/store/application-report.ts'
import { writeProtobuf } from '../../collect/ingest/otlp-messages.ts'
import { translator } from '../../collect/ingest/to-reports.ts'
import type { NumberFamily } from '../../export/metric-family.ts'
import { RunningCounters } from '../counters/running-counters.ts'
import { exportsSchema } from './export-config.ts'
import { type OtlpExporter, startOtlpExporter } from './otlp-exporter.ts'

const START = new Date('2026-03-01T10:00:00Z')
const gauge: NumberFamily = {
  name: 'pgsteward_cache_hit_ratio',
  help: 'Hits.',
  type: 'gauge',
  samples: [{ labels: { target: 'shop' }, value: 1 }],
}
let receiver: StrictOtlp
let exporter: OtlpExporter
let counters: RunningCounters
let minutes: number
const troubles: string[] = []

beforeEach(async () => {
  receiver = await startStrictOtlp()
  counters = new RunningCounters(START, (id) => ({ target: id }))
  minutes = 0
  troubles.length = 0
})
afterEach(async () => {
  await exporter?.stop()
  await receiver.stop()
})

function open(config: object = {}, firstRetryMs = 5) {
  const { otlp } = exportsSchema.parse({ otlp: { endpoint: receiver.url, every: '1h', ...config } })
  exporter = startOtlpExporter({
    config: otlp!,
    allow: [],
    read: async () => [gauge, ...counters.families()],
    startedAt: START,
    version: '1.2.3',
    instance: 'host',
    now: () => new Date(START.getTime() + ++minutes * 60_000),
    onTrouble: (text) => troubles.push(text),
    firstRetryMs,
  })
}

const serve = (durationsMs: readonly number[]) =>
  counters.noticeReport(
    'shop',
    report({
      operations: [
        operation(durationsMs, { kind: 'request', name: 'GET /a/:id', route: null, errors: 1, rows: 3 }),
      ],
    }),
  )

async function sent(bodies: number) {
  await vi.waitFor(() => expect(receiver.headers.length).toBe(bodies), { timeout: 10_000, interval: 10 })
}

const metricsNamed = (name: string) =>
  receiver.decoded.flatMap(({ metrics }) => metrics.filter((metric) => metric.name === name))
const requestCounts = () =>
  metricsNamed('http.server.request.duration').flatMap(({ histograms }) =>
    histograms.map(({ count }) => count),
  )

test('JSON keeps to the letter of the protocol, compressed, with the key and under names that others know (X1)', async () => {
  open({
    protocol: 'http/json',
    headers: { 'api-key': 'secret' },
    resource: { 'deployment.environment.name': 'test' },
  })
  serve([40, 60])
  await exporter.exportNow()
  await sent(1)
  expect(receiver.faults).toEqual([])
  expect(receiver.headers[0]).toMatchObject({
    'api-key': 'secret',
    'content-encoding': 'gzip',
    'content-type': 'application/json',
  })
  const [own, application] = receiver.bodies[0]!.resourceMetrics
  const text = (attributes: readonly { key: string; value: { stringValue: string } }[]) =>
    Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]))
  expect(text(own!.resource.attributes)).toEqual({
    'service.name': 'pgsteward',
    'service.instance.id': 'host',
    'deployment.environment.name': 'test',
  })
  // a ratio that happens to be whole stays a double
  expect(own!.scopeMetrics[0]!.metrics).toMatchObject([
    { name: 'pgsteward.cache_hit_ratio', unit: '1', gauge: { dataPoints: [{ asDouble: 1 }] } },
  ])
  expect(text(application!.resource.attributes)['service.name']).toBe('messaging')
  const [requests] = metricsNamed('http.server.request.duration')
  expect(requests!.histograms).toMatchObject([
    {
      attributes: { 'http.request.method': 'GET', 'http.route': '/a/:id', 'pgsteward.target': 'shop' },
      count: 2,
      sum: 0.1,
    },
  ])
})

test('protobuf says the same', async () => {
  open({ protocol: 'http/json' })
  serve([40, 60])
  await exporter.exportNow()
  await sent(1)
  const json = [...receiver.decoded]
  await exporter.stop()
  await sent(2)
  receiver.decoded.length = 0
  minutes = 0
  open({ protocol: 'http/protobuf' })
  await exporter.exportNow()
  await sent(3)
  expect(receiver.headers[2]!['content-type']).toBe('application/x-protobuf')
  expect(receiver.decoded).toEqual(json)
  expect(receiver.faults).toEqual([])
})

test('cumulative counts from the begin, delta from what was told last, and their sums are the same', async () => {
  open({ temporality: 'delta' })
  serve([40, 60])
  await exporter.exportNow()
  serve([10])
  await exporter.exportNow()
  await exporter.exportNow()
  await sent(3)
  expect(requestCounts()).toEqual([2, 1])
  const [first, second] = metricsNamed('http.server.request.duration')
  expect([first!.isDelta, second!.isDelta]).toEqual([true, true])
  expect(first!.histograms[0]!.startMs).toBe(START.getTime())
  expect(second!.histograms[0]!.startMs).toBe(first!.histograms[0]!.atMs)
  const errors = metricsNamed('pgsteward.application.request_errors')
  expect(errors.flatMap(({ numbers }) => numbers.map(({ value }) => value))).toEqual([1, 1])
  await exporter.stop()

  receiver.decoded.length = 0
  open({ temporality: 'cumulative' })
  await exporter.exportNow()
  await sent(5)
  expect(requestCounts()).toEqual([3])
})

test('nothing is lost and nothing comes twice over an outage', async () => {
  open({ temporality: 'delta' })
  receiver.behave((response) => response.writeHead(503).end())
  serve([40, 60])
  await exporter.exportNow()
  serve([10])
  await exporter.exportNow()
  await vi.waitFor(() => expect(receiver.failed()).toBeGreaterThan(3), { timeout: 10_000, interval: 10 })
  await vi.waitFor(() => expect(troubles).toHaveLength(1), { timeout: 10_000, interval: 20 })
  expect(troubles[0]).toContain('which wait: HTTP 503')
  receiver.behave(null)
  await sent(2)
  expect(requestCounts()).toEqual([2, 1])
  await vi.waitFor(() => expect(troubles[1]).toContain('takes metrics again'), {
    timeout: 10_000,
    interval: 20,
  })
})

test('a receiver that asks for patience is not asked again before', async () => {
  open({})
  receiver.behave((response) => response.writeHead(429, { 'retry-after': '3600' }).end())
  await exporter.exportNow()
  await vi.waitFor(() => expect(troubles[0]).toContain('HTTP 429'), { timeout: 10_000, interval: 20 })
  await exporter.exportNow()
  expect(receiver.failed()).toBe(1)
  receiver.behave(null)
})

test('what is refused for good is not sent again, said once, without the key', async () => {
  open({ headers: { 'api-key': 'very-secret' } })
  receiver.behave((response) => response.writeHead(403).end())
  await exporter.exportNow()
  await exporter.exportNow()
  await vi.waitFor(() => expect(receiver.failed()).toBe(2), { timeout: 10_000, interval: 10 })
  await vi.waitFor(() => expect(troubles).toHaveLength(1), { timeout: 10_000, interval: 20 })
  expect(troubles[0]).toContain('HTTP 403')
  expect(troubles.join()).not.toContain('very-secret')
})

test('points that a receiver takes only in part are told of, and not sent again', async () => {
  open({})
  const answer = await writeProtobuf('Answer', { partialSuccess: { rejected: 7, errorMessage: 'too old' } })
  receiver.behave((response) =>
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(answer),
  )
  await exporter.exportNow()
  await vi.waitFor(() => expect(troubles).toEqual([expect.stringContaining('7 data points')]), {
    timeout: 10_000,
    interval: 20,
  })
  expect(receiver.failed()).toBe(1)
})

test('our own door leaves out what we tell, so that nothing counts itself', async () => {
  open({})
  serve([40])
  await exporter.exportNow()
  await sent(1)
  const { translate, flush } = translator()
  const now = new Date()
  const reports = [...translate(receiver.decoded, 'd'.repeat(32), now).reports, ...flush(now).reports]
  expect(reports.flatMap(({ operations, levels, pools }) => [...operations, ...levels, ...pools])).toEqual([])
})

test.each(['http://169.254.169.254', 'http://2852039166:4318', 'http://[fd00:ec2::254]:4318'])(
  'a receiver at %s is never asked, and the trouble says how it would',
  async (endpoint) => {
    open({ endpoint })
    await exporter.exportNow()
    await vi.waitFor(() => expect(troubles[0]).toContain('outbound: { allow: ['), { timeout: 10_000 })
    expect(receiver.headers).toEqual([])
  },
)
