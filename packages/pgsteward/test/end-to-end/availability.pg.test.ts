// While the target is down: what probes saw is judged, told by a channel, and told again when it is over.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Config, configSchema } from '../../src/app/config/config-schema.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import type { AlertMessage } from '../../src/model/alert.ts'
import { type LocalServer, startLocalServer } from '../../src/postgres/local-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { type Receiver, startReceiver } from '../notify/receiver.ts'

const SOON = { timeout: 60_000, interval: 100 }
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-availability-'))
let postgres: LocalServer
let health: Server
let hook: Receiver
let steward: Steward
let isHealthy = true

const startPostgres = (port?: number) =>
  startLocalServer({ dir: join(dir, 'postgres'), durable: false, ...(port === undefined ? {} : { port }) })

beforeAll(async () => {
  postgres = await startPostgres()
  hook = await startReceiver(() => ({ status: 200 }))
  health = createServer((_, response) =>
    response.writeHead(isHealthy ? 200 : 503).end(isHealthy ? '{"status":"ok"}' : '{"status":"degraded"}'),
  )
  await new Promise<void>((resolve) => health.listen(0, '127.0.0.1', () => resolve()))
  const { port } = health.address() as { port: number }
  const config = configSchema(ALL_CHECKS).parse({
    targets: [{ id: 'shop', url: postgres.url() }],
    activity: { enabled: false },
    advise: { enabled: false },
    plans: { enabled: false },
    probes: [
      { target: 'shop', every: '5s', timeout: '2s' },
      {
        name: 'health',
        url: `http://127.0.0.1:${port}/health`,
        every: '5s',
        timeout: '2s',
        expect: { status: 200, json: { status: 'ok' } },
      },
    ],
    alerts: {
      channels: { hook: { type: 'webhook', url: hook.url, secret: '0123456789abcdef' } },
      routes: [{ from: 'critical', channels: ['hook'] }],
    },
  }) as Config
  steward = new Steward(config, await openStore({ dir: join(dir, 'store') }))
  steward.start()
})
afterAll(async () => {
  await steward.stop()
  health.close()
  await hook[Symbol.asyncDispose]()
  await postgres.stop('immediate')
  rmSync(dir, { recursive: true, force: true })
})

/** What the channel was told of availability: critical ones alone. */
function told(): readonly string[] {
  return hook.received
    .flatMap(({ body }) => (JSON.parse(body) as { alerts: AlertMessage[] }).alerts)
    .filter(({ checkId }) => checkId === 'probe-failing' || checkId === 'error-budget-burn')
    .map(({ event, findingKey, summary }) => `${event} ${findingKey} ${summary}`)
}

const probesNow = async () =>
  (await new Views(steward, () => new Date(), null).availability.all('shop')).probes.map(
    ({ name, state }) => `${name} ${state}`,
  )

test('a server that is stopped is told while it is down, and that it is back (N5, N1)', async () => {
  await expect.poll(() => steward.watcher('shop')?.state.status, SOON).toBe('up')
  await expect.poll(probesNow, SOON).toEqual(['database up', 'health up'])
  await postgres.stop('immediate')
  await expect.poll(told, SOON).toHaveLength(1)
  expect(told()[0]).toMatch(
    /^opened probe-failing:probe\/database The database does not take a session: .* refused the connection$/,
  )
  expect(await probesNow()).toEqual(['database down', 'health up'])
  await expect.poll(() => steward.watcher('shop')?.state.status, SOON).toBe('down')
  postgres = await startPostgres(postgres.port)
  await expect.poll(told, SOON).toHaveLength(2)
  expect(told()[1]).toMatch(/^resolved probe-failing:probe\/database /)
})

test('an application whose health page says no is told, and that it is well again (N5)', async () => {
  const before = told().length
  isHealthy = false
  await expect.poll(told, SOON).toHaveLength(before + 1)
  expect(told().at(-1)).toBe(
    'opened probe-failing:probe/health health does not answer as it should: it answered 503',
  )
  isHealthy = true
  await expect.poll(told, SOON).toHaveLength(before + 2)
  expect(told().at(-1)).toMatch(/^resolved probe-failing:probe\/health /)
  const { probes, outages } = await new Views(steward, () => new Date(), null).availability.all('shop')
  expect(outages.map(({ name, endedAt }) => [name, endedAt !== null])).toEqual(
    expect.arrayContaining([
      ['health', true],
      ['database', true],
    ]),
  )
  for (const { uptime } of probes)
    for (const { coveredMs, downMs } of uptime) {
      expect(downMs).toBeGreaterThan(0)
      expect(downMs).toBeLessThan(coveredMs)
    }
})
