// Every page while the server fails, refuses, knows nobody, has nothing, or is slow: words stand there, and no page is blank (D1).

import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { type FixtureServer, FRAME, Refusal } from './fixture-server.ts'
import { PAGE_NAMES, PAGES, type PageName } from './pages.ts'

const dashboard = dashboardInChromium()
const { open, address, textOf } = dashboard
let server: FixtureServer
let page: Page

const session = (role: 'viewer' | 'operator' | 'admin') => () => ({
  by: 'session',
  actor: 'ada',
  role,
  targets: null,
  expiresAt: '2099-01-01T00:00:00.000Z',
})

beforeEach(() => {
  ;({ server, page } = dashboard)
  server.answers.set('session', session('admin'))
})

/** Without a new load, which would take most of the time. */
async function go(name: PageName): Promise<void> {
  await page.evaluate((path) => {
    window.history.pushState(null, '', path)
    window.dispatchEvent(new PopStateEvent('popstate'))
  }, PAGES[name].path)
}

const words = async () => (await page.locator('main').textContent()) ?? ''
const crashes = () => dashboard.complaints.filter((each) => !each.includes('Failed to load resource'))

/** Goes to each page, and asks of each what is wrong with it; null: nothing. */
async function onEveryPage(judge: (name: PageName) => Promise<string | null>): Promise<readonly string[]> {
  const faults: string[] = []
  for (const name of PAGE_NAMES) {
    await go(name)
    const fault = await judge(name).catch((error) => String(error).split('\n')[0] ?? 'failed')
    if (fault !== null) faults.push(`${name}: ${fault}`)
    if ((await page.locator('main h1').count()) !== 1) faults.push(`${name}: not one heading`)
    if ((await words()).includes('could not be drawn')) faults.push(`${name}: ${await words()}`)
  }
  return faults
}

async function appears(selector: string, ms = 10_000): Promise<string | null> {
  const found = await page
    .locator(`main ${selector}`)
    .first()
    .waitFor({ timeout: ms })
    .then(() => true)
    .catch(() => false)
  return found ? null : `no ${selector}: ${(await words()).slice(0, 80).replaceAll('\n', ' ')}`
}

describe('every page', () => {
  it('says what happened, why and what to do where the server fails, and asks again when told to', async () => {
    server.before = ({ path }, answer) => {
      if (FRAME.has(path)) return answer()
      throw new Refusal(500, {
        code: 'bug',
        message: 'it broke',
        detail: 'a wheel came off',
        hint: 'put it on',
      })
    }
    await open('/')
    const faults = await onEveryPage(async (name) => {
      const missing = await appears('.failure')
      if (missing !== null) return missing
      const said = await textOf('main .failure >> nth=0')
      if (!['it broke', 'a wheel came off', 'put it on', 'Try again'].every((part) => said.includes(part)))
        return `says ${said}`
      if ((await page.locator('main .empty').count()) > 0)
        return 'says that there is nothing, which it cannot know'
      const before = server.asked.length
      await page.getByRole('button', { name: 'Try again' }).first().click()
      await soon(() => server.asked.length, name).toBeGreaterThan(before)
      return null
    })
    expect(faults).toEqual([])
    expect(crashes()).toEqual([])
    await go('tables')
    await page.waitForSelector('.failure')
    server.before = null
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.waitForSelector('tbody tr')
    expect(await page.locator('.failure').count()).toBe(0)
  })

  it('says that it is not for who looks, and offers nothing that would not help', async () => {
    server.before = ({ path }, answer) => {
      if (FRAME.has(path)) return answer()
      throw new Refusal(403, {
        code: 'request',
        message: 'this takes the role operator; ada has the role viewer',
        hint: 'An admin makes tokens.',
      })
    }
    await open('/')
    const faults = await onEveryPage(async () => {
      const missing = await appears('.not-allowed')
      if (missing !== null) return missing
      const said = await textOf('main .not-allowed >> nth=0')
      if (
        !['takes the role operator', 'You are ada', 'An admin makes tokens'].every((part) =>
          said.includes(part),
        )
      )
        return `says ${said}`
      return (await page.getByRole('button', { name: 'Try again' }).count()) === 0
        ? null
        : 'offers to try again'
    })
    expect(faults).toEqual([])
    expect(crashes()).toEqual([])
  })

  it('keeps still and says that it reads, where the server is slow, and not before it is', async () => {
    // where parts of the dashboard itself are on their way there is no page yet
    await open('/nowhere')
    await page.waitForLoadState('networkidle')
    let letGo: () => void = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    server.before = async ({ path }, answer) => {
      if (!FRAME.has(path)) await held
      return answer()
    }
    const faults = await onEveryPage(async () => {
      await page.locator('main h1').waitFor()
      return (await appears('.skeleton')) ?? (await appears('.skeleton.is-late'))
    })
    letGo()
    expect(faults).toEqual([])
    expect(crashes()).toEqual([])
  })

  it('says what would be there where there is nothing', async () => {
    server.before = ({ path }, answer) => (FRAME.has(path) ? answer() : emptied(answer()))
    await open('/')
    const faults = await onEveryPage(async (name) => {
      await soon(() => page.locator('main .skeleton').count(), name).toBe(0)
      const said = await page.evaluate(() => {
        const main = document.querySelector('main')!.cloneNode(true) as HTMLElement
        for (const control of main.querySelectorAll('h1,h2,button,select,legend,.crumb')) control.remove()
        return (main.textContent ?? '').trim()
      })
      return said.length > 20 ? null : `says "${said}" alone`
    })
    expect(faults).toEqual([])
    expect(crashes()).toEqual([])
  })
})

/** The same answer without anything in its lists. */
function emptied(answer: unknown): unknown {
  if (Array.isArray(answer)) return []
  if (typeof answer !== 'object' || answer === null) return answer
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, emptied(value)]))
}

describe('who is not signed in', () => {
  it('signs in, on whichever page, and is back where they were', async () => {
    let isKnown = false
    server.before = ({ path, method }, answer) => {
      if (path === 'session' && method === 'POST') {
        isKnown = true
        return session('viewer')()
      }
      if (!isKnown && path !== 'session')
        throw new Refusal(401, { code: 'request', message: 'this needs a token' })
      return isKnown ? answer() : { by: null, actor: null, role: null, targets: null, expiresAt: null }
    }
    await open('/tables?range=6h&q=pay')
    const faults = await onEveryPage(async () => {
      const missing = await appears('form.sign-in')
      return missing
    })
    expect(faults).toEqual([])
    await open('/tables?range=6h&q=pay')
    await page.getByLabel('Token').fill('a-token')
    await page.keyboard.press('Enter')
    await soon(() => page.locator('tbody tr').count()).toBe(1)
    expect(address().pathname + address().search).toBe('/tables?range=6h&q=pay')
    // the session ends: the next question finds out, and the page asks at once
    isKnown = false
    await page.getByRole('link', { name: 'Statements' }).click()
    await page.waitForSelector('form.sign-in')
    expect(crashes()).toEqual([])
  })
})
