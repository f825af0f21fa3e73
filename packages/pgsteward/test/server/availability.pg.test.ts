// Availability over the API, the command line and /metrics: of a history that a store has.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { runCommand } from '../../src/cli/main.ts'
import type { Probe } from '../../src/model/availability.ts'
import { availabilityWire } from '../../src/model/availability-wire.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { attemptRow } from '../availability/rows.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { operation, report } from '../store/application-report.ts'

const MINUTE = 60_000
const NOW = new Date('2026-03-10T12:00:00Z')
const before = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE)
const HEALTH: Probe = {
  kind: 'http',
  name: 'health',
  address: 'https://shop.example.com/health',
  everyMs: MINUTE,
  slo: 0.999,
}
const DATABASE: Probe = { ...HEALTH, kind: 'database', name: 'database', address: 'db:5432' }

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-uptime-'))
let history: TestDatabase
let steward: Steward
let server: FastifyInstance
let address: string

beforeAll(async () => {
  history = await createDatabase()
  const store = await openStore({ url: history.url })
  await store.declareProbes('shop', [HEALTH, DATABASE], before(120))
  // two hours of every minute, in which health was down for two of them; the database is down now
  for (let minutes = 120; minutes > 0; minutes -= 1) {
    const isUp = minutes !== 60 && minutes !== 61
    const attempt = attemptRow({
      at: before(minutes),
      isUp,
      error: isUp ? null : 'it answered 503',
      tookMs: 30,
    })
    await store.saveProbeAttempt('shop', HEALTH, attempt, false)
  }
  const refused = attemptRow({ isUp: false, error: 'db:5432 refused the connection', status: null })
  await store.saveProbeAttempt('shop', DATABASE, { ...refused, at: before(1) }, false)
  const requests = operation([], { kind: 'request', name: 'GET /', route: null, fingerprint: null })
  await store.saveReport(
    'shop',
    report({ operations: [{ ...requests, count: 10_000, errors: 5 }] }),
    before(1),
  )
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: { targets: [{ id: 'shop', url: 'postgres://nobody@127.0.0.1:1/shop' }] },
  })
  writeFileSync(join(dir, 'pgsteward.config.ts'), 'export default {}')
  steward = new Steward(config, store)
  server = await createServer({
    views: new Views(steward, () => NOW, null),
    adminToken: 'a-token-of-some-length',
    host: '127.0.0.1',
    dashboardDir: null,
    now: () => NOW,
  } as Parameters<typeof createServer>[0])
  address = await server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await server.close()
  await steward.stop()
  await history.drop()
  rmSync(dir, { recursive: true, force: true })
})

const get = async (path: string) => (await fetch(`${address}${path}`)).json()

async function cli(...args: readonly string[]) {
  let out = ''
  const code = await runCommand([...args, '--server', address], {
    terminal: {
      out: (text) => {
        out += text
      },
      note: (text) => {
        out += text
      },
      progress: () => undefined,
      isColoured: false,
      width: 100,
    },
    cwd: dir,
    env: {},
    signal: new AbortController().signal,
  })
  return { code, out }
}

test('uptime is of what was seen, and what was seen is told (N5)', async () => {
  const { probes, outages } = availabilityWire.parse(await get('/api/v1/availability?target=shop&window=2h'))
  const health = probes.find(({ name }) => name === 'health')!
  expect(health).toMatchObject({ state: 'up', slo: 0.999, tookMs: 30 })
  expect(health.uptime.map(({ windowMs }) => windowMs / MINUTE)).toEqual([
    120, 1_440, 10_080, 43_200, 129_600,
  ])
  const [twoHours, day] = health.uptime as [(typeof health.uptime)[0], (typeof health.uptime)[0]]
  expect(twoHours.ratio).toBeCloseTo(1 - 2 / 120, 3)
  expect(twoHours.coveredRatio).toBeCloseTo(1, 2)
  expect(day.ratio).toBeCloseTo(1 - 2 / 120, 3)
  expect(day.coveredRatio).toBeCloseTo(120 / 1_440, 2)
  expect(outages).toEqual([
    {
      kind: 'database',
      name: 'database',
      startedAt: before(1).toISOString(),
      endedAt: null,
      failures: 1,
      error: 'db:5432 refused the connection',
      isPlanned: false,
    },
    expect.objectContaining({
      name: 'health',
      startedAt: before(61).toISOString(),
      endedAt: before(59).toISOString(),
      failures: 2,
    }),
  ])
})

