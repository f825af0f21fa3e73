// The alerts of the dashboard in a real Chromium: what is firing, what could not be told, and what people do about it.

import { describe, expect, it } from 'vitest'
import { horizontalOverflow } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { Refusal } from './fixture-server.ts'
import { findingDetail, findings } from './fixtures.ts'
import { alerts, NO_ALERTS } from './fixtures-alerts.ts'

const dashboard = dashboardInChromium()
const { open, textOf } = dashboard
const mainText = () => textOf('main')
const posts = () => dashboard.server.asked.filter(({ method }) => method === 'POST')
const section = (name: string) => dashboard.page.getByRole('region', { name })

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it('fits from phone to desk and complains of nothing', async () => {
    const { page } = dashboard
    await page.emulateMedia({ colorScheme: theme })
    await open('/alerts')
    await page.getByText('GET /inbox of messaging').first().waitFor()
    for (const width of [1600, 1280, 1024, 640, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
    }
    expect(await mainText()).not.toMatch(/NaN|undefined|null|Infinity/)
    expect(dashboard.complaints).toEqual([])
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
  })
})

it('says who was told, who has it in hand, and what nobody hears of', async () => {
  await open('/alerts')
  await soon(mainText).toMatch(/Told to pager, devops-alerts, escalates/)
  const text = await mainText()
  expect(text).toMatch(/in hand of ada until/)
  expect(text).toContain('Nobody was told: release 4.2')
  await dashboard.page.getByRole('link', { name: 'GET /inbox of messaging' }).first().click()
  await soon(() => dashboard.address().pathname).toContain('/findings/')
})

it('what did not arrive stands first, with why', async () => {
  await open('/alerts')
  const rows = section('Sent').locator('li')
  await soon(() => rows.count()).toBe(10)
  expect(await rows.nth(0).textContent()).toMatch(/audit.*Given up.*HTTP 422/)
  expect(await rows.nth(1).textContent()).toMatch(
    /devops-alerts.*Tried again, 4\stries.*HTTP 404: no_service/,
  )
  await section('Sent').getByRole('button', { name: 'All 17' }).click()
  await soon(() => rows.count()).toBe(17)
})

it('an alert is taken in hand for a while, with a name that is remembered', async () => {
  const { page } = dashboard
  dashboard.server.answers.set('alerts/acknowledge', () => alerts().alerts[2])
  await open('/alerts')
  await page.getByRole('button', { name: 'Take in hand' }).first().click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('button', { name: '4 h' }).click()
  await sheet.getByLabel('What is being done').fill('the index is being built')
  await sheet.getByLabel('Your name').fill('ada')
  await sheet.getByRole('button', { name: 'Take in hand' }).click()
  await soon(() => sheet.count()).toBe(0)
  const [post] = posts()
  expect(post).toMatchObject({
    path: 'alerts/acknowledge',
    body: {
      target: 'messaging',
      key: 'slow-route:route/messaging/GET /inbox',
      actor: 'ada',
      because: 'the index is being built',
    },
  })
  const until = Date.parse((post!.body as { until: string }).until)
  expect(Math.abs(until - Date.now() - 4 * 3_600_000)).toBeLessThan(120_000)
  await page.getByRole('button', { name: 'Take in hand' }).first().click()
  expect(await sheet.getByLabel('Your name').inputValue()).toBe('ada')
})

it('a silence is made with a reason, for this target or all', async () => {
  const { page } = dashboard
  dashboard.server.answers.set('alerts/silences', () => alerts().silences[0])
  await open('/alerts')
  await page.getByRole('button', { name: 'Silence…' }).click()
  const sheet = page.getByRole('dialog')
  expect(await sheet.getByRole('button', { name: 'Silence' }).isDisabled()).toBe(true)
  await sheet.getByLabel('Why').fill('release 4.3')
  await sheet.getByLabel(/^Checks/).fill('deadlocks, slow-route')
  await sheet.getByRole('button', { name: 'Silence' }).click()
  await soon(() => sheet.count()).toBe(0)
  expect(posts()[0]).toMatchObject({
    path: 'alerts/silences',
    body: { match: { targets: ['messaging'], checks: ['deadlocks', 'slow-route'] }, because: 'release 4.3' },
  })
})

it('a refusal stays in the sheet, with what to do', async () => {
  const { page } = dashboard
  dashboard.server.answers.set('alerts/silences', () => {
    throw new Refusal(400, { code: 'usage', message: 'a silence lasts 30 days at most', hint: 'Mute it.' })
  })
  await open('/alerts')
  await page.getByRole('button', { name: 'Silence…' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Why').fill('release 4.3')
  await sheet.getByRole('button', { name: 'Silence' }).click()
  await soon(async () => (await sheet.textContent()) ?? '').toMatch(/30 days at most[\s\S]*Mute it/)
})

it('a silence in force can be ended', async () => {
  dashboard.server.answers.set('alerts/silences/7/end', () => ({}))
  await open('/alerts')
  await section('Silences').getByRole('button', { name: 'End it' }).click()
  await soon(() => posts().map(({ path }) => path)).toEqual(['alerts/silences/7/end'])
})

it('a channel is tried, and what came of it is said', async () => {
  dashboard.server.answers.set('alerts/test', ({ body }) => {
    const { channel } = body as { channel: string }
    return { channel, isSent: channel === 'pager', because: channel === 'pager' ? null : 'HTTP 404' }
  })
  await open('/alerts')
  const channels = section('Channels')
  await soon(async () => (await channels.textContent()) ?? '').toContain('Fails HTTP 404: no_service')
  await channels.getByRole('button', { name: 'Try pager' }).click()
  await soon(async () => (await channels.textContent()) ?? '').toContain('It was taken')
  await channels.getByRole('button', { name: 'Try devops-alerts' }).click()
  await soon(async () => (await channels.textContent()) ?? '').toContain('Not taken: HTTP 404')
})

it('without channels it says that nobody is told, and how that is changed', async () => {
  dashboard.server.answers.set('alerts', () => alerts(NO_ALERTS))
  await open('/alerts')
  await soon(mainText).toContain('Nobody is told of findings: no channel is configured.')
  expect(await mainText()).toContain('alerts.channels')
})

it('a finding says who was told of it, and can be taken in hand there', async () => {
  const { page } = dashboard
  const found = findings[0]!
  dashboard.server.answers.set(`targets/messaging/findings/${encodeURIComponent(found.key)}`, () => ({
    ...findingDetail(found),
    alert: { ...alerts().alerts[0], findingKey: found.key },
  }))
  dashboard.server.answers.set('alerts/acknowledge', () => alerts().alerts[2])
  await open(`/findings/${encodeURIComponent(found.key)}`)
  await soon(mainText).toContain('Told to pager, devops-alerts, escalates')
  await page.getByRole('button', { name: 'Take in hand…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take in hand' }).click()
  await soon(() => posts().map(({ body }) => (body as { key: string }).key)).toEqual([found.key])
})

it('is reached by g e', async () => {
  const { page } = dashboard
  await open('/')
  await page.keyboard.press('g')
  await page.keyboard.press('e')
  await soon(() => dashboard.address().pathname).toBe('/alerts')
})
