// One cold load of a page in a new window of Chromium: when there is something, when all is drawn, when a key is answered, and what it took.

import type { Browser, Page } from 'playwright-core'

const PATIENCE_MS = 30_000

export interface PageLoad {
  /** Of the page's own heading. */
  readonly firstContentMs: number
  /** All that it asks for is here, no skeleton is left, and a frame was painted after that. */
  readonly drawnMs: number
  /** Drawn, and from a key press to the frame that shows what it did. */
  readonly interactiveMs: number
  readonly longestTaskMs: number
  readonly scriptBytes: number
  /** Not compressed, as the page parses it. */
  readonly jsonBytes: number
  readonly slowestAnswer: { readonly path: string; readonly ms: number }
}

/** Kept by the script that runs in the page. */
interface Kept {
  firstContentMs: number
  drawnMs: number
  longestTaskMs: number
  askedAt: number
  answeredMs: number
}

/** Runs before anything of the page. Times are milliseconds since navigation began. */
function keepTimes(): void {
  const kept: Kept = { firstContentMs: 0, drawnMs: 0, longestTaskMs: 0, askedAt: 0, answeredMs: 0 }
  Object.assign(window, { kept })
  let open = 0
  let changedAt = 0
  const fetched = window.fetch
  window.fetch = async (...given) => {
    open += 1
    try {
      const response = await fetched(...given)
      // the body is part of the answer
      const text = await response.clone().text()
      void text
      return response
    } finally {
      open -= 1
      changedAt = performance.now()
    }
  }
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) kept.longestTaskMs = Math.max(kept.longestTaskMs, duration)
  }).observe({ type: 'longtask', buffered: true })
  const look = () => {
    const now = performance.now()
    const hasHeading = document.querySelector('main h1') !== null
    if (hasHeading && kept.firstContentMs === 0) kept.firstContentMs = now
    const isBusy = open > 0 || document.querySelector('main .skeleton') !== null || !hasHeading
    // an answer may lead to the next question: two frames without any
    if (isBusy) kept.drawnMs = 0
    else if (kept.drawnMs === 0) kept.drawnMs = Math.max(now, changedAt)
    if (kept.askedAt > 0 && kept.answeredMs === 0 && document.querySelector('dialog[open]') !== null)
      kept.answeredMs = now - kept.askedAt
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  window.addEventListener('keydown', ({ timeStamp }) => {
    kept.askedAt ||= timeStamp
  })
}

/** Until it is drawn and stays so. Throws what a page says that could not be shown. */
async function goTo(page: Page, url: string): Promise<void> {
  page.setDefaultTimeout(PATIENCE_MS)
  await page.addInitScript(keepTimes)
  await page.goto(url, { waitUntil: 'commit' })
  const fault = await page.waitForFunction(() => {
    const failure = document.querySelector('main .failure')
    const { kept } = window as unknown as { kept: Kept }
    if (failure !== null && document.querySelector('main h1') === null) return failure.textContent
    return kept.drawnMs > 0 && performance.now() - kept.drawnMs > 250 ? ' ' : null
  })
  const said = ((await fault.jsonValue()) ?? '').trim()
  if (said !== '') throw new Error(`${url}: ${said}`)
}

export async function loadPage(browser: Browser, url: string): Promise<PageLoad> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    const page = await context.newPage()
    await goTo(page, url)
    await page.keyboard.press('?')
    await page.waitForFunction(() => (window as unknown as { kept: Kept }).kept.answeredMs > 0)
    return await page.evaluate(() => {
      const { kept } = window as unknown as { kept: Kept }
      const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
      const answers = resources.filter(({ name }) => name.includes('/api/'))
      const slowest = answers.toSorted((a, b) => b.duration - a.duration)[0]
      const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0)
      return {
        firstContentMs: kept.firstContentMs,
        drawnMs: kept.drawnMs,
        interactiveMs: kept.drawnMs + kept.answeredMs,
        longestTaskMs: kept.longestTaskMs,
        scriptBytes: sum(
          resources.filter(({ name }) => name.endsWith('.js')).map((each) => each.encodedBodySize),
        ),
        jsonBytes: sum(answers.map((each) => each.decodedBodySize)),
        slowestAnswer: {
          path: slowest === undefined ? '' : new URL(slowest.name).pathname.replace('/api/v1/', ''),
          ms: slowest?.duration ?? 0,
        },
      }
    })
  } finally {
    await context.close()
  }
}

export interface Drawn {
  /** Of tables, whole: also those out of sight. */
  readonly rows: number
  readonly charts: number
  /** Of the longest series. */
  readonly points: number
  /** From the first point of any series to its last. */
  readonly days: number
}

/** What a page shows, so that nothing is called quick that is empty. */
export async function drawnOn(browser: Browser, url: string): Promise<Drawn> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    const page = await context.newPage()
    const bodies: Promise<unknown>[] = []
    page.on('response', (response) => {
      if (response.url().includes('/api/')) bodies.push(response.json().catch(() => null))
    })
    await goTo(page, url)
    const here = await page.evaluate(() => ({
      rows: [...document.querySelectorAll('main table')].reduce(
        (sum, table) =>
          sum +
          Number(
            table.getAttribute('aria-rowcount') ?? table.querySelectorAll('tbody tr:not(.spacer)').length + 1,
          ) -
          1,
        document.querySelectorAll('main li[data-row], main li [data-row]').length,
      ),
      charts: document.querySelectorAll('main canvas, main svg.chart, main figure svg').length,
    }))
    const spans = seriesIn(await Promise.all(bodies))
    return {
      ...here,
      points: Math.max(0, ...spans.map(({ points }) => points)),
      days: Math.max(0, ...spans.map(({ seconds }) => seconds)) / 86_400,
    }
  } finally {
    await context.close()
  }
}

/** Wherever in an answer there is a list of [seconds, value]. */
function seriesIn(value: unknown): readonly { readonly points: number; readonly seconds: number }[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value) && Array.isArray(value[0]) && typeof value[0][0] === 'number')
    return [{ points: value.length, seconds: value.at(-1)![0] - value[0][0] }]
  return Object.values(value).flatMap(seriesIn)
}
