// Maintenance in a real Chromium: what waits for a decision first, with its exact statements, and what people decide.

import { describe, expect, it } from 'vitest'
import { horizontalOverflow } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { Refusal } from './fixture-server.ts'
import { findingDetail, findings } from './fixtures.ts'
import { maintenance } from './fixtures-maintenance.ts'

const dashboard = dashboardInChromium()
const { open, textOf } = dashboard
const mainText = async () => (await textOf('main')).replaceAll('\u00a0', ' ')
const posts = () => dashboard.server.asked.filter(({ method }) => method === 'POST')
const section = (name: string) => dashboard.page.getByRole('region', { name, exact: true })

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it('fits from phone to desk and complains of nothing', async () => {
    const { page } = dashboard
    await page.emulateMedia({ colorScheme: theme })
    await open('/maintenance')
    await page.getByText('Index by_day on message').first().waitFor()
    for (const width of [1600, 1280, 1024, 640, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
    }
    expect(await mainText()).not.toMatch(/NaN|undefined|null|Infinity/)
    expect(dashboard.complaints).toEqual([])
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
  })
})

it('tells when, what waits for whom, how far it is, and what comes by itself (M2, M3)', async () => {
  await open('/maintenance')
  await soon(mainText).toContain('The next window opens')
  await soon(() => section('To decide').textContent()).toContain('reindex index concurrently public.by_day')
  const toBeDone = (await section('To be done').textContent())!
  expect(toBeDone).toContain('1 of 2 statements are done. Migration waited 310 ms for its lock: cancelled.')
  expect(toBeDone).toMatch(/Tried again from .* 2 tries so far/)
  expect(toBeDone).toContain('decided by a rule')
  expect(toBeDone).toContain('building index: scanning table, 40 %; waits for report (session 4711)')
  const planned = (await section('Next by itself').textContent())!
  expect(planned).toContain('analyze public.delivery')
  expect(planned).toContain('A rule lets it run without asking')
  expect(await section('Ended').textContent()).toContain('must be owner of index by_day (42501)')
})

it('what was done is told with sizes, rows and what the server said (M3)', async () => {
  await open('/maintenance')
  const row = section('Ended').locator('li').first()
  await row.getByText('What was done').click()
  await soon(async () => (await row.textContent())!.replaceAll('\u00a0', ' ')).toMatch(
    /Done: The index is gone\..*4\.2 s.*→.*18,000 rows, dead rows 2,000 → 0.*Dropped by_day_ccnew.*WARNING/s,
  )
})

it('a decision wants a reason, and names who decides (M3)', async () => {
  const { page } = dashboard
  await open('/maintenance')
  await section('To decide').getByRole('button', { name: 'Approve…' }).click()
  const approve = page.getByRole('button', { name: 'Approve', exact: true })
  expect(await approve.isDisabled()).toBe(true)
  await page.getByLabel('Why: the record keeps it').fill('agreed on Monday')
  await page.getByLabel('Your name').fill('kim')
  await approve.click()
  await soon(() => posts().length).toBe(1)
  expect(posts()[0]).toMatchObject({
    path: 'maintenance/jobs/12/decide',
    body: { action: 'approve', reason: 'agreed on Monday', actor: 'kim' },
  })
  await section('Ended').getByRole('button', { name: 'Undo…' }).click()
  await page.getByText('create index concurrently members_again').first().waitFor()
})

it('a job has a page of its own, with what was done and the way back (M3)', async () => {
  const { page } = dashboard
  await open('/maintenance')
  await section('Ended').getByRole('link', { name: 'Job 9' }).click()
  await soon(() => page.url()).toContain('/maintenance/9')
  await page.getByRole('heading', { name: 'Job 9', level: 1 }).waitFor()
  await soon(async () => (await section('What was done').textContent())!.replaceAll('\u00a0', ' ')).toMatch(
    /Done: The index is gone\..*4\.2 s.*Dropped by_day_ccnew/s,
  )
  await page.getByRole('button', { name: 'Undo…' }).click()
  await page.getByLabel('Why: the record keeps it').fill('it was in use after all')
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await soon(() => posts().at(-1)).toMatchObject({
    path: 'maintenance/jobs/9/decide',
    body: { action: 'undo', reason: 'it was in use after all' },
  })
  await page.getByRole('link', { name: 'Maintenance', exact: true }).first().click()
  await section('To decide').waitFor()
})

it('a job that is not there is told so', async () => {
  dashboard.server.answers.set('maintenance/jobs/4711', () => {
    throw new Refusal(404, { code: 'record-unknown', message: 'there is no job 4711' })
  })
  await open('/maintenance/4711')
  await soon(mainText).toContain('there is no job 4711')
})

it("a finding's remedy is handed over from its page (M4)", async () => {
  const { page, server } = dashboard
  const found = findings.find(({ remedy, key }) => remedy !== undefined && !key.startsWith('duplicate'))!
  server.answers.set(`targets/messaging/findings/${encodeURIComponent(found.key)}`, () =>
    findingDetail(found),
  )
  await open(`/findings/${encodeURIComponent(found.key)}`)
  await page.getByRole('button', { name: 'Have it done…' }).click()
  await page.getByLabel('Why: the record keeps it').fill('nobody uses it')
  await page.getByRole('button', { name: 'Approve', exact: true }).click()
  await soon(() => posts().at(-1)).toMatchObject({
    path: 'maintenance/approve',
    body: { target: 'messaging', key: found.key, reason: 'nobody uses it' },
  })
})

it('g m leads there; nothing to do and only read are told', async () => {
  const { page, server } = dashboard
  server.answers.set('maintenance', () => maintenance({ jobs: [], planned: [] }))
  await open('/')
  await page.keyboard.press('g')
  await page.keyboard.press('m')
  await soon(mainText).toContain('Nothing is to be done')
  server.answers.set('maintenance', () => maintenance({ isMaintained: false }))
  await open('/maintenance')
  await soon(mainText).toContain('This target is only ever read')
})
