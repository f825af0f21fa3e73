// The main tasks of pages that no other file does; which file does which is said in pages.ts.

import { expect, it } from 'vitest'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import * as fixtures from './fixtures.ts'

const dashboard = dashboardInChromium()
const { open, address, textOf } = dashboard
const press = async (...keys: readonly string[]) => {
  for (const key of keys) await dashboard.page.keyboard.press(key)
}
const textsOfRows = () => dashboard.page.locator('tbody tr:not(.spacer)').allTextContents()

it('overview: the finding that costs most is one Enter away, and the way back keeps the range', async () => {
  const { page } = dashboard
  await open('/?range=24h')
  expect(await textOf('main h1')).toContain('5 things need you')
  await page.locator('.finding-list').waitFor()
  const first = (await page.locator('.finding-list li').first().textContent()) ?? ''
  await press('j', 'Enter')
  await page.locator('.evidence').waitFor()
  expect(first).toContain(await textOf('main h1'))
  expect(address().searchParams.get('range')).toBe('24h')
  await press('g', 'o')
  await page.getByText('Slowest statements').waitFor()
  expect(address().search).toBe('?range=24h')
})

it('statements: by mean time, one is filtered for and opened, all without the mouse', async () => {
  const { page, server } = dashboard
  await open('/statements')
  await page.locator('tbody tr').first().waitFor()
  await page.getByLabel('Top by').focus()
  await page.getByLabel('Top by').selectOption('meanTime')
  await soon(() =>
    server.asked.findLast(({ path }) => path.endsWith('/statements'))?.query.get('order'),
  ).toBe('meanTime')
  expect(address().searchParams.get('order')).toBe('meanTime')
  await press('Escape', '/')
  await page.keyboard.type('update members')
  await soon(async () => (await textsOfRows()).length).toBe(1)
  await press('Enter', 'Enter')
  await soon(() => address().pathname).toMatch(/^\/statements\/\d+$/)
  await page.getByRole('heading', { name: 'Found on it' }).waitFor()
})

it('indexes: those of one table by size, and the largest with its definition', async () => {
  const { page } = dashboard
  await open('/indexes')
  await page.locator('tbody tr').first().waitFor()
  await press('/')
  await page.keyboard.type('messages_4_')
  const wanted = fixtures
    .indexes(200)
    .filter(({ name }) => name.startsWith('messages_4_'))
    .toSorted((a, b) => b.sizeBytes - a.sizeBytes)
  await soon(async () => (await textsOfRows()).length).toBe(wanted.length)
  expect((await textsOfRows())[0]).toContain(wanted[0]!.name)
  await press('Enter', 'Enter')
  const sheet = page.locator('dialog[open]')
  await sheet.waitFor()
  expect(await sheet.textContent()).toContain('USING btree (church_id, created_at DESC)')
  await sheet.getByRole('link', { name: 'Its table', exact: true }).click()
  await soon(() => address().pathname + address().search).toBe('/tables?q=messages_4')
})

it('checks: those that could not judge stand first, with why', async () => {
  const { page } = dashboard
  await open('/checks')
  await page.getByText('2 could not judge, which is no good news').waitFor()
  const rows = await textsOfRows()
  expect(rows[0]).toMatch(/Checkpoints too often.*Failed.*column "x" does not exist/)
  expect(rows[1]).toMatch(/Disk fills up.*Skipped.*needs 7 days of database sizes, has 2/)
  // from one that found something to what it found
  await press('/')
  await page.keyboard.type('unused-index')
  await soon(async () => (await textsOfRows()).length).toBe(1)
  await press('Enter', 'Enter')
  await soon(() => address().pathname + address().search).toBe('/findings?q=unused-index')
  await page.getByText('messages_body_idx').first().waitFor()
})

it('optimizations: one that was measured is opened, and says before and after', async () => {
  const { page } = dashboard
  await open('/')
  await press('g', 'z')
  await page.getByRole('list', { name: 'Records' }).waitFor()
  await press('j', 'j', 'Enter')
  await soon(() => address().pathname).toBe('/optimizations/OPT-3')
  await page.getByText('create index concurrently by_day').first().waitFor()
  expect(await textOf('main')).toMatch(/before.*after/is)
})
