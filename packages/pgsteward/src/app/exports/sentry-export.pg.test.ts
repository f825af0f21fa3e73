// From what an application reports to what a strict Sentry has received, over outages, limits, lost answers and restarts.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { Recorder } from '../../../../instrument/src/record/recorder.ts'
import { resolveOptions } from '../../../../instrument/src/resolve-options.ts'
import { otlpBodies } from '../../../../instrument/src/send/otlp.ts'
import { report, slowQuery } from '../../../test/application/report.ts'
import { type StrictSentry, strictSentry } from '../../../test/export/strict-sentry.ts'
import { openFinding } from '../../../test/notify/alert-rows.ts'
import { type Answer, type Behaviour, startReceiver } from '../../../test/notify/receiver.ts'
import type { ApplicationReport } from '../../model/application.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { createIngest } from '../ingest/ingest.ts'
import { type SentryExportConfig, sentrySchema } from './sentry-config.ts'
import { SentryExport } from './sentry-export.ts'

const KEY = 'e12d836b15bb49d7bbf99e64295d995b'
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-sentry-'))
let store: Store
beforeAll(async () => {
  store = await openStore({ dir })
})
afterAll(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

/** Of each test its own days, so that what one leaves behind is due in no other. */
let clock = new Date('2026-11-20T10:00:00Z').getTime()
const now = () => new Date(clock)
const pass = (minutes: number) => {
  clock += minutes * 60_000
}
beforeEach(() => pass(3 * 24 * 60))

/** A Sentry that takes what it should, after the answers that are planned. */
async function startSentry(plan: (Behaviour | Answer)[] = [], project = '42') {
  const sentry = strictSentry(project, KEY)
  const receiver = await startReceiver((received, count) => {
    const planned = plan.shift()
    if (planned === undefined) return sentry.take(received)
    return typeof planned === 'function' ? planned(received, count) : planned
  })
  onTestFinished(() => receiver[Symbol.asyncDispose]())
  const dsn = receiver.url.replace('http://', `http://${KEY}@`).concat(`/${project}`)
  return { ...sentry, receiver, dsn }
}

function open(config: Partial<SentryExportConfig>) {
  const troubles: string[] = []
  const sentry = new SentryExport({
    config: { ...sentrySchema.parse({ dsn: `https://${KEY}@sentry.invalid/1` }), ...config },
    allow: [],
    store,
    dashboardUrl: 'https://pgsteward.example.com',
    version: '0.1.0',
    now,
    chance: () => 0,
    onTrouble: (text) => troubles.push(text),
    lookEveryMs: 20,
  })
  onTestFinished(() => sentry.stop())
  return { sentry, troubles }
}

const told = ({ events }: Pick<StrictSentry, 'events'>) =>
  [...events.values()].map(({ exception, contexts }) => {
    const { type } = exception!.values[0]!
    return `${type} ${Object.values(contexts!.statement ?? {})[0]}`
  })
const slow = (over: Partial<ApplicationReport> = {}) =>
  report(now(), { repeats: [], slowQueries: [slowQuery(now())], ...over })

test('what an application sends over OTLP arrives as one event for each statement and kind (X3)', async () => {
  const remote = await startSentry()
  const { sentry, troubles } = open({ dsn: remote.dsn })
  const ingest = createIngest({
    store,
    config: { targets: [{ id: 'shop', url: 'postgres://db:5432/shop' }] as never, applications: [] },
    now,
    onSaved: (targetId, each) => sentry.noticeReport(targetId, each),
  })
  onTestFinished(() => ingest.stop())
  const recorder = new Recorder(resolveOptions({ service: 'shop' }, {}).options)
  const endpoint = { host: 'db', port: 5432, database: 'shop' }
  const context = recorder.beginRequest('GET', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
  for (let count = 0; count < 20; count += 1)
    recorder.recordQuery({
      text: `select * from members where id = ${count}`,
      durationMs: 3,
      endpoint,
      context,
    })
  for (const durationMs of [900, 2_400])
    recorder.recordQuery({
      text: "select * from orders where mail = 'kim@x.org'",
      durationMs,
      endpoint,
      context,
    })
  recorder.endRequest(context, '/orders', 200)
  const source = { service: 'shop', version: '1.2.0', environment: 'test', instance: 'host/1', startedAt: 0 }
  for (const { path, json } of otlpBodies(recorder.drain(Date.now()), source))
    await ingest.receive({
      signal: path.replace('/v1/', '') as 'logs' | 'metrics',
      encoding: 'json',
      isGzip: false,
      bytes: Buffer.from(json),
    })
  clock = Math.max(clock, Date.now())
  sentry.start()
  await expect.poll(() => told(remote).sort()).toEqual(['RepeatedStatement 1', 'SlowQuery 2'])
  const event = [...remote.events.values()].find(
    ({ exception }) => exception?.values[0]?.type === 'SlowQuery',
  )!
  expect(event).toMatchObject({
    level: 'error',
    transaction: 'GET /orders',
    release: 'shop@1.2.0',
    environment: 'test',
    server_name: 'host/1',
    contexts: { trace: { trace_id: '0af7651916cd43dd8448eb211c80319c' } },
  })
  expect(JSON.stringify([...remote.events.values()])).not.toMatch(/kim@|parameters/)
  expect(troubles).toEqual([])
})

test('what was reported before it was switched on is not sent', async () => {
  await store.saveReport('history', slow(), now())
  const remote = await startSentry()
  const { sentry } = open({ dsn: remote.dsn })
  sentry.start()
  sentry.noticeReport('history', slow())
  await expect.poll(() => told(remote)).toEqual(['SlowQuery 1'])
})

test('a flood is one event, and another with the count once its time has passed, over a restart too', async () => {
  const remote = await startSentry()
  const first = open({ dsn: remote.dsn })
  first.sentry.start()
  first.sentry.noticeReport('flood', slow())
  await expect.poll(() => told(remote)).toEqual(['SlowQuery 1'])
  // Sentry has it before its answer is read: stopped in between, it is sent once more
  await expect.poll(() => first.sentry.state.lastSentAt).not.toBe(null)
  for (let count = 0; count < 30; count += 1) first.sentry.noticeReport('flood', slow())
  await first.sentry.stop()
  const second = open({ dsn: remote.dsn })
  second.sentry.start()
  pass(14)
  second.sentry.noticeReport('flood', slow())
  pass(1)
  await expect.poll(() => told(remote)).toEqual(['SlowQuery 1', 'SlowQuery 31'])
})

test('a Sentry that is down gets the event later, once, and a trouble is told once', async () => {
  const remote = await startSentry([{ status: 503 }, { status: 502 }, () => 'hang-up'])
  const { sentry, troubles } = open({ dsn: remote.dsn })
  sentry.start()
  sentry.noticeReport('outage', slow())
  for (const requests of [1, 2, 3]) {
    await expect.poll(() => remote.receiver.received.length).toBe(requests)
    await expect.poll(() => sentry.state.isFailing).toBe(true)
    pass(1)
  }
  await expect.poll(() => told(remote)).toEqual(['SlowQuery 1'])
  await expect
    .poll(() => troubles)
    .toEqual(['Sentry does not take events: HTTP 503', 'Sentry takes events again'])
  expect(new Set(remote.receiver.received.map(({ body }) => body.slice(0, 60))).size).toBe(1)
})

test('an event whose answer was lost comes again under its id, after a restart too, and Sentry drops it', async () => {
  let sentry: StrictSentry
  const remote = await startSentry([
    (received) => {
      sentry.take(received)
      return 'hang-up'
    },
  ])
  sentry = remote
  const first = open({ dsn: remote.dsn })
  first.sentry.start()
  first.sentry.noticeReport('lost', slow())
  await expect.poll(() => first.sentry.state.isFailing).toBe(true)
  await first.sentry.stop()
  pass(1)
  const second = open({ dsn: remote.dsn })
  second.sentry.start()
  await expect.poll(() => remote.repeated.length).toBe(1)
  expect(told(remote)).toEqual(['SlowQuery 1'])
})

test('a project that wants nothing for an hour is not asked within it, while another is told', async () => {
  const limited = await startSentry([
    { status: 429, headers: { 'retry-after': '3600', 'x-sentry-rate-limits': '3600:error:key' } },
  ])
  const other = await startSentry([], '7')
  const { sentry } = open({ dsn: limited.dsn, projects: { other: other.dsn } })
  sentry.start()
  sentry.noticeReport('limited', slow())
  await expect.poll(() => limited.receiver.received.length).toBe(1)
  pass(30)
  const elsewhere = { ...slow().source, application: 'other' }
  sentry.noticeReport('limited', slow({ slowQueries: [slowQuery(now(), { route: 'GET /new' })] }))
  sentry.noticeReport('limited', slow({ source: elsewhere }))
  await expect.poll(() => told(other)).toEqual(['SlowQuery 1'])
  expect(limited.receiver.received).toHaveLength(1)
  pass(31)
  await expect.poll(() => told(limited)).toEqual(['SlowQuery 1', 'SlowQuery 1'])
})

test('an event that Sentry refuses is given up, and the next of its group is sent', async () => {
  const remote = await startSentry([{ status: 413, body: 'too large' }])
  const { sentry, troubles } = open({ dsn: remote.dsn })
  sentry.start()
  sentry.noticeReport('refused', slow())
  await expect.poll(() => troubles).toEqual(['Sentry does not take events: HTTP 413: too large'])
  pass(16)
  sentry.noticeReport('refused', slow())
  await expect.poll(() => told(remote)).toEqual(['SlowQuery 1'])
  expect(troubles.join()).not.toContain(KEY)
})

test('without a project for the rest, only applications that are named are told of', async () => {
  const remote = await startSentry()
  const { sentry } = open({ dsn: undefined, projects: { named: remote.dsn } })
  sentry.start()
  sentry.noticeReport('named', slow())
  sentry.noticeReport('named', slow({ source: { ...slow().source, application: 'named' } }))
  await expect.poll(() => remote.events.size).toBe(1)
  expect([...remote.events.values()][0]?.tags).toMatchObject({ application: 'named' })
})

test('findings are told from the severity that is configured, and slow queries from their limit', async () => {
  const remote = await startSentry()
  const { sentry } = open({ dsn: remote.dsn, findings: 'critical', slowFrom: 1_000, repeats: false })
  sentry.start()
  sentry.noticeReport('some', slow())
  const found = (key: string, severity: 'warning' | 'critical', transition: 'opened' | 'resolved') => ({
    transition,
    finding: openFinding({ targetId: 'some', key, severity, lastSeenAt: now() }),
  })
  sentry.noticeFindings([
    found('slow-route:a', 'warning', 'opened'),
    found('slow-route:b', 'critical', 'resolved'),
    found('slow-route:c', 'critical', 'opened'),
  ])
  await expect.poll(() => remote.events.size).toBe(1)
  expect([...remote.events.values()][0]?.fingerprint).toEqual(['pgsteward', 'finding', 'slow-route:c'])
})
