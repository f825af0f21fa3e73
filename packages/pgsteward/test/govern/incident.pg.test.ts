// An incident from its opening to the last action item, over the API and on the command line (G4).

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { incidentsWire, incidentWire } from '../../src/model/incident-wire.ts'
import { practiceWire } from '../../src/model/practice-wire.ts'
import { runbookWire } from '../../src/model/runbook-wire.ts'
import { findingDetailWire } from '../../src/model/wire.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { openFinding } from '../notify/alert-rows.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { commandAt } from './command-at.ts'

let dir: string
let shop: TestDatabase
let steward: Steward
let server: FastifyInstance
let pgsteward: ReturnType<typeof commandAt>

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-incident-'))
  shop = await createDatabase()
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: {
      targets: [{ id: 'shop', url: shop.monitorUrl }],
      alerts: {
        channels: {
          hook: { type: 'webhook', url: 'http://127.0.0.1:9/', secret: 'a-secret-of-some-length' },
        },
        routes: [{ channels: ['hook'] }],
      },
    },
  })
  // its watchers are not started: nobody but people adds to incidents here
  steward = new Steward(config, await openStore({ dir: join(dir, 'store') }))
  server = await createServer({
    views: new Views(steward, () => new Date(), resolve(import.meta.dirname, '../../../../docs')),
    adminToken: 'admin-token-of-the-test',
    host: '127.0.0.1',
    dashboardDir: null,
    now: () => new Date(),
  })
  pgsteward = commandAt(await server.listen({ host: '127.0.0.1', port: 0 }), dir)
})
afterAll(async () => {
  await server?.close()
  await steward?.stop()
  await shop?.drop()
  rmSync(dir, { recursive: true, force: true })
})

const incidents = (...args: readonly string[]) => pgsteward('incidents', ...args)
async function done(...args: readonly string[]): Promise<string> {
  const { code, out, note } = await incidents(...args)
  expect(code, note).toBe(0)
  return out
}
const one = async () => incidentWire.parse((await server.inject('/api/v1/incidents/INC-1')).json())

test('from its opening to the last action item', async () => {
  expect(await done('list')).toBe('No incidents.\n')
  await done('open', 'customers', 'cannot', 'pay', '--since', '2026-11-20T09:40:00Z')
  await done('role', 'INC-1', 'commander')
  await done('role', 'INC-1', 'scribe', 'bob')
  await done('note', 'INC-1', '--text', 'pool raised to 40')
  await done('status', 'INC-1', '--text', 'one in five fails')
  await done('cause', 'INC-1', '--text', 'an index is gone')
  await done('ack', 'INC-1')
  await done('mitigate', 'INC-1', '--text', 'rolled back', '--at', '2026-11-20T10:00:00Z')
  await done('reopen', 'INC-1', '--text', 'the queue fills again')
  await done('resolve', 'INC-1', '--text', 'index rebuilt', '--at', '2026-11-20T10:20:00Z')
  expect(await one()).toMatchObject({
    state: 'resolved',
    commander: 'ada',
    status: 'one in five fails',
    cause: 'an index is gone',
    times: { toRecoverMs: 40 * 60_000, detectedAt: null },
  })
  const review = ['--happened', 'a release', '--impact', 'payments', '--root-cause', 'no plan check in CI']
  await done(
    'review',
    'INC-1',
    ...review,
    '--well',
    'paged',
    '--action',
    'ada 2026-12-01 add plan-check to CI',
  )
  expect(await done('list')).toMatch(
    /INC-1 {2}reviewed .*\n.*recovered in 40 min, commander ada, 1 action item open/,
  )
  await done('done', 'INC-1', '1', '--text', 'runs')
  expect(await done('list')).toBe('No incidents.\n')
  const shown = await done('show', 'INC-1')
  expect(shown).toMatch(/Told others: one in five fails/)
  expect(shown).toMatch(/1\. add plan-check to CI done by ada/)
  const all = incidentsWire.parse((await server.inject('/api/v1/incidents?target=shop')).json())
  expect(all.incidents).toMatchObject([{ name: 'INC-1', openItems: 0 }])
})

