// Rules of the configuration, end to end: what an application reports by name is judged by them, stands on the list, and reaches a channel.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Config, configSchema } from '../../src/app/config/config-schema.ts'
import { createIngest } from '../../src/app/ingest/ingest.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import type { AlertMessage } from '../../src/model/alert.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { type RunningProgram, runProgram } from '../application/program.ts'
import { type Receiver, startReceiver } from '../notify/receiver.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const SOON = { timeout: 120_000, interval: 100 }
const TOKEN = 'an-ingest-token-of-some-length'
const RUNBOOK = 'https://wiki.example.com/checkout'

const SHOP = `
import { createServer } from 'node:http'
import { startInstrument } from '@pgsteward/instrument'

const { metrics } = startInstrument({ service: 'shop', exportEveryMs: 500 })
createServer(async (request, response) => {
  const url = new URL(request.url, 'http://shop')
  if (url.pathname === '/queue') metrics.level('queue.depth', Number(url.searchParams.get('depth')))
  else await metrics.timeAsync('checkout.total', () => new Promise((done) => setTimeout(done, 60)), { plan: 'team' })
  response.end()
}).listen(process.env.PORT, '127.0.0.1')
`

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-rules-'))
let database: TestDatabase
let hook: Receiver
let steward: Steward
let views: Views
let shop: RunningProgram
const ending: (() => unknown)[] = []

beforeAll(async () => {
  database = await createDatabase()
  hook = await startReceiver(() => ({ status: 200 }))
  const config = configSchema(ALL_CHECKS).parse({
    targets: [{ id: 'shop', url: database.monitorUrl }],
    collect: { every: '1s' },
    activity: { enabled: false },
    advise: { enabled: false },
    plans: { enabled: false },
    rules: {
      'checkout-is-slow': {
        title: 'Checkout is slow',
        on: 'metric',
        name: 'checkout.total',
        of: 'p95',
        is: 'above',
        critical: '50ms',
        hold: '0s',
        where: { plan: 'team' },
        per: ['application', 'plan'],
        runbook: RUNBOOK,
      },
      'queue-is-long': {
        on: 'series',
        name: 'queue.depth',
        of: 'latest',
        is: 'above',
        warning: 100,
        hold: '0s',
        clearAfter: '0s',
        per: ['application'],
      },
    },
    alerts: {
      channels: { hook: { type: 'webhook', url: hook.url, secret: '0123456789abcdef' } },
      routes: [{ from: 'warning', channels: ['hook'] }],
    },
  }) as Config
  const store = await openStore({ dir: join(dir, 'store') })
  const now = () => new Date()
  steward = new Steward(config, store)
  views = new Views(steward, now, null)
  const server = await createServer({
    views,
    adminToken: 'an-admin-token-of-some-length',
    host: '127.0.0.1',
    dashboardDir: null,
    now,
    applications: { ingest: createIngest({ store, config, now }), token: TOKEN },
  })
  const address = await server.listen({ host: '127.0.0.1', port: 0 })
  steward.start()
  shop = await runProgram(dir, SHOP, { PGSTEWARD_URL: address, PGSTEWARD_TOKEN: TOKEN })
  ending.push(
    () => shop.stop(),
    () => server.close(),
    () => steward.stop(),
    () => hook[Symbol.asyncDispose](),
    () => database.drop(),
  )
})
afterAll(async () => {
  for (const end of ending) await end()
  rmSync(dir, { recursive: true, force: true })
})

const alerts = (checkId: string) =>
  hook.received
    .flatMap(({ body }) => (JSON.parse(body) as { alerts: AlertMessage[] }).alerts)
    .filter((alert) => alert.checkId === checkId)

test('a rule on a named metric opens a finding that is listed, explained and told (N1, N2)', async () => {
  await shop.visit('/checkout', 25, { together: true })
  await expect.poll(() => alerts('checkout-is-slow').length, SOON).toBe(1)
  expect(alerts('checkout-is-slow')).toMatchObject([
    {
      event: 'opened',
      title: 'Checkout is slow',
      severity: 'critical',
      findingKey: 'checkout-is-slow:metric/shop/checkout.total, plan=team',
      runbook: RUNBOOK,
      evidence: expect.arrayContaining([{ label: 'reported from', value: 50, unit: 'ms' }]),
    },
  ])
  const found = (await views.findings.list('shop', ['open'])).filter(
    ({ checkId }) => checkId === 'checkout-is-slow',
  )
  expect(found).toMatchObject([{ severity: 'critical', summary: 'Checkout is slow' }])
  const { check } = await views.findings.detail('shop', found[0]!.key)
  expect(check).toMatchObject({ id: 'checkout-is-slow', title: 'Checkout is slow' })
  expect(check.page).toContain(RUNBOOK)
  expect((await views.pages.check('checkout-is-slow')).page).toBe(check.page)
})

test('a rule on a level is told of, and that it is over (N1)', async () => {
  await shop.visit('/queue?depth=250', 1)
  await expect.poll(() => alerts('queue-is-long').map(({ event }) => event), SOON).toEqual(['opened'])
  await shop.visit('/queue?depth=2', 1)
  await expect
    .poll(() => alerts('queue-is-long').map(({ event }) => event), SOON)
    .toEqual(['opened', 'resolved'])
  expect(alerts('queue-is-long')[0]).toMatchObject({
    title: 'latest of queue.depth is too high',
    findingKey: 'queue-is-long:metric/shop/queue.depth',
  })
})
