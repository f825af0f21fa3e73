// The page Availability in a real Chromium: what is down first, uptime with what it rests on, budgets, outages.

import { describe, expect, it } from 'vitest'
import { horizontalOverflow } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { availability, NO_PROBES } from './fixtures-availability.ts'

const dashboard = dashboardInChromium()
const { open, textOf } = dashboard
const mainText = async () => (await textOf('main')).replaceAll('\u00a0', ' ')
const section = (name: string) => dashboard.page.getByRole('region', { name, exact: true })

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it('fits from phone to desk and complains of nothing', async () => {
    const { page } = dashboard
    await page.emulateMedia({ colorScheme: theme })
    await open('/availability')
    await page.getByText('refused the connection').first().waitFor()
    for (const width of [1600, 1280, 1024, 640, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
    }
    expect(await mainText()).not.toMatch(/NaN|undefined|null|Infinity/)
    expect(dashboard.complaints).toEqual([])
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
  })
})

it('what is down stands first, with why and since when (N5)', async () => {
  await open('/availability')
  await soon(mainText).toContain('Down')
  const cards = dashboard.page.locator('.probe-card')
  expect(await cards.count()).toBe(4)
  const down = (await cards.first().textContent())!.replaceAll('\u00a0', ' ')
  expect(down).toMatch(/Down.*database.*db\.example\.com:5432 refused the connection, since 4 min ago/)
  expect(down).toContain('overspent: 50 min of 43 min')
  expect(down).toContain('3 d seen')
})

it('uptime, phases, a certificate that ends soon, and requests are told (N5)', async () => {
  await open('/availability')
  await soon(mainText).toContain('Took 31.2 ms: name 1.1 ms, connection 4 ms, TLS 11.4 ms, answer 14.7 ms')
  const text = await mainText()
  expect(text).toMatch(/certificate until \d{4}-\d\d-\d\d/)
  expect(text).toContain('99.993 %')
  expect(text).toContain('Objective 99.9 % over 30 d: 40 min 12 s of 43 min 12 s left')
  expect(text).toContain('48 of 120,000 failed')
  expect(text).toContain('72 of 120 failures left, gone in 2 d 12 h at this rate')
  expect(text).toContain('Nobody asks any more; asked last')
  const days = dashboard.page.getByRole('img', {
    name: '71 days seen of health, 1 of them below its objective',
  })
  expect(await days.count()).toBe(1)
})

it('the outage that lasts stands before those that are over', async () => {
  await open('/availability')
  const rows = section('Outages').locator('li')
  await soon(() => rows.count()).toBe(2)
  expect(await rows.nth(0).textContent()).toMatch(/so far.*database/)
  expect(await rows.nth(1).textContent()).toMatch(/3.min.*health it answered 503.*in a planned window/)
})

it('g u leads there, and nothing probed says what to do', async () => {
  dashboard.server.answers.set('availability', () => NO_PROBES)
  await open('/')
  await dashboard.page.keyboard.press('g')
  await dashboard.page.keyboard.press('u')
  await soon(mainText).toContain('Nothing is probed')
  expect(await mainText()).toContain('probes of the configuration')
  dashboard.server.answers.set('availability', () => availability())
})