test.each([
  [['resolve', 'INC-1', '--text', 'again'], /It is reviewed/],
  [['review', 'INC-1', '--happened', 'x', '--impact', 'y'], /why could it happen/],
  [
    ['review', 'INC-1', '--happened', 'x', '--impact', 'y', '--root-cause', 'z', '--action', 'soon'],
    /no action item/,
  ],
  [['show', 'INC-9'], /no incident INC-9/],
  [['show'], /which incident/],
  [['mitigate', 'INC-1', '--text', 'x', '--at', 'noon'], /--at noon is no time/],
  [['role', 'INC-1', 'king'], /role king is not known/],
  [['done', 'INC-1', '0'], /no number of an item/],
  [['open', 'x', '--severity', 'bad'], /--severity bad/],
])('refuses %j in words', async (args, why) => {
  expect(await incidents(...args)).toMatchObject({ code: 2, note: expect.stringMatching(why) })
})

test('the API says which is unknown and what is not valid', async () => {
  expect((await server.inject('/api/v1/incidents/INC-9')).statusCode).toBe(404)
  const add = (payload: object) =>
    server.inject({ method: 'POST', url: '/api/v1/incidents/INC-1/entries', payload })
  expect((await add({ action: 'noted', text: ' ' })).json()).toMatchObject({ error: { code: 'usage' } })
  expect((await add({ action: 'alert', text: 'x' })).statusCode).toBe(400)
})

test("a finding's runbook has its names, on the command line and beside the finding", async () => {
  const key = 'inactive-replication-slot:slot/old one'
  const finding = openFinding({
    key,
    checkId: 'inactive-replication-slot',
    subject: { kind: 'slot', name: 'old one' },
    evidence: [{ label: 'WAL kept', value: 3 * 1024 ** 3, unit: 'bytes' }],
  })
  await steward.store.saveChanges([{ transition: 'opened', finding }], new Date())
  const { out } = await pgsteward('runbook', key)
  expect(out).toContain("pg_catalog.pg_drop_replication_slot('old one')")
  expect(out).toContain('Kept now: 3 GB.')
  const detail = await server.inject(`/api/v1/targets/shop/findings/${encodeURIComponent(key)}`)
  expect(findingDetailWire.parse(detail.json()).runbook).toBe(out)
  expect((await pgsteward('runbook', 'wraparound')).out).toMatch(/^# Transaction ids run out/)
  expect(runbookWire.parse((await server.inject('/api/v1/runbooks/wraparound')).json()).findingKey).toBeNull()
  expect(await pgsteward('runbook', 'wraparoun')).toMatchObject({
    code: 2,
    note: expect.stringMatching(/Did you mean wraparound/),
  })
  expect(await pgsteward('runbook', 'unused-index:x')).toMatchObject({
    code: 2,
    note: expect.stringMatching(/no finding/),
  })
  expect((await server.inject('/api/v1/runbooks/unused-index')).statusCode).toBe(400)
})

test('the practice is told in figures', async () => {
  const { out } = await pgsteward('practice', '--since', '30d')
  expect(out).toMatch(/incidents {17}1/)
  expect(out).toMatch(/time to recover {11}40 min, 90 % within 40 min \(of 1\)/)
  expect(out).toMatch(/time to detect {12}none known/)
  const json = practiceWire.parse(JSON.parse((await pgsteward('practice', '--since', '30d', '--json')).out))
  expect(json).toMatchObject({ period: { incidents: 1 }, before: [{ incidents: 0 }, {}, {}] })
  expect(await pgsteward('practice', '--since', 'ever')).toMatchObject({ code: 2 })
  expect((await server.inject('/api/v1/practice?range=nothing')).statusCode).toBe(400)
})

test('a critical alert of the running whole opens one and is on its way to a channel', async () => {
  const now = new Date()
  const finding = openFinding({
    key: 'pool-exhausted:pool/shop/main',
    checkId: 'pool-exhausted',
    subject: { kind: 'pool', application: 'shop', name: 'main' },
    severity: 'critical',
    summary: 'Requests of shop wait for a connection',
    firstSeenAt: now,
    lastSeenAt: now,
    openedAt: now,
    openings: [now],
  })
  await steward.store.saveChanges([{ transition: 'opened', finding }], now)
  await steward.alerts.reconcile('shop')
  await expect
    .poll(async () => (await server.inject('/api/v1/incidents?target=shop')).json().incidents[0])
    .toMatchObject({ state: 'open', title: finding.summary, alerts: [{ findingKey: finding.key }] })
  expect(await steward.store.deliveries({ channel: 'hook' })).toContainEqual(
    expect.objectContaining({ findingKey: finding.key, event: 'opened' }),
  )
})