test('a budget tells what is allowed, spent and left, and how long that lasts (N5)', async () => {
  const { probes } = availabilityWire.parse(await get('/api/v1/availability?target=shop'))
  const budgetOf = (name: string) => probes.find((probe) => probe.name === name)!.budget
  const { allowed, spent, left, leftRatio, lastsMs, burns } = budgetOf('health')
  expect(allowed / MINUTE).toBeCloseTo(43.2)
  expect(spent / MINUTE).toBeCloseTo(2)
  expect(left / MINUTE).toBeCloseTo(41.2)
  expect(leftRatio).toBeCloseTo(41.2 / 43.2)
  // two minutes in six hours
  expect(lastsMs! / MINUTE).toBeCloseTo((41.2 / 2) * 360, 0)
  expect(burns.find(({ windowMs }) => windowMs === 360 * MINUTE)!.rate).toBeCloseTo(2 / 360 / 0.001)
  expect(budgetOf('messaging')).toMatchObject({ unit: 'count', spent: 5, left: expect.closeTo(5) })
})

test('the command line says the same, with exit code 1 while something is down', async () => {
  const { code, out } = await cli('availability', '--window', '2h')
  expect(code).toBe(1)
  expect(out).toMatch(/^down {5}database {2}db:5432$/m)
  expect(out).toContain('db:5432 refused the connection, for ')
  expect(out).toMatch(/^up {7}health {2}https:\/\/shop.example.com\/health, 30 ms$/m)
  expect(out).toContain(
    '2 h 98.333 %   1 d 98.333 %   7 d 98.333 %   30 d 98.333 %   90 d 98.333 %   (2 h seen)',
  )
  expect(out).toMatch(/objective 99.9 % over 30 d: 41 min of 43 min left, gone in /)
  expect(out).toContain('objective 99.9 % over 30 d: 5 of 10 failures left')
  expect(JSON.parse((await cli('availability', '--json')).out)).toMatchObject([{ targetId: 'shop' }])
})

test('a window that is none, and a target that is not there, are refused', async () => {
  expect(await cli('availability', '--window', 'ages')).toMatchObject({
    code: 2,
    out: expect.stringContaining('--window ages is not a duration'),
  })
  expect((await fetch(`${address}/api/v1/availability?target=shop&window=1m`)).status).toBe(400)
  expect((await cli('availability', '--target', 'other')).out).toContain('there is no target "other"')
})

test('/metrics has each probe as it stands, and what is left of budgets (N5)', async () => {
  const text = await (await fetch(`${address}/metrics`)).text()
  const sample = (name: string, probe: string) =>
    Number(new RegExp(`^${name}\\{[^}]*probe="${probe}"[^}]*\\} (\\S+)$`, 'm').exec(text)?.[1])
  expect(sample('pgsteward_probe_up', 'health')).toBe(1)
  expect(sample('pgsteward_probe_up', 'database')).toBe(0)
  expect(sample('pgsteward_probe_duration_seconds', 'health')).toBe(0.03)
  expect(sample('pgsteward_error_budget_left_ratio', 'health')).toBeCloseTo(41.2 / 43.2)
  expect(sample('pgsteward_probe_up', 'messaging')).toBeNaN()
  expect(sample('pgsteward_slo_ratio', 'messaging')).toBe(0.999)
})
