// Load & baselines in a real Chromium, before a real server whose runs came through its API: one under way by the built-in engine, and
// a history that got slower.

import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { horizontalOverflow, launchBrowser, recordComplaints } from '../../../dashboard/test/browser.ts'
import { buildDashboard } from '../../../dashboard/test/build.ts'
import { soon } from '../../../dashboard/test/dashboard-in-chromium.ts'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { runLoad } from '../../src/app/load/run-load.ts'
import { reporterTo } from '../../src/app/load/send-run.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import type { LoadRun } from '../../src/model/load-run.ts'
import { scenarioSchema } from '../../src/model/scenario.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { madeRun } from '../store/made-run.ts'

const TOKEN = 'an-ingest-token-of-some-length'
const HOSTILE = '<img src=x onerror="window.hacked=1">'
const DAY = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * DAY)

let database: TestDatabase
let steward: Steward
let server: FastifyInstance
let url: string
let application: Server
let browser: Browser
let context: BrowserContext
let page: Page
let complaints: string[]

const report = async (run: LoadRun) => {
  const troubles: string[] = []
  const isTaken = await reporterTo(url, TOKEN, { onTrouble: (text) => troubles.push(text) }).done(run)
  expect(isTaken, troubles.join('\n')).toBe(true)
}

const open = async (path: string) => {
  await page.goto(url + path)
  await page.waitForSelector('main h1')
}
const mainText = async () => (await page.locator('main').textContent()) ?? ''

const EVIDENCE: NonNullable<LoadRun['database']> = {
  targetId: 'shop',
  seconds: 60,
  statements: [
    {
      queryId: '-771',
      fingerprint: 'f',
      text: `select * from message where "${HOSTILE}" = $1`,
      calls: 2_000,
      totalMs: 90_000,
      rows: 2_000,
      blocksHit: 900_000,
      blocksRead: 10,
      tempBlocksWritten: 0,
      planShape: null,
      planText: null,
      route: 'POST /api/messages',
    },
  ],
  totals: { calls: 2_000, totalMs: 91_000, tempBytes: 0, deadlocks: 0, rollbacks: 0 },
  waits: [{ type: 'Lock', event: 'transactionid', averageSessions: 1.2 }],
  activeSessions: { mean: 1.6, max: 7 },
  cacheHitRatio: 0.98,
  connections: { max: 100, peak: 12 },
  pools: [{ name: 'main', max: 10, usedMax: 10, waitingMax: 4, waitP95Ms: 30 }],
  tables: [{ name: 'public.message', rows: 10, sizeBytes: 8_192, sequentialScans: 3, sequentialRows: 30 }],
}

beforeAll(async () => {
  const dashboardDir = await buildDashboard()
  database = await createDatabase()
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: '/',
    env: {},
    flags: { targets: [{ id: 'shop', url: database.monitorUrl }] },
  })
  steward = new Steward(config, await openStore({ url: database.url }))
  const now = () => new Date()
  server = await createServer({
    views: new Views(steward, now, null),
    adminToken: 'an-admin-token-of-some-length',
    host: '127.0.0.1',
    dashboardDir,
    now,
    applications: { ingest: { unplaced: () => [] } as never, token: TOKEN },
  })
  url = await server.listen({ host: '127.0.0.1', port: 0 })
  application = createHttpServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"ok":true}')
  })
  await new Promise<void>((listening) => application.listen(0, '127.0.0.1', listening))
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  application?.closeAllConnections()
  application?.close()
  await server?.close()
  await steward?.stop()
  await database?.drop()
})
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
  complaints = recordComplaints(page)
})
afterEach(() => context.close())

it('before the first run says how one is made, and is reached by g b', async () => {
  await open('/')
  await page.keyboard.press('g')
  await page.keyboard.press('b')
  await page.getByText('No load run has been reported').waitFor()
  expect(await mainText()).toContain(
    `pgsteward load run smoke --target http://127.0.0.1:3000 --report ${url}`,
  )
  expect(complaints).toEqual([])
})

it('a run of the built-in engine is followed while it goes on, and read when it has ended (L4)', async () => {
  const target = `http://127.0.0.1:${(application.address() as AddressInfo).port}`
  const scenario = scenarioSchema.parse({
    id: 'followed',
    title: 'Followed',
    load: { model: 'open', startPerSecond: 40, stages: [{ for: '5m', perSecond: 40 }] },
    flows: [{ name: 'read', steps: [{ path: '/api/parcels/{{random 1 100}}' }] }],
  })
  const reporter = reporterTo(url, TOKEN)
  const stop = new AbortController()
  const running = runLoad({
    scenario,
    target,
    allowedTargets: ['http://127.0.0.1'],
    env: {},
    cwd: '/',
    signal: stop.signal,
    onBegin: (begun) => reporter.begin(begun),
    onMoment: (moment) => reporter.moment(moment),
  })
  try {
    await open('/load')
    await page.getByRole('heading', { name: 'Under way' }).waitFor()
    await page.getByText('answered').first().waitFor()
    await page.getByRole('link', { name: /Followed/ }).click()
    await page.getByText('under way on').waitFor()
    await page.locator('.run-charts canvas').first().waitFor()
    // further figures come by themselves, and what stands there stays where it is
    const charts = async () => (await page.locator('.run-charts').boundingBox())?.y
    const top = await charts()
    const before = await page.locator('.progress-line').textContent()
    await soon(() => page.locator('.progress-line').textContent()).not.toBe(before)
    expect(await charts()).toBe(top)
  } finally {
    stop.abort()
  }
  const run = await running
  expect(await reporter.done(run)).toBe(true)
  await page.getByText('its figures must not be believed').waitFor()
  const text = await mainText()
  expect(text).toContain('It was interrupted')
  expect(text).toContain('GET /api/parcels/:random')
  expect(complaints).toEqual([])
})

