// The Logs page in a real Chromium: classes, messages, filters in the address, one message whole, and what to do where nothing is read.

import { describe, expect, it } from 'vitest'
import { horizontalOverflow } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { HOSTILE } from './fixtures.ts'
import * as fixtures from './fixtures-logs.ts'

const dashboard = dashboardInChromium()
const { open, address, textOf } = dashboard

const LOGS = 'targets/messaging/logs'
const mainText = () => textOf('main')
const rows = (name: string) => dashboard.page.getByRole('table', { name }).locator('tbody tr:not(.spacer)')

const PAGES = [
  { path: '/logs', shows: 'A transaction was ended by a deadlock' },
  { path: '/logs?view=events', shows: 'deadlock detected' },
  { path: '/logs?view=events&open=1', shows: 'Two transactions waited' },
  { path: '/logs?view=events&open=3', shows: HOSTILE },
]

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each(PAGES)('$path fits from phone to desk and complains of nothing', async ({ path, shows }) => {
    const { page } = dashboard
    await page.emulateMedia({ colorScheme: theme })
    await page.setViewportSize({ width: 1600, height: 800 })
    await open(path)
    await page.getByText(shows).first().waitFor()
    for (const width of [1600, 1280, 1024, 640, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
    }
    expect(await mainText()).not.toMatch(/NaN|undefined|Infinity/)
    expect(dashboard.complaints).toEqual([])
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
  })
})

describe('the log (S4)', () => {
  it('is told in a sentence, the worst classes first, each with what to do', async () => {
    const { page } = dashboard
    await open('/?range=6h')
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await rows('Classes of messages').first().waitFor()
    expect(address().pathname + address().search).toBe('/logs?range=6h')
    expect(await textOf('.lead')).toMatch(/1\scritical message and 3\swarnings among 5,004\smessages/)
    await page.setViewportSize({ width: 1600, height: 900 })
    expect(await rows('Classes of messages').nth(1).textContent()).toMatch(/deadlock.*Warning.*3.*same order/)
  })

  it('opens a class as its messages by j and Enter, and a message with its statement, figures and page', async () => {
    const { page } = dashboard
    await open('/logs')
    await rows('Classes of messages').first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await soon(() => address().search).toBe('?view=events&class=deadlock')
    await soon(() => rows('Messages').count()).toBe(1)
    await rows('Messages').first().click()
    const sheet = page.locator('dialog')
    await sheet.getByText('Two transactions waited').waitFor()
    expect(address().searchParams.get('open')).toBe('1')
    expect(await sheet.textContent()).toMatch(
      /update members set seen_at[\s\S]*Waited1\ss[\s\S]*Process id4711/,
    )
    expect(await sheet.getByRole('link', { name: 'In pg_stat_statements' }).getAttribute('href')).toContain(
      '/statements/8123456789601',
    )
    await page.keyboard.press('Escape')
    await soon(() => address().searchParams.get('open')).toBe(null)
    await page.getByRole('button', { name: /show others too/ }).click()
    await soon(() => rows('Messages').count()).toBe(3)
  })

  it('is searched and narrowed by the server, with the filters in the address', async () => {
    const { page, server } = dashboard
    await open('/logs?view=events')
    await page.keyboard.press('/')
    await page.keyboard.type('like')
    await soon(() => rows('Messages').count()).toBe(1)
    expect(address().searchParams.get('search')).toBe('like')
    expect(server.asked.findLast(({ path }) => path === LOGS)?.query.get('search')).toBe('like')
    await page.getByLabel('Search messages').fill('nothing like it')
    await page.getByRole('button', { name: 'Show all' }).click()
    await soon(() => rows('Messages').count()).toBe(3)
    await page.getByLabel('Severity').selectOption('critical')
    await soon(() => rows('Messages').count()).toBe(1)
    expect(await rows('Messages').first().textContent()).toContain(HOSTILE)
  })

  it('shows a bar for each minute, and narrows the range to one by a click', async () => {
    const { page } = dashboard
    await open('/logs')
    const bar = page.getByRole('button', { name: /1 critical/, includeHidden: true })
    await bar.click()
    await soon(
      () => Number(address().searchParams.get('to')) - Number(address().searchParams.get('from')),
    ).toBe(60)
  })

  it('says which settings leave something out, with the statements that mend it', async () => {
    const { page } = dashboard
    await open('/logs')
    await page.getByText(/The log could tell more: 1\ssetting/).click()
    await page.getByText('which statements spill to disk').waitFor()
    expect(await mainText()).toContain("alter system set log_temp_files = '10MB';\nselect pg_reload_conf();")
  })
})

it('that is not read yet says why, and how to have it read', async () => {
  const { page, server } = dashboard
  server.answers.set(LOGS, () => fixtures.logs(fixtures.NO_LOG))
  await open('/logs')
  await page.getByText('is not read here yet').waitFor()
  const text = await mainText()
  expect(text).toContain('no file matches /var/log/postgresql/*.log')
  expect(text).toContain("logs: { files: '/var/lib/postgresql/18/main/log/*.log' }")
  expect(text).toContain(`${server.url}/ingest/logs/messaging`)
  expect(text).toContain('log_temp_files')
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 })
    await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
  }
})
