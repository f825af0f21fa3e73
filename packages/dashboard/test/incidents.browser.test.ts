// Incidents and optimization records in a real Chromium: what hurts first, the timeline, what people add, before and after.

import { describe, expect, it } from 'vitest'
import { horizontalOverflow } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { findingDetail, findings } from './fixtures.ts'
import { incident, reviewed } from './fixtures-incidents.ts'

const dashboard = dashboardInChromium()
const { open, textOf } = dashboard
const mainText = async () => (await textOf('main')).replaceAll('\u00a0', ' ')
const posts = () => dashboard.server.asked.filter(({ method }) => method === 'POST')
const section = (name: string) => dashboard.page.getByRole('region', { name, exact: true })

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each([
    ['/incidents', 'Nobody can pay'],
    ['/incidents/INC-7', 'pool raised to 40'],
    ['/incidents/INC-5', 'add plan-check to CI'],
    ['/optimizations', 'Index by_month is bloated'],
    ['/optimizations/OPT-3', 'create index concurrently by_day'],
  ])('%s fits from phone to desk and complains of nothing', async (path, text) => {
    const { page } = dashboard
    await page.emulateMedia({ colorScheme: theme })
    await open(path)
    await page.getByText(text).first().waitFor()
    for (const width of [1600, 1024, 640, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
    }
    expect(await mainText()).not.toMatch(/NaN|undefined|null|Infinity/)
    expect(dashboard.complaints).toEqual([])
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
  })
})

it('what hurts comes first, then what is left to do; with how quick the team is', async () => {
  const { page } = dashboard
  await open('/')
  await page.keyboard.press('g')
  await page.keyboard.press('n')
  await soon(() => section('Now').textContent()).toContain('kim commands, 2 alerts')
  const left = (await section('To be finished').textContent())!.replaceAll('\u00a0', ' ')
  expect(left).toContain('to be reviewed')
  expect(left).toContain('over in 40 min')
  expect(left).toContain('1 action item open')
  expect((await section('The last 90 days').textContent())!.replaceAll('\u00a0', ' ')).toMatch(
    /To detect1 min.*median of 6; 90 days before –.*To recover31 min.*Reviewed75 %3 of 4/s,
  )
})

it('one incident: times, alerts, timeline; a note is written down with who (G4)', async () => {
  const { page } = dashboard
  await open('/incidents/INC-7')
  await soon(async () => (await section('Times').textContent())!.replaceAll('\u00a0', ' ')).toMatch(
    /To detect2 min.*To acknowledge4 min.*To recover–.*not over/s,
  )
  expect(await section('Timeline').locator('li').first().textContent()).toContain('version 1.4 to 1.5')
  await page.getByRole('button', { name: 'Note…' }).click()
  await page.getByLabel('What was seen or done').fill('web-2 restarted')
  await page.getByLabel('Your name').fill('kim')
  await page.getByRole('button', { name: 'Write down' }).click()
  await soon(() => posts().at(-1)).toMatchObject({
    path: 'incidents/INC-7/entries',
    body: { action: 'noted', text: 'web-2 restarted', actor: 'kim' },
  })
})

it('an incident that is over is reviewed, with action items that have an owner and a day', async () => {
  const { page, server } = dashboard
  server.answers.set('incidents/INC-7', () => incident({ state: 'resolved' }))
  await open('/incidents/INC-7')
  await page.getByRole('button', { name: 'Review…' }).click()
  const send = page.getByRole('button', { name: 'Review', exact: true })
  await page.getByLabel('What happened').fill('a release')
  await page.getByLabel('Whom it hurt, how much, how long').fill('payments')
  await page.getByLabel('Why it could happen').fill('no plan check')
  await page.getByLabel(/^Action items/).fill('soon')
  expect(await send.isDisabled()).toBe(true)
  await page.getByLabel(/^Action items/).fill('ada 2026-12-01 add plan-check')
  await send.click()
  await soon(() => posts().at(-1)?.body).toMatchObject({
    action: 'reviewed',
    review: {
      rootCause: 'no plan check',
      actionItems: [{ owner: 'ada', due: '2026-12-01', text: 'add plan-check' }],
    },
  })
  server.answers.set('incidents/INC-7', () => reviewed)
  await open('/incidents/INC-7')
  await section('Review').getByRole('button', { name: 'Done…' }).click()
  await page.getByRole('button', { name: 'Done', exact: true }).click()
  await soon(() => posts().at(-1)?.body).toMatchObject({ action: 'action-done', item: 0 })
})

it('an optimization is told with its steps, before and after, and who decided (G6)', async () => {
  await open('/optimizations/OPT-3')
  await soon(mainText).toContain('12 min 58 s of database time saved a day (3.1 %), 2 MB more space')
  expect(await dashboard.page.getByRole('list', { name: 'Steps' }).locator('li').count()).toBe(7)
  expect((await section('Before and after').textContent())!.replaceAll('\u00a0', ' ')).toMatch(
    /60 ms6 ms4004.*improved/,
  )
  expect(await mainText()).toMatch(/By job 12 on .*, decided by kim/)
})

it("a finding's page shows its filled runbook", async () => {
  const { page, server } = dashboard
  const found = findings[0]!
  server.answers.set(`targets/messaging/findings/${encodeURIComponent(found.key)}`, () => ({
    ...findingDetail(found),
    runbook: '# Runbook\n\n## First five minutes\n\n```sql\nselect 4711;\n```\n',
  }))
  await open(`/findings/${encodeURIComponent(found.key)}`)
  const runbook = page.locator('details.runbook')
  await runbook.waitFor()
  if (!(await runbook.evaluate((each) => (each as HTMLDetailsElement).open)))
    await runbook.locator('summary').click()
  await soon(() => runbook.textContent()).toContain('select 4711;')
})
