// One time on all charts of a page, in a real Chromium: marks of what happened, the shared cursor, zoom, what was then, links that keep it.

import { beforeEach, describe, expect, it } from 'vitest'
import { activityLiveWire, activityWire, loadRunWire } from '../../pgsteward/src/model/wire.ts'
import { horizontalOverflow } from './browser.ts'
import { type Dashboard, dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { Refusal } from './fixture-server.ts'
import { overview } from './fixtures.ts'
import * as activityFixtures from './fixtures-activity.ts'
import { annotations, runUnderWay } from './fixtures-time.ts'

const dashboard = dashboardInChromium()
const { open, address, textOf, askedSpan } = dashboard
let server: Dashboard['server']
let page: Dashboard['page']

const ANNOTATIONS = 'targets/messaging/annotations'
const OVERVIEW = 'targets/messaging/overview'
const DAY = 86_400

beforeEach(() => {
  ;({ server, page } = dashboard)
  server.answers.set('targets/messaging/activity', ({ query }) =>
    activityWire.parse(activityFixtures.activity(spanOf(query))),
  )
  server.answers.set('targets/messaging/activity/live', () => activityLiveWire.parse(activityFixtures.live))
})

function spanOf(query: URLSearchParams): { from: number; to: number } {
  return { from: Date.parse(query.get('from') ?? '') / 1000, to: Date.parse(query.get('to') ?? '') / 1000 }
}
const happened = () => page.getByRole('region', { name: 'What happened in this time' })
const signs = () => page.locator('.chart').first().locator('.chart-mark button')
const moments = () => page.locator('.chart:has(canvas) [data-moment]').allTextContents()
const inAddress = (name: string) => address().searchParams.get(name)
const zoomedSeconds = () => Number(inAddress('to')) - Number(inAddress('from'))

async function drawn(path: string): Promise<void> {
  await open(path)
  await page.locator('.chart-mark button').first().waitFor()
}

describe('what happened', () => {
  it.each([
    ['/', '.chart:has(canvas)'],
    ['/applications/messaging', '.chart:has(canvas)'],
    ['/statements/-5561034', '.chart:has(canvas)'],
    ['/activity', '.chart:has(canvas)'],
    ['/capacity', '.forecast'],
    ['/availability', '.probe-card'],
    ['/logs', '.log-histogram'],
    ['/reports/weekly/2026-W47', '.chart:has(canvas)'],
  ])('is marked on every chart of %s, and told below them', async (path, chart) => {
    const { complaints } = dashboard
    await open(path)
    await page.locator(`${chart} .cursor-bar`).first().waitFor()
    await happened().locator('li').first().waitFor({ state: 'attached' })
    const charts = page.locator(chart)
    expect(await charts.count()).toBeGreaterThan(0)
    for (const one of await charts.all()) {
      await one.scrollIntoViewIfNeeded()
      await soon(() => one.locator('.mark-lane').count()).toBeGreaterThan(0)
      await soon(() => one.locator('.chart-mark button').count()).toBeGreaterThan(0)
    }
    expect(complaints).toEqual([])
  })

  it('is told with its kind and length, the latest first, and leads on', async () => {
    await drawn('/')
    const rows = happened().locator('li')
    await soon(() => rows.count()).toBe(6)
    expect(await rows.first().textContent()).toMatch(/Warning.*GET \/members answers slowly, goes on$/)
    expect(await rows.nth(3).textContent()).toMatch(/Maintenance.*vacuum public.message: done, for 3.min$/)
    await happened().getByRole('button', { name: 'All 10 of this time' }).click()
    await soon(() => rows.count()).toBe(10)
    await happened().getByRole('link', { name: 'messaging: version 1.4.0 to 1.5.0' }).click()
    await soon(() => address().pathname).toBe('/applications/messaging')
  })

  it('is gathered where it would cover each other, and none of it is lost', async () => {
    await drawn('/')
    const both = page.getByRole('button', { name: /Deployment: messaging.*; Deployment: admin/ }).first()
    expect(await both.textContent()).toBe('2')
    await both.click()
    await soon(() => happened().locator('li').count()).toBe(2)
    await happened()
      .getByRole('button', { name: /2.marks of the chart/ })
      .click()
    await soon(() => happened().locator('li').count()).toBe(6)
  })

  it('is told at the pointer, all of it, and one leads to where more is told', async () => {
    await drawn('/')
    const both = signs().filter({ hasText: '2' }).last()
    await both.scrollIntoViewIfNeeded()
    const box = (await both.boundingBox())!
    await page.mouse.move(box.x + 6, box.y + 60)
    const note = page.locator('.chart').first().locator('.mark-note')
    await note.getByText('messaging: version 1.4.0 to 1.5.0').waitFor()
    await note.getByText('admin: version 2.1.0 to 2.2.0').waitFor()
    expect(await page.locator('.mark-note').count()).toBe(1)
    await page.getByRole('button', { name: 'Alert: GET /members answers slowly' }).first().click()
    await soon(() => address().pathname).toMatch(/^\/findings\//)
  })

  it('is switched off by kind, which the address and links keep', async () => {
    await drawn('/')
    await soon(() => signs().count()).toBe(8)
    await happened()
      .getByRole('button', { name: /^Load run/ })
      .click()
    await soon(() => signs().count()).toBe(7)
    await page.reload()
    await soon(() => signs().count()).toBe(7)
    await page.getByRole('link', { name: 'Activity', exact: true }).click()
    await soon(() => inAddress('hide')).toBe('load')
    await happened()
      .getByRole('button', { name: /^Load run/ })
      .click()
    await soon(() => inAddress('hide')).toBeNull()
  })

  it('says that nothing is known, and when it could not be read', async () => {
    server.answers.set(ANNOTATIONS, () => ({ annotations: [], leftOut: 0 }))
    await open('/')
    await happened().getByText('Nothing that is known').waitFor()
    server.answers.set(ANNOTATIONS, () => {
      throw new Refusal(500, { code: 'internal', message: 'The store is away' })
    })
    await open('/')
    await happened().getByText('What happened could not be read: The store is away').waitFor()
    await page.locator('.u-over').first().waitFor()
  })

  it('says how much more there is', async () => {
    server.answers.set(ANNOTATIONS, ({ query }) => ({ ...annotations(spanOf(query)), leftOut: 12 }))
    await drawn('/')
    await happened().getByText('12 more happened').waitFor()
  })

  it.each(['light', 'dark'] as const)('fits from phone to desk in the %s theme', async (theme) => {
    await page.emulateMedia({ colorScheme: theme })
    await drawn('/?compare=7d')
    for (const width of [1600, 1024, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
    }
  })
})

it('a load run that goes on is marked with what happened meanwhile, over its own time', async () => {
  server.answers.set('load/runs/run-1', () => loadRunWire.parse(runUnderWay))
  await drawn('/load/run-1')
  const marks = page.locator('.run-charts .chart').first().locator('.chart-mark button')
  await soon(() =>
    marks.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')).join(' | ')),
  ).toMatch(/Maintenance: job 13.*Measured: The warm-up is over/)
  await happened().getByText('job 13: vacuum public.message: done').waitFor()
  await page.keyboard.press('+')
  await soon(zoomedSeconds).toBe(600)
  await page.keyboard.press('Escape')
  await soon(() => address().search).toBe('')
})

describe('the cursor', () => {
  it('goes by arrows on a focused chart, at the same moment on all', async () => {
    await drawn('/')
    await page.locator('.cursor-bar').first().focus()
    await page.keyboard.press('End')
    const last = await moments()
    expect(new Set(last).size).toBe(1)
    await page.keyboard.press('Home')
    await soon(async () => (await moments())[0]).not.toBe(last[0])
    expect(new Set(await moments()).size).toBe(1)
    expect(await page.locator('.cursor-bar').first().getAttribute('aria-valuetext')).toMatch(/\d\/s$/)
    await page.keyboard.press('Escape')
    await soon(async () => (await moments()).join('')).toBe('')
  })

  it('reaches charts that are read at other times, and tells their own moment', async () => {
    server.answers.set(OVERVIEW, ({ query }) => {
      const answer = overview(spanOf(query))
      const odd = answer.series.map((one) =>
        one.name === 'cache-hit-ratio'
          ? { ...one, points: one.points.filter((_, place) => place % 10 === 0) }
          : one,
      )
      return { ...answer, series: odd }
    })
    await drawn('/')
    await page.locator('.u-over').first().hover()
    const shown = await moments()
    expect(shown.every((one) => /^\d\d:\d\d$/.test(one))).toBe(true)
    const lefts = await page
      .locator('.chart:has(canvas) .u-cursor-x')
      .evaluateAll((lines) => lines.map((line) => new DOMMatrix(getComputedStyle(line).transform).m41))
    const [first] = lefts
    // the same place within what a reading is wide
    for (const left of lefts) expect(Math.abs(left - first!)).toBeLessThan(40)
  })

  it('joins pictures that are drawn by other means', async () => {
    await open('/capacity')
    await page.locator('.forecast .cursor-bar').first().waitFor()
    await page.locator('.forecast-picture').first().hover()
    const told = await page.locator('.forecast [data-moment]').allTextContents()
    expect(told.length).toBeGreaterThan(1)
    expect(new Set(told.map((one) => one.slice(0, 10))).size).toBe(1)
    expect(await page.locator('.cursor-line').count()).toBe(told.length)
  })
})

describe('zooming', () => {
  it('marks a time by the keyboard, looks closer, and goes back by Escape', async () => {
    await drawn('/?range=6h')
    await page.locator('.cursor-bar').first().focus()
    await page.keyboard.press('End')
    for (let step = 0; step < 20; step += 1) await page.keyboard.press('Shift+ArrowLeft')
    const marked = await page
      .locator('.chart:has(canvas) .u-select')
      .evaluateAll((boxes) => boxes.map((box) => (box as HTMLElement).clientWidth))
    expect(marked.every((width) => width > 10)).toBe(true)
    await page.keyboard.press('Enter')
    await soon(() => inAddress('from') !== null).toBe(true)
    expect(zoomedSeconds()).toBeLessThan(21_600)
    await page.keyboard.press('Escape')
    await soon(() => address().search).toBe('?range=6h')
  })

  it('goes wider and closer, earlier and later, each step one entry that Back and Escape undo', async () => {
    await open('/?range=1h')
    await page.keyboard.press('-')
    await soon(zoomedSeconds).toBe(7_200)
    await soon(() => askedSpan(OVERVIEW)).toBe(7_200)
    const before = Number(inAddress('from'))
    await page.keyboard.press('[')
    await soon(() => Number(inAddress('from')) - before).toBe(-3_600)
    await page.keyboard.press('+')
    await soon(zoomedSeconds).toBe(3_600)
    await page.reload()
    await page.waitForSelector('main h1')
    expect(zoomedSeconds()).toBe(3_600)
    await page.keyboard.press('Escape')
    await soon(zoomedSeconds).toBe(7_200)
    await page.keyboard.press('Escape')
    await soon(() => Number(inAddress('from'))).toBe(before)
    await page.keyboard.press('Escape')
    await soon(() => address().search).toBe('?range=1h')
    await page.goBack()
    await soon(() => Number(inAddress('from'))).toBe(before)
  })

  it('goes back by a double click on a chart', async () => {
    await drawn('/?range=6h')
    await page.keyboard.press('+')
    await soon(zoomedSeconds).toBe(10_800)
    await page.locator('.u-over').first().dblclick()
    await soon(() => address().search).toBe('?range=6h')
  })
})

describe('comparing', () => {
  const twice = () =>
    server.answers.set(OVERVIEW, ({ query }) => {
      const span = spanOf(query)
      const answer = overview(span)
      if (span.to > Date.now() / 1000 - DAY / 2) return answer
      const doubled = answer.series.map((one) => ({
        ...one,
        points: one.points.map(([at, value]) => [at, value === null ? null : value * 2]),
      }))
      return { ...answer, series: doubled }
    })
  const asksOf = (days: number) =>
    server.asked.some(({ path, query }) => {
      const ago = Date.now() / 1000 - spanOf(query).to
      return path === OVERVIEW && Math.abs(ago - days * DAY) < 3_600
    })

  it('lays what was a day or a week before behind every chart, by one key, and ends by it', async () => {
    twice()
    await drawn('/')
    await page.keyboard.press(',')
    await soon(() => inAddress('compare')).toBe('1d')
    await soon(() => asksOf(1)).toBe(true)
    await soon(() => textOf('.chart >> nth=0 >> [data-then]')).toMatch(/^then \d/)
    const [now, then] = [
      await textOf('.chart >> nth=0 >> [data-value]'),
      await textOf('.chart >> nth=0 >> [data-then]'),
    ]
    expect(Number.parseFloat(then.replace('then ', ''))).toBeGreaterThan(Number.parseFloat(now))
    await page.keyboard.press('.')
    await soon(() => inAddress('compare')).toBe('7d')
    await soon(() => asksOf(7)).toBe(true)
    expect(await page.getByLabel('Compare charts with').inputValue()).toBe('7d')
    await page.keyboard.press('.')
    await soon(() => inAddress('compare')).toBeNull()
    await soon(() => page.locator('[data-then]').count()).toBe(0)
  })

  it('says that nothing is kept of then', async () => {
    server.answers.set(OVERVIEW, ({ query }) => {
      const answer = overview(spanOf(query))
      return spanOf(query).to > Date.now() / 1000 - DAY / 2 ? answer : { ...answer, series: [] }
    })
    await drawn('/?compare=7d')
    await page.getByText('Nothing is kept of the time that is compared with').waitFor()
  })

  it('is chosen in the bar, and goes along by links with the time', async () => {
    twice()
    await drawn('/?range=6h')
    await page.getByLabel('Compare charts with').selectOption('Day before')
    await page.keyboard.press('-')
    await soon(zoomedSeconds).toBe(43_200)
    const { from, to } = Object.fromEntries(address().searchParams)
    await page.getByRole('link', { name: 'Activity', exact: true }).click()
    await page.waitForSelector('main h1')
    expect(Object.fromEntries(address().searchParams)).toEqual({ range: '6h', from, to, compare: '1d' })
    await soon(() => page.locator('.chart:has(canvas) [data-then]').count()).toBeGreaterThan(1)
  })
})

it('the help tells the keys of the time and of charts', async () => {
  await open('/')
  await page.keyboard.press('?')
  const help = page.getByRole('dialog')
  await help.getByText('Compare with the week before, or end it').waitFor()
  await help.getByRole('heading', { name: 'In a chart' }).waitFor()
  await help.getByText('Look closer at what is marked').waitFor()
})
