// Alerts, whole: a target with a fault, watched; told by a webhook; listed, acknowledged, silenced and tried over the API and from the
// command line.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { runCommand } from '../../src/cli/main.ts'
import { alertsWire, alertWire, silenceWire, testResultWire } from '../../src/model/alert-wire.ts'
import { findingDetailWire } from '../../src/model/wire.ts'
import type { WebhookBody } from '../../src/notify/webhook.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { type Receiver, startReceiver } from '../notify/receiver.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-alerts-'))
let database: TestDatabase
let receiver: Receiver
let steward: Steward
let server: FastifyInstance
let address: string
const troubles: string[] = []

async function startSteward(): Promise<void> {
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: { targets: [{ id: 'shop', url: database.monitorUrl }], collect: { every: '1s' } },
  })
  steward = new Steward(config, await openStore({ dir: join(dir, 'store') }), {
    onAlertTrouble: (text) => troubles.push(text),
  })
  steward.start()
}

beforeAll(async () => {
  receiver = await startReceiver(() => ({ status: 204 }))
  database = await createDatabase()
  await database.run('create table broken (id int)', 'insert into broken values (1), (1)')
  await expect(database.run('create unique index concurrently broken_id on broken (id)')).rejects.toThrow()
  const alerts = {
    channels: {
      audit: { type: 'webhook', url: receiver.url, secret: 'a-secret-of-some-length' },
      // nothing listens there
      lost: { type: 'slack', url: 'http://127.0.0.1:9/services/T0/B0/SECRET' },
    },
    routes: [
      { checks: ['invalid-index'], channels: ['audit'] },
      { checks: ['invalid-index'], from: 'critical', channels: ['lost'] },
    ],
  }
  writeFileSync(join(dir, 'pgsteward.config.ts'), `export default ${JSON.stringify({ alerts })}`)
  await startSteward()
  server = await createServer({
    views: new Views(steward, () => new Date(), null),
    adminToken: 'a-token-of-some-length',
    host: '127.0.0.1',
    dashboardDir: null,
    now: () => new Date(),
  })
  address = await server.listen({ port: 0, host: '127.0.0.1' })
  await vi.waitFor(() => expect(told()).toContain('opened invalid-index'), { timeout: 30_000 })
})
afterAll(async () => {
  await server.close()
  await steward.stop()
  await database.drop()
  await receiver[Symbol.asyncDispose]()
  rmSync(dir, { recursive: true, force: true })
})

const told = () =>
  receiver.received.flatMap(({ body }) =>
    (JSON.parse(body) as WebhookBody).alerts.map(({ event, checkId }) => `${event} ${checkId}`),
  )
const get = async () => alertsWire.parse((await server.inject({ url: '/api/v1/alerts' })).json())
const post = (path: string, payload: object) =>
  server.inject({ method: 'POST', url: `/api/v1/alerts/${path}`, payload })

async function cli(...args: string[]) {
  let out = ''
  let notes = ''
  const code = await runCommand(['alerts', ...args], {
    terminal: {
      out: (text) => {
        out += text
      },
      note: (text) => {
        notes += text
      },
      progress: () => {},
      isColoured: false,
      width: 100,
    },
    cwd: dir,
    env: { USER: 'kim' },
    signal: new AbortController().signal,
  })
  return { code, out, notes }
}

test('N1: an open finding is an alert, told to the channels of its routes, with evidence', async () => {
  const { alerts, deliveries, channels } = await get()
  expect(alerts).toMatchObject([
    {
      targetId: 'shop',
      checkId: 'invalid-index',
      label: 'broken_id',
      state: 'firing',
      channels: ['audit'],
      silencedBy: null,
    },
  ])
  await expect
    .poll(async () => (await get()).deliveries)
    .toMatchObject([{ channel: 'audit', event: 'opened', state: 'sent', attempts: 1 }])
  expect(deliveries).toHaveLength(1)
  expect(channels.map(({ id, kind }) => `${id} ${kind}`)).toEqual(['audit webhook', 'lost slack'])
})

test('what no route takes is no alert', async () => {
  const found = await steward.store.findings({ targetId: 'shop', states: ['open'] })
  expect(found.length).toBeGreaterThan(1)
  expect(new Set(told())).toEqual(new Set(['opened invalid-index']))
})