describe('a history that got slower', () => {
  const ids = Array.from({ length: 12 }, (_, n) => `p${n}`)

  beforeAll(async () => {
    for (const [n, id] of ids.entries())
      await report(
        madeRun({
          id,
          scenario: 'parcels',
          startedAt: ago(20 - n),
          requests: 6_000,
          meanMs: 40 + (n % 4) / 4,
          over: { database: EVIDENCE },
        }),
      )
    const made = await fetch(`${url}/api/v1/load/baselines`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: `main ${HOSTILE}`, runs: ids, reason: 'the first release' }),
    })
    expect(made.status).toBe(201)
    for (const n of [0, 1, 2, 3, 4, 5])
      await report(
        madeRun({
          id: `slow${n}`,
          scenario: 'parcels',
          startedAt: ago(7 - n),
          requests: 6_000,
          meanMs: 64 + (n % 4) / 4,
          over: { database: EVIDENCE, scenario: { ...madeRun({ id: 'x', scenario: 'parcels' }).scenario } },
        }),
      )
    await report(
      madeRun({
        id: 'dropped',
        scenario: 'spiky',
        startedAt: ago(1),
        over: {
          invalid: [{ reason: 'dropped-arrivals', detail: `214 of 2,801 arrivals were dropped ${HOSTILE}` }],
        },
      }),
    )
  })

  describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
    it.each([
      ['/load', 'parcels is slower since'],
      ['/load/slow5', 'Where the time went'],
      ['/load/dropped', 'its figures must not be believed'],
    ])('%s fits from phone to desk and complains of nothing', async (path, shows) => {
      await page.emulateMedia({ colorScheme: theme })
      await page.setViewportSize({ width: 1600, height: 800 })
      await open(path)
      await page.getByText(shows).first().waitFor()
      for (const width of [1600, 1024, 640, 390]) {
        await page.setViewportSize({ width, height: 800 })
        await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
      }
      expect(await mainText()).not.toMatch(/NaN|undefined|null|Infinity/)
      expect(complaints).toEqual([])
      expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false)
    })
  })

  it('marks the change in the line of its scenario, and filters runs by / ', async () => {
    await open('/load')
    const line = page.getByRole('img', { name: /p95 of 18 runs.*changed by \+/ })
    await line.waitFor()
    expect(await line.locator('.mark').count()).toBe(1)
    await page.keyboard.press('/')
    await page.keyboard.type('spiky')
    await soon(() => page.locator('table tbody tr:not(.spacer)').count()).toBe(1)
  })

  it('compares a run with its baseline by itself, with another by choice, which stands in the address (V5, V6)', async () => {
    await open('/load/slow5')
    const comparison = page.locator('.comparison')
    await comparison.waitFor()
    expect(await comparison.textContent()).toContain('of baseline main')
    expect(await comparison.locator('.interval').count()).toBeGreaterThan(0)
    await page.getByLabel('Compare with').selectOption('slow4')
    await soon(() => new URL(page.url()).searchParams.get('with')).toBe('slow4')
    await soon(() => comparison.textContent()).toContain('one run with one')
    await page.reload()
    await soon(() => comparison.textContent()).toContain('one run with one')
    expect(complaints).toEqual([])
  })

  it('leads from what the database said to the statement, at the time of the run', async () => {
    await open('/load/slow5')
    await page.locator('.said-sql a').first().click()
    await soon(() => new URL(page.url()).pathname).toBe('/statements/-771')
    const { searchParams } = new URL(page.url())
    expect(searchParams.get('target')).toBe('shop')
    expect(Number(searchParams.get('from')) * 1000).toBeLessThan(ago(2).getTime())
  })

  it('keeps a run as a baseline, with the reason', async () => {
    await open('/load/slow5')
    await page.getByRole('button', { name: 'Keep as a baseline' }).click()
    await page.getByLabel('Name').fill('after')
    await page.getByLabel('Why this run').fill('the new normal')
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await page.getByText('Kept as the baseline after').waitFor()
    await open('/load')
    await page.getByText('the new normal').waitFor()
  })

  it('of an endpoint shows how it did from run to run', async () => {
    await open('/load/slow5')
    await page
      .getByRole('button', { name: /POST \/api\/messages/ })
      .last()
      .click()
    await page.getByText('p95 from run to run').waitFor()
    await page.getByRole('img', { name: /p95 of 18 runs/ }).waitFor()
  })

  it('says of a run that is not there what became of it', async () => {
    await page.goto(`${url}/load/nowhere`)
    await page.getByText('there is no load run nowhere').waitFor()
  })
})
