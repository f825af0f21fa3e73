// The search in a real Chromium: anything is found and opened without a mouse (D1).

import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { accessibilityFaults } from './accessibility.ts'
import { horizontalOverflow } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { type FixtureServer, Refusal } from './fixture-server.ts'
import * as fixtures from './fixtures.ts'

const SEARCH_API = 'targets/messaging/search'
const dashboard = dashboardInChromium()
const { open, address, textOf } = dashboard
let server: FixtureServer
let page: Page

beforeEach(() => {
  ;({ server, page } = dashboard)
})

const box = () => page.getByRole('combobox', { name: 'Search' })
const titles = () => page.locator('[role=option] .search-title').allTextContents()
const chosen = () => textOf('[role=option][aria-selected=true] .search-title')
const status = () => textOf('.search [role=status]')
const isOpen = () => page.locator('dialog.search').count()

async function search(typed: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await box().waitFor()
  await page.keyboard.type(typed)
  await soon(status).toMatch(/found|shown/)
}

describe('the way in', () => {
  it('is Ctrl-K or Cmd-K anywhere, a button, and / where a page has no filter or an empty one', async () => {
    await open('/')
    for (const way of [
      () => page.keyboard.press('Control+k'),
      () => page.keyboard.press('Meta+k'),
      () => page.keyboard.press('/'),
      () => page.getByRole('button', { name: 'Search' }).click(),
    ]) {
      await way()
      await box().waitFor()
      await page.keyboard.press('Escape')
      await soon(isOpen).toBe(0)
    }
    await open('/tables')
    await page.waitForSelector('tbody tr')
    await page.keyboard.press('/')
    expect(await isOpen()).toBe(0)
    await page.keyboard.press('/')
    await box().waitFor()
    expect(await box().inputValue()).toBe('')
    await page.keyboard.press('Escape')
    await soon(isOpen).toBe(0)
    await soon(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Filter tables',
    )
    // the focus is back in the filter, where a letter stands in the way of /
    await page.getByLabel('Filter tables').fill('a')
    await soon(() => address().searchParams.get('q')).toBe('a')
    await page.keyboard.type('/b')
    await soon(() => address().searchParams.get('q')).toBe('a/b')
    await page.keyboard.press('Control+k')
    await box().waitFor()
  })
})

describe('what is found', () => {
  it('is ranked: the name itself, its beginning, words, parts, letters in order', async () => {
    await open('/')
    await search('messages')
    expect((await titles())[0]).toBe('messages')
    await soon(titles).toContain('SELECT messages')
    expect(await chosen()).toBe('messages')
    await box().fill('mrec')
    await soon(titles).toEqual(['message_recipients'])
    await box().fill('Message.findMany')
    await soon(titles).toEqual(['SELECT messages'])
    await box().fill('INC-7')
    await soon(titles).toEqual(['Messages were not delivered'])
  })

  it('is marked, and hostile texts stay texts', async () => {
    await open('/')
    await search('img src')
    await soon(titles).toEqual(['UPDATE messages'])
    expect(await page.locator('.search mark').allTextContents()).toEqual(['img src'])
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    expect(dashboard.complaints).toEqual([])
  })

  it('is of pages and targets at once, whatever the server does', async () => {
    server.answers.set('targets', () => [fixtures.target(), fixtures.target({ id: 'billing' })])
    server.answers.set(SEARCH_API, () => {
      throw new Refusal(500, { code: 'bug', message: 'it broke', hint: 'Look into its log.' })
    })
    await open('/findings')
    await search('bil')
    await page.getByText('it broke').waitFor()
    expect(await titles()).toContain('billing')
    server.answers.delete(SEARCH_API)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('it broke').waitFor({ state: 'detached' })
    await page.keyboard.press('Tab')
    await box().focus()
    server.answers.set('targets/billing/findings', () => [])
    await page.keyboard.press('Enter')
    await soon(() => address().search).toBe('?target=billing')
    expect(address().pathname).toBe('/findings')
  })

  it('may be nothing, which is said', async () => {
    await open('/')
    await search('xyzzy')
    await page.getByText('Nothing is called that here').waitFor()
    expect(await status()).toBe('0 found')
  })

  it('may be more than is shown, which is said', async () => {
    server.answers.set(SEARCH_API, () => ({
      hits: [
        { kind: 'table', id: 'public.a', title: 'alpha', detail: '', severity: null, fit: 1, weight: 0 },
      ],
      found: 4321,
    }))
    await open('/')
    await search('alph')
    expect(await status()).toBe('1 shown, 4,320 more: type on')
  })
})

