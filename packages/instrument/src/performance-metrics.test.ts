import { afterEach, beforeEach, expect, test } from 'vitest'
import { startRecording, stopRecording } from '../test/recording.ts'
import { watchProcess } from './listen/process-metrics.ts'
import { PerformanceMetrics } from './performance-metrics.ts'
import { NAMED_METRICS } from './record/metric-catalogue.ts'
import type { Recorder } from './record/recorder.ts'
import { runInRequest } from './record/request-context.ts'

let recorder: Recorder
const metrics = new PerformanceMetrics()

beforeEach(() => {
  recorder = startRecording()
})
afterEach(stopRecording)

const drained = () => recorder.drain(Date.now()).metrics
test('names at least twenty metrics, each once, with unit and description (I3)', () => {
  expect(NAMED_METRICS.length).toBeGreaterThanOrEqual(20)
  expect(new Set(NAMED_METRICS.map(({ name }) => name)).size).toBe(NAMED_METRICS.length)
  for (const { unit, description } of NAMED_METRICS) {
    expect(unit).toMatch(/^(?:s|By|1|\{\w+\})$/)
    expect(description).toMatch(/^[A-Z]/)
  }
  expect(PerformanceMetrics.named).toBe(NAMED_METRICS)
})

test('timeAsync gives back what the work gave, measures it, and says from where and for which request', async () => {
  const context = recorder.beginRequest('POST')
  const result = await runInRequest(context, () =>
    metrics.timeAsync('carrier.send', async () => 'sent', { channel: 'sms' }),
  )
  recorder.endRequest(context, '/broadcasts', 201)
  expect(result).toBe('sent')
  expect(drained()).toMatchObject([
    {
      name: 'carrier.send',
      kind: 'duration',
      unit: 's',
      attributes: { channel: 'sms' },
      duration: { count: 1 },
      errors: 0,
      route: 'POST /broadcasts',
      caller: { file: expect.stringContaining('performance-metrics.test.ts') },
    },
  ])
})

test('timeAsync passes errors on, thrown or rejected, and counts them', async () => {
  const error = new Error('refused')
  await expect(metrics.timeAsync('a', () => Promise.reject(error))).rejects.toBe(error)
  await expect(
    metrics.timeAsync('a', () => {
      throw error
    }),
  ).rejects.toBe(error)
  expect(await metrics.timeAsync('a', () => 7)).toBe(7)
  expect(drained()).toMatchObject([{ name: 'a', errors: 2, duration: { count: 3 } }])
})

test('trackDatabaseOperation counts by model and action', async () => {
  expect(await metrics.trackDatabaseOperation('Member', 'import', async () => 3)).toBe(3)
  expect(drained()).toMatchObject([
    { name: 'database.operation', attributes: { 'pgsteward.model': 'Member', 'pgsteward.action': 'import' } },
  ])
})

test('deliveries and charges are durations with errors, and counts with what they cost', () => {
  metrics.recordDelivery({
    channel: 'sms',
    durationMs: 90,
    delivered: true,
    cost: { amount: 7, currency: 'EUR' },
  })
  metrics.recordDelivery({ channel: 'sms', durationMs: 900, delivered: false })
  metrics.recordBilling({ durationMs: 300, outcome: 'succeeded', amount: 1900, currency: 'EUR' })
  metrics.recordBilling({ durationMs: 300, outcome: 'declined', currency: 'EUR' })
  const seen = drained().map(({ name, value, errors, duration, attributes }) =>
    [name, duration?.count ?? value, errors, JSON.stringify(attributes)].join(' '),
  )
  expect(seen.toSorted()).toEqual([
    'billing.amount 1900 0 {"currency":"EUR","outcome":"succeeded"}',
    'billing.charge 2 0 {}',
    'billing.charges 1 0 {"currency":"EUR","outcome":"declined"}',
    'billing.charges 1 0 {"currency":"EUR","outcome":"succeeded"}',
    'message.cost 7 0 {"channel":"sms","currency":"EUR"}',
    'message.delivered 1 0 {"channel":"sms"}',
    'message.delivery 2 1 {"channel":"sms"}',
    'message.undelivered 1 0 {"channel":"sms"}',
  ])
})

test('counts add up, of levels the latest holds, durations measured elsewhere are taken', () => {
  metrics.count('signups')
  metrics.count('signups', 2)
  metrics.level('queue', 5)
  metrics.level('queue', 3)
  metrics.record('import', 40)
  expect(drained()).toMatchObject([
    { name: 'signups', kind: 'count', value: 3 },
    { name: 'queue', kind: 'level', value: 3 },
    { name: 'import', kind: 'duration', duration: { count: 1, sumMs: 40 } },
  ])
})

test('recordEndpoint counts as a request', () => {
  metrics.recordEndpoint({ method: 'GET', route: '/ws/:room', statusCode: 200, durationMs: 25 })
  const [request] = recorder.drain(Date.now()).requests
  expect(request).toMatchObject({ method: 'GET', route: '/ws/:room', statusCode: 200 })
  expect(request!.duration.sumMs).toBeGreaterThan(24)
})

test('secrets in attributes are redacted, names and values without end are bounded and counted (S5, I7)', () => {
  metrics.count('logins', 1, { password: 'hunter2', note: 'mail to jane@example.org' })
  expect(JSON.stringify(drained())).not.toMatch(/hunter2|jane@example/)
  for (let i = 0; i < 10_000; i++) metrics.count(`name ${i}`)
  const { metrics: kept, dropped } = recorder.drain(Date.now())
  expect(kept.length).toBeLessThanOrEqual(2000)
  expect(dropped.metrics).toBe(10_000 - kept.length)
})

test('nothing is recorded, and everything passes through, without a recorder', async () => {
  stopRecording()
  expect(await metrics.timeAsync('a', () => 1)).toBe(1)
  metrics.count('a')
  metrics.recordDelivery({ channel: 'sms', durationMs: 1, delivered: true })
  metrics.recordEndpoint({ method: 'GET', route: '/', statusCode: 200, durationMs: 1 })
  expect(drained()).toEqual([])
})

test('a fault of the recorder does not reach the application', async () => {
  recorder.recordMetric = () => {
    throw new Error('a fault of ours')
  }
  expect(await metrics.timeAsync('a', () => 1)).toBe(1)
  metrics.count('a')
  expect(recorder.drain(Date.now()).dropped).toEqual({ faults: 2 })
})

test('the process tells event loop, heap, memory and CPU', () => {
  const watch = watchProcess(recorder)
  try {
    watch.read()
    const levels = Object.fromEntries(drained().map(({ name, value }) => [name, value]))
    expect(levels['v8js.memory.heap.used']).toBeGreaterThan(1e6)
    expect(levels['v8js.memory.heap.limit']).toBeGreaterThan(levels['v8js.memory.heap.used']!)
    expect(levels['process.memory.usage']).toBeGreaterThan(1e7)
    expect(levels['nodejs.eventloop.utilization']).toBeGreaterThanOrEqual(0)
    expect(levels['process.cpu.utilization']).toBeGreaterThanOrEqual(0)
  } finally {
    watch.stop()
  }
})
