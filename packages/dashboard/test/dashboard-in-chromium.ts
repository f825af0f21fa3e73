// What every test of the dashboard in a browser stands on: the built pages, made-up answers, a fresh window a test.

import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { launchBrowser, recordComplaints } from './browser.ts'
import { buildDashboard } from './build.ts'
import { type FixtureServer, startFixtureServer } from './fixture-server.ts'

/** A loaded machine draws slowly; a fault shows itself at the same place only later. */
const PATIENCE_MS = 30_000

/** Asks again until it is as expected. */
export function soon<T>(read: () => T, message = ''): ReturnType<typeof expect.poll<T>> {
  return expect.poll(read, { timeout: PATIENCE_MS, message })
}

export interface Dashboard {
  readonly server: FixtureServer
  readonly context: BrowserContext
  readonly page: Page
  /** Errors and warnings of the console of this test's window. */
  readonly complaints: readonly string[]
  readonly open: (path: string) => Promise<void>
  readonly address: () => URL
  readonly textOf: (selector: string) => Promise<string>
  /** The span that the last question for this path was about, in seconds. */
  readonly askedSpan: (path: string) => number
}

/** Registers hooks of the test file. What it returns is filled before each test: read it there, not before. */
export function dashboardInChromium(): Dashboard {
  let browser: Browser | undefined
  const here = {
    async open(path: string): Promise<void> {
      await here.page.goto(here.server.url + path)
      await here.page.waitForSelector('main h1')
    },
    address: () => new URL(here.page.url()),
    textOf: async (selector: string) => (await here.page.locator(selector).textContent()) ?? '',
    askedSpan(path: string): number {
      const query = here.server.asked.findLast((asked) => asked.path === path)?.query
      return (Date.parse(query?.get('to') ?? '') - Date.parse(query?.get('from') ?? '')) / 1000
    },
  } as { -readonly [Key in keyof Dashboard]: Dashboard[Key] }

  beforeAll(async () => {
    await buildDashboard()
    here.server = await startFixtureServer()
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await here.server?.close()
  })
  beforeEach(async () => {
    if (browser === undefined) throw new Error('no browser')
    here.context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
    here.page = await here.context.newPage()
    here.page.setDefaultTimeout(PATIENCE_MS)
    here.complaints = recordComplaints(here.page)
  })
  afterEach(async () => {
    here.server.reset()
    await here.context.close()
  })
  return here
}