test('the command line lists it, takes it in hand, and says who has it', async () => {
  const listed = await cli('list', '--server', address)
  expect(listed).toMatchObject({ code: 0 })
  expect(listed.out).toMatch(/firing .*broken_id[\s\S]*told to audit/)
  const [alert] = (await get()).alerts
  const taken = await cli(
    'ack',
    alert!.findingKey,
    '--for',
    '2h',
    '--reason',
    'dropping it',
    '--server',
    address,
  )
  expect([taken.code, taken.out]).toEqual([0, expect.stringMatching(/^in hand: /)])
  await expect.poll(told).toContain('acknowledged invalid-index')
  const page = `/api/v1/targets/shop/findings/${encodeURIComponent(alert!.findingKey)}`
  expect(findingDetailWire.parse((await server.inject({ url: page })).json()).alert).toMatchObject({
    acknowledgedBy: 'kim',
    channels: ['audit'],
  })
  expect((await cli('list', '--server', address)).out).toContain('in hand of kim')
})

test('the API takes an acknowledgement until it is over, and refuses one of the past or of nothing', async () => {
  const [alert] = (await get()).alerts
  const about = { target: 'shop', key: alert!.findingKey, actor: 'ada' }
  expect(alertWire.parse((await post('acknowledge', about)).json())).toMatchObject({
    state: 'acknowledged',
    acknowledgedBy: 'ada',
    acknowledgedUntil: null,
  })
  expect((await post('acknowledge', { ...about, until: '2020-01-01T00:00:00Z' })).statusCode).toBe(400)
  expect((await post('acknowledge', { ...about, key: 'x:server' })).statusCode).toBe(404)
  expect((await post('acknowledge', { ...about, target: 'none' })).statusCode).toBe(404)
})

test('a silence is made, listed and ended, from both sides', async () => {
  const made = await cli(
    'silence',
    '--for',
    '1h',
    '--reason',
    'release',
    '--check',
    'deadlocks',
    '--server',
    address,
  )
  expect([made.code, made.notes]).toEqual([0, ''])
  const [silence] = (await get()).silences
  expect(silence).toMatchObject({ match: { checks: ['deadlocks'] }, by: 'kim', isInForce: true })
  expect((await cli('list', '--server', address)).out).toContain('by kim: release')
  expect((await post(`silences/${silence!.id}/end`, { actor: 'ada' })).statusCode).toBe(200)
  expect((await cli('silence', '--end', silence!.id, '--server', address)).code).toBe(2)
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const again = await post('silences', { match: { targets: ['shop'] }, until, because: 'import' })
  expect(again.statusCode).toBe(201)
  expect(silenceWire.parse(again.json())).toMatchObject({ by: 'dashboard', isInForce: true })
})

test.each([
  [{ until: '2020-01-01T00:00:00Z', because: 'past' }, 400],
  [{ until: '2099-01-01T00:00:00Z', because: 'for ever' }, 400],
  [{ until: new Date(Date.now() + 60_000).toISOString(), because: '' }, 400],
  [
    { until: new Date(Date.now() + 3_600_000).toISOString(), because: 'odd', match: { severity: ['x'] } },
    400,
  ],
  [
    { until: new Date(Date.now() + 3_600_000).toISOString(), because: 'odd', match: { targets: ['none'] } },
    404,
  ],
])('the silence %j is refused', async (body, status) => {
  expect((await post('silences', body)).statusCode).toBe(status)
})

test('channels are tried: what does not arrive is said, without the secret', async () => {
  expect(testResultWire.parse((await post('test', { channel: 'audit' })).json())).toMatchObject({
    isSent: true,
  })
  expect(told().slice(-2)).toEqual(['opened test', 'resolved test'])
  const { code, out } = await cli('test')
  expect([code, out]).toEqual([1, expect.stringMatching(/sent {6}audit[\s\S]*not sent {2}lost/)])
  expect(out).not.toContain('SECRET')
  expect(await cli('test', 'pager')).toMatchObject({ code: 2, notes: expect.stringContaining('audit, lost') })
  expect((await post('test', { channel: 'pager' })).statusCode).toBe(404)
})

test('mended while nobody watched, the alert is over for those who heard of it', async () => {
  await steward.stop()
  await database.run('drop index broken_id')
  // a new process reads everything at once
  await startSteward()
  await expect.poll(told, { timeout: 30_000 }).toContain('resolved invalid-index')
  expect(await steward.store.alerts({ targetId: 'shop' })).toMatchObject([
    { state: 'resolved', channels: ['audit'] },
  ])
  expect(troubles).toEqual([])
})
