// Advice as an engineer meets it in the dashboard: asked for by the button, sought for real on a planner twin of a real target, looked
// at, copied, built; and what was measured of an index, out of a real store.

import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { launchBrowser, recordComplaints } from '../../../dashboard/test/browser.ts'
import { buildDashboard } from '../../../dashboard/test/build.ts'
import type { Steward } from '../../src/app/steward.ts'
import type { StatementFigures } from '../../src/model/index-effect.ts'
import type { TestDatabase } from '../postgres/database.ts'
import { type ParcelService, startParcelService } from '../server/parcel-service.ts'

/** A search on a machine that others keep busy. */
const PATIENCE = { timeout: 150_000, interval: 200 }
const SLOW = 'select id, note from parcel where shop_id = 7 order by sent_at desc limit 10'
let service: ParcelService
let database: TestDatabase
let steward: Steward
let server: FastifyInstance
let address: string
let browser: Browser
let page: Page
let complaints: readonly string[]

beforeAll(async () => {
  service = await startParcelService({ searchFor: '5s', dashboardDir: await buildDashboard() })
  ;({ database, steward, server } = service)
  address = await server.listen({ host: '127.0.0.1', port: 0 })
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(30_000)
  complaints = recordComplaints(page)
  return async () => {
    await page.close()
    expect(complaints).toEqual([])
  }
})

const advised = () => page.getByRole('table', { name: 'Advised indexes' }).locator('tbody tr')

test('asked for by the button, it is sought, shown as it goes, and lists what it found (A1)', async () => {
  let isEnough = false
  const traffic = async () => {
    while (!isEnough) {
      await database.query(SLOW)
      await setTimeout(200)
    }
  }
  const read = vi.waitFor(
    async () => {
      const { seconds } = await steward.store.statementSums('shop', { from: new Date(0), to: new Date() })
      expect(seconds).toBeGreaterThan(2)
      const known = await (await fetch(`${address}/api/v1/targets/shop/statements`)).text()
      expect(known, known).toContain('from parcel where')
      // who asks all the time keeps the store from what is read meanwhile
    },
    { ...PATIENCE, interval: 2000 },
  )
  await Promise.all([
    read.finally(() => {
      isEnough = true
    }),
    traffic(),
  ])
  await page.goto(`${address}/advice?target=shop`)
  await page.getByText('Not searched yet.').waitFor()
  await page.getByText('It is switched off (advise.enabled)').waitFor()
  await page.getByRole('button', { name: 'Look now' }).click()
  await page.getByRole('button', { name: 'Looking…' }).waitFor()
  await page.getByRole('button', { name: 'Look again now' }).waitFor(PATIENCE)
  expect(await page.locator('.advice-state').textContent()).toMatch(/^Searched/)
  await advised().filter({ hasText: '(shop_id' }).waitFor()
  expect(await page.locator('.lead').textContent()).toMatch(/would take away .* of what the workload costs/)
  expect(await page.locator('main').textContent()).toMatch(/as the target does in \d+ of/)
}, 330_000)

test('an advised index shows its statement before and after, which leads to its page and back', async () => {
  await page.goto(`${address}/advice?target=shop`)
  await advised().filter({ hasText: '(shop_id' }).click()
  await page.getByRole('heading', { name: /parcel \(shop_id/ }).waitFor()
  const served = page.getByRole('table', { name: 'What it serves' }).locator('tbody tr').first()
  expect(await served.textContent()).toMatch(/× less/)
  await served.click()
  await page.getByRole('link', { name: /^Its page/ }).click()
  await page.getByRole('heading', { name: /^Statement/ }).waitFor()
  await page.getByRole('link', { name: /parcel \(shop_id/ }).click()
  await page.getByRole('heading', { name: /parcel \(shop_id/ }).waitFor()
})

test('its table is marked among the tables', async () => {
  await page.goto(`${address}/tables?target=shop`)
  await page.getByRole('button', { name: /parcel.*advised/ }).click()
  await page
    .locator('dialog')
    .getByRole('link', { name: /\(shop_id/ })
    .waitFor()
})

test('the script that it shows really builds the index', async () => {
  await page.goto(`${address}/advice?target=shop`)
  await page.getByRole('button', { name: 'Script of all…' }).click()
  const code = page.locator('dialog pre')
  await code.waitFor()
  const statements = ((await code.textContent()) ?? '')
    .split('\n')
    .filter((line) => line.startsWith('create index'))
  await database.run(...statements)
  const built = await database.query<{ def: string }>(
    "select pg_get_indexdef(indexrelid) as def from pg_index where indrelid = 'parcel'::regclass and indisvalid",
  )
  expect(built.map(({ def }) => def)).toContainEqual(expect.stringContaining('(shop_id'))
})

test('the same comes as a Prisma migration (X4)', async () => {
  await page.goto(`${address}/advice?target=shop`)
  await page.getByRole('button', { name: 'Script of all…' }).click()
  const sheet = page.locator('dialog')
  await sheet.getByRole('button', { name: 'Prisma migration' }).click()
  await sheet
    .getByText(/migration\.sql$/)
    .first()
    .waitFor()
  expect(((await sheet.locator('pre').first().textContent()) ?? '').toLowerCase()).toMatch(
    /create index concurrently if not exists .*shop_id/s,
  )
})

test('a search that fails says why, without the password, and where to begin', async () => {
  await page.goto(`${address}/advice?target=away`)
  await page.getByRole('button', { name: 'Look now' }).click()
  await page
    .getByRole('alert')
    .getByText(/refused/)
    .waitFor()
  const text = (await page.locator('main').textContent()) ?? ''
  expect(text).toContain('There is no advice from before')
  expect(text).not.toContain('a-secret')
})

test('what was measured of an index that appeared is shown out of the store (V2)', async () => {
  const figures = (meanMs: number): StatementFigures => ({
    calls: 1200,
    callsPerMinute: 20,
    meanMs,
    totalMsPerMinute: 20 * meanMs,
    blocksPerCall: meanMs * 100,
  })
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000)
  await steward.store.saveIndexEffect({
    targetId: 'shop',
    schema: 'public',
    table: 'parcel',
    index: 'parcel_shop_id_sent_at_idx',
    definition: 'CREATE INDEX parcel_shop_id_sent_at_idx ON public.parcel USING btree (shop_id, sent_at)',
    appearedAt: at(60),
    advisedBy: null,
    before: { from: at(120), to: at(60) },
    after: { from: at(60), to: at(0) },
    isComplete: false,
    predictedCostRatio: 0.01,
    measuredRatio: 0.02,
    verdict: 'improved',
    because: null,
    statements: [
      {
        queryId: '4711',
        text: SLOW,
        before: figures(12),
        after: figures(0.24),
        predictedCostRatio: 0.01,
        measuredRatio: 0.02,
        verdict: 'improved',
      },
    ],
    refreshedAt: at(0),
  })
  await page.goto(`${address}/advice?target=shop`)
  const row = page.getByRole('table', { name: 'Measured effects' }).locator('tbody tr')
  expect(await row.textContent()).toMatch(/parcel_shop_id_sent_at_idx.*Helped.*50\s× less.*100\s× less/)
  await row.click()
  const sheet = page.locator('dialog')
  await sheet.getByText('Blocks a call').waitFor()
  expect(await sheet.textContent()).toMatch(/12\sms.*0\.24\sms/)
})
