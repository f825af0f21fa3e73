// Every page: its links keep target and time, what can be clicked can be reached and pressed by keyboard, and a viewer can press nothing
// that the server would refuse (D1).

import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { type FixtureServer, Refusal } from './fixture-server.ts'
import * as fixtures from './fixtures.ts'
import { PAGE_NAMES, PAGES, type PageName } from './pages.ts'

const dashboard = dashboardInChromium()
let server: FixtureServer
let page: Page

/** They have no fixtures: test/end-to-end/load.browser.test.ts has a server. */
const SHOWN = PAGE_NAMES.filter((name) => name !== 'load' && name !== 'load-run')
const STATE = { target: 'messaging', range: '6h' } as const

beforeEach(async () => {
  ;({ server, page } = dashboard)
  server.answers.set('targets', () => [fixtures.target(), fixtures.target({ id: 'billing' })])
  server.answers.set('session', () => ({
    by: 'session',
    actor: 'vera',
    role: 'viewer',
    targets: null,
    expiresAt: '2099-01-01T00:00:00.000Z',
  }))
  await dashboard.open(`/findings?${new URLSearchParams(STATE)}`)
})

/** Without a new load, which would take most of the time. */
async function go(name: PageName): Promise<void> {
  await page.evaluate(
    (path) => {
      window.history.pushState(null, '', path)
      window.dispatchEvent(new PopStateEvent('popstate'))
    },
    `${PAGES[name].path}?${new URLSearchParams(STATE)}`,
  )
  await page.locator('main h1').first().waitFor()
  await soon(() => page.locator('main .skeleton').count(), name).toBe(0)
}

it('each link inside the dashboard keeps target and time', async () => {
  const lost: string[] = []
  for (const name of SHOWN) {
    await go(name)
    const hrefs = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLAnchorElement>('a[href]')]
        .filter(({ origin, hash }) => origin === window.location.origin && hash === '')
        .map(({ pathname, search }) => pathname + search),
    )
    expect(hrefs.length, name).toBeGreaterThan(20)
    for (const href of hrefs) {
      const { pathname, searchParams } = new URL(href, server.url)
      if (pathname.startsWith('/api/')) continue
      // a link may lead to a moment: then its time is its own
      const hasTime = searchParams.get('range') === STATE.range || searchParams.has('from')
      if (searchParams.get('target') === null || !hasTime) lost.push(`${name}: ${href}`)
    }
  }
  expect(lost).toEqual([])
})

