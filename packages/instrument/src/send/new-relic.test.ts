import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { drainedOf, durationOf, endpoint, identityOf } from '../../test/drained-of.ts'
import { strictNewRelic } from '../../test/strict-new-relic.ts'
import { getRecorder } from '../current-recorder.ts'
import type { MetricIncrease, SlowQueryEvent } from '../record/drained.ts'
import { HistogramSlab } from '../record/histogram.ts'
import { currentInstrument, startInstrument } from '../start.ts'
import { tellDrained } from './drain-listeners.ts'
import { bridgeNewRelic, type NewRelicAgent } from './new-relic.ts'
import { durationMetric } from './new-relic-values.ts'

const endings: (() => void)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) end()
  await currentInstrument()?.stop()
})

const bridged = (agent: NewRelicAgent) => {
  const end = bridgeNewRelic(agent)
  endings.push(end)
  return end
}
const metricOf = (over: Partial<MetricIncrease> = {}): MetricIncrease => ({
  name: 'jobs.done',
  kind: 'count',
  unit: '{job}',
  attributes: {},
  duration: null,
  value: 3,
  errors: 0,
  route: null,
  caller: null,
  ...over,
})
const slowOf = (over: Partial<SlowQueryEvent> = {}): SlowQueryEvent => ({
  ...identityOf(),
  at: 1_700_000_000_000,
  durationMs: 812,
  waitedForPoolMs: 0,
  severity: 'warning',
  rows: 4,
  sqlState: null,
  parameters: ['secret-parameter'],
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: null,
  ...over,
})

test('what the application measures by itself reaches the agent with the next report (X2)', async () => {
  const agent = strictNewRelic()
  bridged(agent)
  const { metrics, flush } = startInstrument({ service: 'shop' })
  metrics.recordDelivery({ channel: 'sms', durationMs: 80, delivered: true })
  metrics.recordDelivery({ channel: 'sms', durationMs: 240, delivered: false })
  metrics.level('queue.length', 17)
  getRecorder()!.recordQuery({
    text: "select * from member where email = 'a@b.cd'",
    durationMs: 900,
    endpoint,
  })
  const context = getRecorder()!.beginRequest('GET')
  for (let i = 0; i < 12; i++)
    getRecorder()!.recordQuery({ text: 'select * from orders', durationMs: 1, endpoint, context })
  getRecorder()!.endRequest(context, '/orders', 200)
  await flush()
  expect(agent.refused).toEqual([])
  const delivery = agent.metrics.get('Custom/message.delivery.duration/sms')!
  expect(delivery).toMatchObject({ count: 2, total: expect.closeTo(0.32), max: 0.24 })
  expect(delivery.min).toBeCloseTo(0.08, 2)
  expect(agent.metrics.get('Custom/message.undelivered/sms')).toMatchObject({ count: 1, total: 1 })
  expect(agent.metrics.get('Custom/message.delivery.errors')).toMatchObject({ total: 1 })
  expect([...agent.metrics.keys()]).not.toContain('Custom/process.uptime')
  expect(agent.metrics.get('Custom/queue.length')).toMatchObject({ count: 1, total: 17, min: 17, max: 17 })
  expect(agent.events.map(({ type, attributes }) => [type, attributes.statement, attributes.route])).toEqual([
    ['PgstewardSlowQuery', 'select * from member where email = ?', undefined],
    ['PgstewardRepeatedStatement', 'select * from orders', 'GET /orders'],
  ])
  expect(agent.events[1]!.attributes).toMatchObject({ repetitions: 12 })
})

test('pools are told by name: in use, allowed, waiting, and how long (X2)', () => {
  const agent = strictNewRelic()
  bridged(agent)
  const pool = {
    name: 'db/shop',
    endpoint,
    max: 10,
    total: 8,
    idle: 3,
    waiting: 2,
    oldestCheckoutMs: null,
    oldestCheckoutBy: null,
  }
  tellDrained(drainedOf({ pools: [{ ...pool, wait: durationOf(50, 4) }] }))
  expect(agent.refused).toEqual([])
  expect([...agent.metrics].map(([name, { count, max }]) => `${name} ${count} ${max}`)).toEqual([
    'Custom/db.client.connection.count/used/db_shop 1 5',
    'Custom/db.client.connection.max/db_shop 1 10',
    'Custom/db.client.connection.pending_requests/db_shop 1 2',
    'Custom/db.client.connection.wait_time/db_shop 4 0.05',
  ])
})

test('events keep to the limits of texts, leave out what is unknown, and never hold parameters (X2)', () => {
  const agent = strictNewRelic()
  bridged(agent)
  const text = `select '${'x'.repeat(246)}😀${'y'.repeat(500)}`
  tellDrained(
    drainedOf({ slowQueries: [slowOf({ text, model: null, caller: null, durationMs: Number.NaN })] }),
  )
  expect(agent.refused).toEqual([])
  const { attributes } = agent.events[0]!
  expect(attributes.statement).toBe(`select '${'x'.repeat(246)}`)
  expect(Object.keys(attributes)).not.toContain('model')
  expect(JSON.stringify(attributes)).not.toContain('secret-parameter')
})

test('durations are five numbers that real measurements could have, for any (X2)', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 }),
      (all) => {
        const slab = new HistogramSlab(4)
        const at = slab.create()
        for (const ms of all) slab.record(at, ms)
        const agent = strictNewRelic()
        agent.recordMetric('any', durationMetric(slab.read(at)))
        expect(agent.refused).toEqual([])
      },
    ),
  )
})

test('names are bounded: beyond 500 the value goes under the bare name (X2)', () => {
  const agent = strictNewRelic()
  bridged(agent)
  const metrics = Array.from({ length: 600 }, (_, tenant) => metricOf({ attributes: { tenant } }))
  tellDrained(drainedOf({ metrics }))
  expect(agent.metrics.size).toBe(501)
  expect(agent.metrics.get('Custom/jobs.done')).toMatchObject({ count: 100, total: 300 })
})

test('an agent that throws, refuses, or is none disturbs nobody, and is counted (X2)', async () => {
  const failing: NewRelicAgent = {
    recordMetric: () => {
      throw new Error('agent is broken')
    },
    recordCustomEvent: () => false,
  }
  bridged(failing)
  bridged(strictNewRelic({ highSecurity: true }))
  bridged(undefined as unknown as NewRelicAgent)
  const { metrics, flush, diagnostics } = startInstrument({ service: 'shop' })
  metrics.count('jobs.done')
  await flush()
  getRecorder()!.recordQuery({ text: 'select 1', durationMs: 900, endpoint })
  await flush()
  await flush()
  expect(diagnostics().dropped.newRelic).toBeGreaterThanOrEqual(2)
  expect(diagnostics().drains).toBe(3)
})

test('once it is ended nothing more is handed over (X2)', () => {
  const agent = strictNewRelic()
  bridged(agent)()
  tellDrained(drainedOf({ metrics: [metricOf()] }))
  expect(agent.metrics.size).toBe(0)
})
