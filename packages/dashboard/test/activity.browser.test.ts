// The page Activity in a real Chromium: on every width, narrowed by a click, incidents in their sheet, and when nothing is sampled.

import { beforeEach, describe, expect, it } from 'vitest'
import { activityLiveWire, activityWire } from '../../pgsteward/src/model/wire.ts'
import { horizontalOverflow } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import * as fixtures from './fixtures-activity.ts'

const dashboard = dashboardInChromium()
const { open, address, textOf } = dashboard
const API = 'targets/messaging/activity'
const asked = () => dashboard.server.asked.findLast(({ path }) => path === API)?.query

beforeEach(() => {
  dashboard.server.answers.set(API, ({ query }) =>
    activityWire.parse(
      fixtures.activity({
        from: Date.parse(query.get('from') ?? '') / 1000,
        to: Date.parse(query.get('to') ?? '') / 1000,
      }),
    ),
  )
  dashboard.server.answers.set(`${API}/live`, () => activityLiveWire.parse(fixtures.live))
})

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each([
    ['/activity', 'Blocked now'],
    ['/activity?show=sessions', 'Client:ClientRead'],
    ['/activity?show=incidents&open=abc-99', '67 more waited'],
    ['/activity?show=waits', 'What helps.'],
    ['/activity?show=horizon', 'pid 99'],
  ])('%s fits from phone to desk and complains of nothing', async (path, shows) => {
    const { page } = dashboard
    await page.emulateMedia({ colorScheme: theme })
    await page.setViewportSize({ width: 1600, height: 800 })
    await open(path)
    await page.getByText(shows).first().waitFor()
    for (const width of [1600, 1024, 640, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
    }
    expect(await textOf('main')).not.toMatch(/NaN|undefined|null|Infinity/)
    expect(dashboard.complaints).toEqual([])
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
  })
})

describe('the picture', () => {
  it('is narrowed by a value and stacked by another dimension, both in the address', async () => {
    const { page } = dashboard
    await open('/')
    await page.keyboard.press('g')
    await page.keyboard.press('v')
    await page.getByRole('button', { name: /^CPU/ }).click()
    await soon(() => address().searchParams.get('waitType')).toBe('null')
    await soon(() => asked()?.get('waitType')).toBe('null')
    await page.getByRole('button', { name: 'Application', exact: true }).click()
    await soon(() => asked()?.get('by')).toBe('application')
    expect(asked()?.get('waitType')).toBe('null')
    await page.getByRole('button', { name: /Show all, not only Wait class CPU/ }).click()
    await soon(() => asked()?.has('waitType')).toBe(false)
  })
})

it('says why nothing is sampled, and of a quiet hour that it is quiet', async () => {
  const { server, page } = dashboard
  const sampling = {
    ...fixtures.live.sampling,
    status: 'down' as const,
    because: 'the connection was refused',
  }
  const quiet = fixtures.activity({ from: 0, to: 3_600 })
  server.answers.set(API, () => ({
    ...quiet,
    sampling,
    series: [],
    levels: [],
    values: [],
    waits: [],
    queries: [],
    incidents: [],
    horizon: [],
    average: 0,
    seconds: 0,
  }))
  server.answers.set(`${API}/live`, () => ({ ...fixtures.live, sampling, at: null, sessions: [], trees: [] }))
  await open('/activity')
  await page.getByText('the connection was refused').first().waitFor()
  expect(await textOf('main')).toContain('Nothing was sampled in this range')
  expect(dashboard.complaints).toEqual([])
})