describe('by keyboard alone', () => {
  it('what answers to a click has the focus in its turn, and a name', async () => {
    const faults: string[] = []
    for (const name of SHOWN) {
      await go(name)
      const found = await page.evaluate(() => {
        const isShown = (element: Element) => element.checkVisibility({ visibilityProperty: true })
        const told = (element: Element) =>
          `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${(element.textContent ?? '').trim().slice(0, 30)}`
        // React keeps what listens beside the element: a key whose end differs from load to load
        const listens = (element: Element) => {
          const key = Object.keys(element).find((each) => each.startsWith('__reactProps$'))
          const props = key === undefined ? null : (element as unknown as Record<string, object>)[key]
          return props !== null && props !== undefined && 'onClick' in props && props.onClick !== undefined
        }
        return [...document.querySelectorAll<HTMLElement>('main *')]
          .filter((element) => isShown(element) && listens(element))
          .flatMap((element) => {
            const isControl = element.matches('a[href],button,input,select,textarea,summary,[tabindex="0"]')
            // a row may be clicked anywhere, and has a control inside that does the same
            const hasControl = element.querySelector('a[href],button,[data-row]') !== null
            if (!isControl && !hasControl && !element.matches('dialog,label'))
              return [`no control: ${told(element)}`]
            // of a row of many alike one is the stop, and arrows lead to the others
            const isByArrows = element.parentElement?.querySelector(':scope > [tabindex="0"]') != null
            // a picture over time is one stop, along which arrows go
            const isAlong =
              element.closest('.time-picture')?.querySelector('[role="slider"][tabindex="0"]') != null
            // signs above charts are a list below them, too
            const isListed =
              element.closest('.mark-lane') !== null && document.querySelector('.happened li') !== null
            if (
              isControl &&
              !isByArrows &&
              !isListed &&
              !isAlong &&
              !element.matches(':disabled') &&
              element.tabIndex < 0
            )
              return [`out of reach: ${told(element)}`]
            return []
          })
      })
      faults.push(...found.map((fault) => `${name}: ${fault}`))
    }
    expect(faults).toEqual([])
  })

  it('where the focus is can be seen, on each kind of control', async () => {
    const faults: string[] = []
    for (const name of SHOWN) {
      await go(name)
      const found = await page.evaluate(() => {
        const unseen: string[] = []
        for (const kind of [
          'a[href]',
          'button:not(:disabled)',
          'input',
          'select',
          'summary',
          '[tabindex="0"]',
        ])
          for (const element of [...document.querySelectorAll<HTMLElement>(`main ${kind}`)].slice(0, 25)) {
            if (!element.checkVisibility({ visibilityProperty: true })) continue
            element.focus({ preventScroll: true, focusVisible: true } as FocusOptions)
            const { outlineStyle, outlineWidth } = getComputedStyle(element)
            // a row draws it around all of itself
            const row = element.closest('tr')
            const isOfRow = row !== null && getComputedStyle(row).outlineStyle !== 'none'
            if ((outlineStyle === 'none' || outlineWidth === '0px') && !isOfRow)
              unseen.push(`${kind} "${(element.textContent ?? '').trim().slice(0, 30)}" ${element.className}`)
          }
        return unseen
      })
      faults.push(...found.map((fault) => `${name}: ${fault}`))
    }
    expect([...new Set(faults)]).toEqual([])
  })

  it('bars of messages are one stop: arrows go along, Shift marks, Enter looks closer', async () => {
    await go('logs')
    const slider = page.locator('.log-histogram').getByRole('slider')
    await slider.focus()
    const words = () => slider.getAttribute('aria-valuetext')
    await page.keyboard.press('End')
    const last = await words()
    await page.keyboard.press('ArrowLeft')
    expect(await words()).not.toBe(last)
    for (let step = 0; step < 5; step++) await page.keyboard.press('Shift+ArrowLeft')
    expect(await words()).toContain('marked from')
    await page.keyboard.press('Enter')
    await soon(() => dashboard.address().searchParams.has('from')).toBe(true)
  })

  it('a sheet keeps the focus, and gives it back', async () => {
    await go('tables')
    await page.waitForSelector('tbody tr')
    await page.keyboard.press('j')
    const before = await page.evaluate(() => document.activeElement?.textContent)
    await page.keyboard.press('Enter')
    await page.waitForSelector('dialog.sheet[open]')
    for (let press = 0; press < 30; press++) {
      await page.keyboard.press('Tab')
      const isOutside = await page.evaluate(() => {
        const { activeElement } = document
        // between its last and its first control the browser itself has the focus
        return activeElement !== document.body && activeElement?.closest('dialog') === null
      })
      expect(isOutside, `after ${press + 1}`).toBe(false)
    }
    await page.keyboard.press('Escape')
    await soon(() => page.locator('dialog.sheet').count()).toBe(0)
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(before)
  })
})

it('a viewer presses nothing that would be refused: what writes says why not', async () => {
  // a draft is read and not kept
  const mayAsk = new Set(['reports/draft', 'session/end'])
  server.before = (asked, answer) => {
    if (asked.method === 'POST' && !mayAsk.has(asked.path))
      throw new Refusal(403, { code: 'request', message: 'no' })
    return answer()
  }
  const faults: string[] = []
  for (const name of SHOWN) {
    await go(name)
    const reasons = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLButtonElement>('main button:disabled')].map(
        (button) => `${button.textContent?.trim()}|${button.title}`,
      ),
    )
    const unsaid = reasons.filter((each) => each.endsWith('|'))
    if (unsaid.length > 0) faults.push(`${name}: disabled without a reason: ${unsaid.join(', ')}`)
    const buttons = page.locator('main button:not(:disabled):visible')
    const count = Math.min(await buttons.count(), 30)
    for (let index = 0; index < count; index++) {
      const asked = server.asked.length
      const button = buttons.nth(index)
      if ((await button.count()) === 0) break
      const words = (await button.textContent())?.trim() ?? ''
      await button.click({ timeout: 3_000 }).catch(() => undefined)
      const sheet = page.locator('dialog[open]')
      if ((await sheet.count()) > 0) {
        for (const submit of await sheet.locator('button[type=submit]').all())
          if (await submit.isEnabled()) faults.push(`${name}: "${words}" leads to what may be sent`)
        await page.keyboard.press('Escape')
        await soon(() => sheet.count(), `${name}: ${words}`).toBe(0)
      }
      const refused = server.asked
        .slice(asked)
        .filter(({ method, path }) => method === 'POST' && !mayAsk.has(path))
      for (const { path } of refused) faults.push(`${name}: "${words}" asks for ${path}`)
    }
  }
  expect(faults).toEqual([])
})
