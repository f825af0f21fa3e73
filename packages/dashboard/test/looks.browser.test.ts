// Every page in both themes and three widths: no fault that axe knows, nothing too wide, and a picture of each in artifacts/screenshots.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { axeViolations } from './axe.ts'
import { horizontalOverflow } from './browser.ts'
import { DASHBOARD_ROOT } from './build.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { type FixtureServer, FRAME, Refusal } from './fixture-server.ts'
import * as accessSide from './fixtures-access.ts'
import * as activitySide from './fixtures-activity.ts'
import * as loadSide from './fixtures-load.ts'
import { PAGES } from './pages.ts'
import { picturesPage } from './pictures-page.ts'

/** Lists of thousands are not drawn whole. */
const TALLEST = 5_000
const WIDTHS = [390, 1024, 1600] as const
const THEMES = ['light', 'dark'] as const
const PICTURES = join(DASHBOARD_ROOT, '../../artifacts/screenshots')
const names = Object.keys(PAGES) as (keyof typeof PAGES)[]
const dashboard = dashboardInChromium()

beforeAll(() => {
  rmSync(PICTURES, { recursive: true, force: true })
  mkdirSync(PICTURES, { recursive: true })
})

afterAll(() => {
  writeFileSync(
    join(PICTURES, 'index.html'),
    picturesPage([...names, ...Object.keys(STATES)], THEMES, WIDTHS),
  )
})

beforeEach(() => {
  const { answers } = dashboard.server
  const span = (query: URLSearchParams) => ({
    from: Date.parse(query.get('from') ?? '') / 1000,
    to: Date.parse(query.get('to') ?? '') / 1000,
  })
  answers.set('targets/messaging/activity', ({ query }) => activitySide.activity(span(query)))
  answers.set('targets/messaging/activity/live', () => activitySide.live)
  answers.set('load/runs', loadSide.loadRuns)
  answers.set('load/runs/run-6', loadSide.loadRun)
  answers.set('load/baselines', loadSide.loadBaselines)
  answers.set('load/series', loadSide.loadHistory)
})

/** Elsewhere nobody has to be known, as on loopback. */
function signInAsAdmin(): void {
  const { answers } = dashboard.server
  answers.set('session', () => accessSide.ADMIN)
  answers.set('/api/admin/tokens', () => accessSide.tokens)
  answers.set('/api/admin/sessions', () => accessSide.sessions)
  answers.set('/api/admin/audit', () => accessSide.audit)
}

type Before = NonNullable<FixtureServer['before']>
const refuse = (status: number, message: string, hint: string): never => {
  throw new Refusal(status, { code: 'request', message, detail: 'a reason', hint })
}
const elsewhere =
  (then: () => unknown): Before =>
  ({ path }, answer) =>
    FRAME.has(path) ? answer() : then()

/** What stands in a page's place, or in the place of what it shows. */
const STATES: Readonly<
  Record<string, { readonly before: Before; readonly shows: string; readonly path?: string }>
> = {
  'signing-in': {
    before: ({ path }) =>
      path === 'session'
        ? { by: null, actor: null, role: null, targets: null, expiresAt: null }
        : refuse(401, 'this needs a token', 'An admin makes tokens.'),
    shows: 'Who asks?',
  },
  'nothing-watched': {
    before: ({ path }, answer) => (path === 'targets' ? [] : answer()),
    shows: 'npx pgsteward watch',
  },
  failed: { before: elsewhere(() => refuse(500, 'it broke', 'put it on')), shows: 'Try again' },
  'not-allowed': {
    before: elsewhere(() => refuse(403, 'this takes the role operator', 'An admin makes tokens.')),
    shows: 'this takes the role operator',
  },
  'nothing-yet': {
    path: '/findings',
    before: ({ path }, answer) => (path.endsWith('/findings') ? [] : answer()),
    shows: 'No finding is open.',
  },
}

/** As tall as the page, so that what is fixed at the edges of the window is not in its middle; no room for bars that are not there. */
async function pictureOf(page: Page, width: number, name: string): Promise<void> {
  const height = await page.evaluate(() => {
    document.documentElement.style.scrollbarGutter = 'auto'
    return document.documentElement.scrollHeight
  })
  await page.setViewportSize({ width, height: Math.min(height, TALLEST) })
  await page.screenshot({ path: join(PICTURES, `${name}.png`) })
}

/** Also keeps a picture of each. */
async function faultsAtEachWidth(page: Page, name: string): Promise<string[]> {
  const found: string[] = []
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
    await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
    found.push(...(await axeViolations(page)).map((fault) => `${width}: ${fault}`))
    await pictureOf(page, width, `${name}-${width}`)
  }
  return found
}

describe.each(THEMES)('in the %s theme', (theme) => {
  it.each(Object.keys(STATES))('what is said where it is %s fits, and axe finds nothing', async (name) => {
    const { page, server } = dashboard
    const { before, shows, path = '/' } = STATES[name]!
    server.before = before
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await dashboard.open(path)
    await page.locator('main').getByText(shows).first().waitFor()
    expect(await faultsAtEachWidth(page, `${name}-${theme}`)).toEqual([])
  })

  it.each(names)('%s fits, and axe finds nothing', async (name) => {
    const { page, complaints } = dashboard
    const { path, shows, opens = {} } = PAGES[name]
    if (name === 'access') signInAsAdmin()
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await dashboard.open(path)
    await page.locator('main').getByText(shows).first().waitFor()
    await soon(() => page.locator('main .skeleton').count()).toBe(0)
    const found = await faultsAtEachWidth(page, `${name}-${theme}`)
    expect((await dashboard.textOf('main')).trim().length).toBeGreaterThan(20)
    for (const [opened, open] of Object.entries(opens)) {
      for (const width of [1600, 390]) {
        await page.setViewportSize({ width, height: 844 })
        await open(page)
        found.push(...(await axeViolations(page)).map((fault) => `${opened} at ${width}: ${fault}`))
        await page.screenshot({
          path: join(PICTURES, `${name}-${opened.replace(' ', '-')}-${theme}-${width}.png`),
        })
        await page.keyboard.press('Escape')
        await page.locator('dialog[open]').waitFor({ state: 'detached' })
      }
    }
    expect(found).toEqual([])
    expect(complaints).toEqual([])
  })
})