describe('choosing', () => {
  it('goes by arrows, around the ends; Enter opens and takes the state along', async () => {
    await open('/activity?range=6h')
    await search('messages')
    await soon(titles).toContain('messages_body_idx')
    const all = await titles()
    await page.keyboard.press('ArrowUp')
    expect(await chosen()).toBe(all.at(-1))
    await page.keyboard.press('ArrowDown')
    expect(await chosen()).toBe('messages')
    const active = await box().getAttribute('aria-activedescendant')
    expect(await page.locator('[role=option][aria-selected=true]').getAttribute('id')).toBe(active)
    await page.keyboard.press('ArrowDown')
    expect(await chosen()).toBe(all[1])
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.waitForSelector('dialog.sheet[open]')
    expect(await textOf('dialog.sheet h2')).toBe('messages')
    await soon(() => address().pathname + address().search).toBe('/tables?range=6h&open=public.messages')
    // a sheet closes by Escape, and stays closed on a new load
    await page.keyboard.press('Escape')
    await soon(() => address().search).toBe('?range=6h')
  })

  it('opens a query, a finding and a check', async () => {
    await open('/')
    for (const [typed, title, path] of [
      ['-5561034', 'SELECT messages', '/statements/-5561034'],
      ['never used', 'Index messages_body_idx is never used', '/findings/'],
      ['Indexes that nothing', 'Indexes that nothing uses', '/checks'],
    ] as const) {
      await search(typed)
      await soon(chosen).toBe(title)
      await page.keyboard.press('Enter')
      await soon(() => address().pathname).toContain(path)
    }
  })

  it('opens in a new tab with Ctrl', async () => {
    await open('/?range=24h')
    await search('messages')
    await soon(chosen).toBe('messages')
    const [other] = await Promise.all([
      dashboard.context.waitForEvent('page'),
      page.keyboard.press('Control+Enter'),
    ])
    await other.waitForURL('**/tables?range=24h&open=public.messages')
    expect(await isOpen()).toBe(1)
    expect(address().pathname).toBe('/')
  })

  it('is remembered for the next time, in this browser', async () => {
    await open('/')
    await search('payments')
    await soon(chosen).toBe('payments')
    await page.keyboard.press('Enter')
    await page.waitForSelector('dialog.sheet[open]')
    await open('/')
    await page.keyboard.press('Control+k')
    await soon(titles).toEqual(['payments'])
    await page.keyboard.press('Enter')
    await soon(() => address().pathname).toBe('/tables')
  })

  it('leaves the focus where it was when nothing was chosen', async () => {
    await open('/findings')
    await page.waitForSelector('.finding-list')
    await page.getByLabel('Severity').focus()
    await page.keyboard.press('Control+k')
    await box().waitFor()
    await page.keyboard.press('Escape')
    await soon(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Severity')
  })
})

it.each(['light', 'dark'] as const)('is in reach of everybody, and fits, in the %s theme', async (theme) => {
  await page.emulateMedia({ colorScheme: theme })
  await open('/')
  await page.waitForSelector('.finding-list')
  // the page behind is judged by others
  const before = await accessibilityFaults(page)
  await search('mess')
  await soon(titles).toContain('messages_body_idx')
  for (const width of [1600, 1024, 390]) {
    await page.setViewportSize({ width, height: 800 })
    await soon(() => horizontalOverflow(page), `${width}`).toBe(0)
    const faults = await accessibilityFaults(page)
    expect(
      faults.filter((fault) => !before.includes(fault)),
      `${width}`,
    ).toEqual([])
    const folder = process.env.SEARCH_PICTURES
    if (folder !== undefined) await page.screenshot({ path: `${folder}/search-${theme}-${width}.png` })
  }
  await page.keyboard.press('Escape')
  const folder = process.env.SEARCH_PICTURES
  for (const width of [1600, 1024, 390]) {
    await page.setViewportSize({ width, height: 800 })
    if (folder !== undefined) await page.screenshot({ path: `${folder}/bar-${theme}-${width}.png` })
    await page.getByRole('button', { name: 'Search' }).waitFor()
  }
})
