// The page Capacity in a real Chromium: the first limit on top, bands, needs, other numbers of users, files to keep, too short a history.

import { describe, expect, it } from 'vitest'
import { horizontalOverflow } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { capacity, noCapacity, youngCapacity } from './fixtures-capacity.ts'

const dashboard = dashboardInChromium()
const { open, textOf } = dashboard
const mainText = async () => (await textOf('main')).replaceAll('\u00a0', ' ')
const section = (name: string) => dashboard.page.getByRole('region', { name, exact: true })

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it('fits from phone to desk and complains of nothing', async () => {
    const { page } = dashboard
    await page.emulateMedia({ colorScheme: theme })
    await open('/capacity')
    await page.getByText('The first limit is').waitFor()
    for (const width of [1600, 1280, 1024, 640, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
    }
    expect(await mainText()).not.toMatch(/NaN|undefined|null|Infinity/)
    expect(dashboard.complaints).toEqual([])
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
  })
})

it('the first limit is told in a sentence, each with its date, also with more users (C1)', async () => {
  await open('/capacity')
  await soon(mainText).toMatch(
    /The first limit is sequence public\.message_id_seq: expected on 2026-09-\d\d, in \d+ days/,
  )
  const rows = section('Limits').locator('tbody tr')
  expect(await rows.count()).toBe(3)
  const disk = (await rows.filter({ hasText: 'disk' }).textContent())!.replaceAll('\u00a0', ' ')
  expect(disk).toMatch(/33\.3 % 100 GB of 300 GB.*not by 2027-03-.*2026-04-\d\d/)
  expect(await mainText()).toContain(
    'for 6 at work at the peak, 6 in each of 2 processes; 76 with 10 times the users',
  )
  expect(await mainText()).toContain('what shared_buffers hold is enough')
})

it('each measure has its band, and how it did on its past (C1)', async () => {
  await open('/capacity')
  const storage = section('storage')
  await soon(() => storage.locator('path.forecast-band').count()).toBe(1)
  const image = storage.getByRole('img')
  expect((await image.getAttribute('aria-label'))!.replaceAll('\u00a0', ' ')).toMatch(
    /storage: .* GB on 2026-03-09, likely 28\d GB on 2027-03-\d\d, between .* GB and .* GB/,
  )
  const text = (await storage.textContent())!.replaceAll('\u00a0', ' ')
  expect(text).toMatch(/On its past, up to 33 d ahead: off by .*, a straight line by /)
})

it('another number of users is asked for, and kept in the address', async () => {
  await open('/capacity')
  await dashboard.page.getByRole('button', { name: '50×' }).click()
  await soon(() =>
    dashboard.server.asked.findLast(({ path }) => path === 'capacity')?.query.get('users'),
  ).toBe('50')
  expect(dashboard.address().searchParams.get('users')).toBe('50')
  await soon(mainText).toContain('With 50 times the users')
})

it('workbook and CSV are kept as files (C2)', async () => {
  await open('/capacity')
  for (const [button, ending] of [
    ['Workbook (xlsx)', 'xlsx'],
    ['CSV', 'csv'],
  ] as const) {
    const file = dashboard.page.waitForEvent('download')
    await dashboard.page.getByRole('button', { name: button }).click()
    expect((await file).suggestedFilename()).toBe(`capacity-messaging.${ending}`)
    const asked = dashboard.server.asked.findLast(({ path }) => path === `capacity/${ending}`)!
    expect(Object.fromEntries(asked.query)).toEqual({ target: 'messaging', users: '10' })
  }
})

it('g p leads there; too short a history and none say so', async () => {
  dashboard.server.answers.set('capacity', noCapacity)
  await open('/')
  await dashboard.page.keyboard.press('g')
  await dashboard.page.keyboard.press('p')
  await soon(mainText).toContain('Nothing is kept of this database yet')
  dashboard.server.answers.set('capacity', youngCapacity)
  await open('/capacity')
  await soon(mainText).toContain('3 days of history: no projection before there are 7 days')
  expect(await mainText()).toContain('dates of limits need a week')
  expect(await mainText()).not.toMatch(/NaN|undefined|null|Infinity/)
  dashboard.server.answers.set('capacity', () => capacity())
})
