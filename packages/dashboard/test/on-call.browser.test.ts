// On-call in a real Chromium: who it is now, on every page; taking over, handing over, reading what was handed over.

import { describe, expect, it } from 'vitest'
import { horizontalOverflow } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { NO_SCHEDULE, onCall } from './fixtures-on-call.ts'

const dashboard = dashboardInChromium()
const { open, textOf } = dashboard
const mainText = async () => (await textOf('main')).replaceAll('\u00a0', ' ')
const posts = () => dashboard.server.asked.filter(({ method }) => method === 'POST')
const section = (name: string) => dashboard.page.getByRole('region', { name, exact: true })

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it('fits from phone to desk and complains of nothing', async () => {
    const { page } = dashboard
    await page.emulateMedia({ colorScheme: theme })
    await open('/on-call')
    await section('Now').getByText('Ben Okafor').first().waitFor()
    for (const width of [1600, 1280, 1024, 640, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
      expect(await page.getByRole('link', { name: 'On call: Ben Okafor' }).isVisible()).toBe(true)
    }
    expect(await mainText()).not.toMatch(/NaN|undefined|null|Infinity/)
    expect(dashboard.complaints).toEqual([])
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
  })
})

it('tells who it is and why, who comes, whom escalation tells, and how soon alerts are acknowledged (G3)', async () => {
  await open('/on-call')
  await soon(mainText).toContain('by override OVR-3')
  const text = await mainText()
  expect(text).toContain(
    'L1: Ben Okafor, at once; L2: Anna Weber, 15 min later; L3: Kim Sørensen, 15 min later',
  )
  expect(text).toContain('Nobody: the shop is closed')
  expect(text).toContain('stands in for Anna Weber, who is away')
  expect(await section('Time to acknowledge').textContent()).toMatch(/Within 15.min.*85\.7.%.*12 of 14/)
  expect(await section('Overrides').locator('li').first().textContent()).toContain('In force')
})

it('somebody takes over, and takes it back (G3)', async () => {
  const { page, server } = dashboard
  server.answers.set('on-call/overrides', () => onCall().overrides[1])
  server.answers.set('on-call/overrides/OVR-3/withdraw', () => onCall().overrides[1])
  await open('/on-call')
  await page.getByRole('button', { name: 'Take over…' }).click()
  const sheet = page.getByRole('dialog')
  await page.setViewportSize({ width: 390, height: 800 })
  expect(await sheet.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBe(0)
  await sheet.getByLabel('Who').selectOption('cem')
  await sheet.getByRole('button', { name: 'Secondary' }).click()
  await sheet.getByRole('button', { name: '1 day' }).click()
  await sheet.getByLabel('Your name').fill('cem')
  await sheet.getByRole('button', { name: 'Take over' }).click()
  await soon(() => sheet.count()).toBe(0)
  expect(posts()[0]).toMatchObject({
    path: 'on-call/overrides',
    body: { person: 'cem', role: 'secondary', actor: 'cem' },
  })
  const until = Date.parse((posts()[0]!.body as { until: string }).until)
  expect(Math.abs(until - Date.now() - 24 * 3_600_000)).toBeLessThan(120_000)
  await section('Overrides').getByRole('button', { name: 'Withdraw…' }).click()
  await sheet.getByRole('button', { name: 'Withdraw' }).click()
  await soon(() => posts().at(-1)?.path).toBe('on-call/overrides/OVR-3/withdraw')
})

it('Escape closes for good what is still loading, though the answer comes before the browser tells of it (D1)', async () => {
  const { page, server } = dashboard
  let answerNow = () => {}
  const held = new Promise<void>((resolve) => {
    answerNow = resolve
  })
  server.before = async (asked, answer) => {
    if (asked.path === 'on-call/hand-off') await held
    return answer()
  }
  await open('/on-call')
  await page.getByRole('button', { name: 'Hand over…' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.locator('.skeleton').waitFor()
  // as it is for a dialog that has been replaced by then: its close event reaches nobody
  await page.evaluate(() => document.addEventListener('close', (event) => event.stopPropagation(), true))
  await page.keyboard.press('Escape')
  answerNow()
  await page.waitForTimeout(300)
  expect(await sheet.count()).toBe(0)
})

it('handing over shows what the next has to know, and reading it is kept (G3)', async () => {
  const { page, server } = dashboard
  server.answers.set('on-call/hand-offs', () => onCall().handOffs[0])
  server.answers.set('on-call/hand-offs/HND-2/acknowledge', () => onCall().handOffs[0])
  await open('/on-call')
  await page.getByRole('button', { name: 'Hand over…' }).click()
  const sheet = page.getByRole('dialog')
  await soon(async () => (await sheet.textContent())?.replaceAll('\u00a0', ' ')).toMatch(
    /1 critical finding and 4 warnings are open\..*GET \/inbox of messaging answers slowly.*in hand of anna.*release 4\.2/,
  )
  await sheet.getByLabel('What the numbers do not say').fill('quiet week')
  await sheet.getByRole('button', { name: 'Hand over to Ben Okafor' }).click()
  await soon(() => posts()[0]).toMatchObject({ path: 'on-call/hand-offs', body: { note: 'quiet week' } })
  await section('Hand-offs').getByRole('button', { name: 'Read it…' }).click()
  await soon(() => sheet.textContent()).toContain('The import of Tuesday is still slow.')
  await sheet.getByRole('button', { name: 'I have read it' }).click()
  await soon(() => posts().at(-1)?.path).toBe('on-call/hand-offs/HND-2/acknowledge')
})

it('g w leads there; without a schedule it says how to get one, and the bar says nothing', async () => {
  const { page, server } = dashboard
  server.answers.set('on-call', () => onCall(NO_SCHEDULE))
  server.answers.set('on-call/now', () => NO_SCHEDULE.now)
  await open('/')
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  await soon(mainText).toContain('no schedule is configured')
  expect(await page.locator('.on-call-chip').count()).toBe(0)
})
