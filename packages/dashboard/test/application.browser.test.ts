// The application side of the dashboard in a real Chromium: applications, slow queries, and the way between them and statements.

import { describe, expect, it } from 'vitest'
import { unplacedApplicationWire } from '../../pgsteward/src/model/wire.ts'
import { horizontalOverflow } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { Refusal } from './fixture-server.ts'
import { ago, HOSTILE } from './fixtures.ts'
import * as fixtures from './fixtures-application.ts'

const dashboard = dashboardInChromium()
const { open, address, textOf, askedSpan } = dashboard

const MESSAGING = '/applications/messaging'
const MESSAGING_API = 'targets/messaging/applications/messaging'
const SLOW_API = 'targets/messaging/slow-queries'
const LEAK = '/findings/connection-leak%3Apool%2Fmessaging%2Fprimary'
const mainText = () => textOf('main')
const rows = () => dashboard.page.locator('main tbody tr')
const isHacked = () => dashboard.page.evaluate(() => 'hacked' in window)

/** One application alone, as it answers over the span that was asked for. */
function answerWith(application: ReturnType<typeof fixtures.application>, isWell = false): void {
  dashboard.server.answers.set(MESSAGING_API, ({ query }) =>
    fixtures.applicationDetail(
      application,
      { from: Date.parse(query.get('from') ?? '') / 1000, to: Date.parse(query.get('to') ?? '') / 1000 },
      isWell,
    ),
  )
}

const PAGES = [
  { path: '/applications', heading: 'Applications', shows: '14 waiting' },
  { path: MESSAGING, heading: 'messaging', shows: '2 things need you, 1 of them now' },
  { path: `${MESSAGING}?show=repeats`, heading: 'messaging', shows: 'Times' },
  { path: `${MESSAGING}?show=models`, heading: 'messaging', shows: 'Delivery.create' },
  { path: `${MESSAGING}?show=statements`, heading: 'messaging', shows: 'src/search/messages.ts:112' },
  { path: `${MESSAGING}?show=pools`, heading: 'messaging', shows: '10 of 10' },
  { path: `${MESSAGING}?show=calls`, heading: 'messaging', shows: 'POST carrier.example:443' },
  { path: `${MESSAGING}?show=metrics`, heading: 'messaging', shows: 'channel=sms' },
  { path: '/applications/billing-worker', heading: 'billing-worker', shows: 'OpenTelemetry SDK' },
  { path: '/slow-queries', heading: 'Slow queries', shows: 'Message.findMany' },
  { path: '/slow-queries?view=latest', heading: 'Slow queries', shows: '3.5' },
  { path: LEAK, heading: 'not given back', shows: 'pool primary of messaging' },
]

/** The tables of one application share their looks; one theme is enough for them. */
describe.each([
  ['light', PAGES],
  ['dark', PAGES.filter(({ path }) => !path.includes('?show='))],
] as const)('in the %s theme', (theme, pages) => {
  it.each(pages)(
    '$path fits from phone to desk, says what it should and complains of nothing',
    async (expected) => {
      const { page } = dashboard
      await page.emulateMedia({ colorScheme: theme })
      await page.setViewportSize({ width: 1600, height: 800 })
      await open(expected.path)
      await page.getByText(expected.shows).first().waitFor()
      await soon(() => textOf('main h1')).toContain(expected.heading)
      for (const width of [1600, 1280, 1024, 640, 390]) {
        await page.setViewportSize({ width, height: 800 })
        await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
      }
      expect(await mainText()).not.toMatch(/NaN|undefined|null|Infinity/)
      expect(dashboard.complaints).toEqual([])
      expect(await isHacked()).toBe(false)
    },
  )
})

describe('the list of applications', () => {
  it('leads to the application that was chosen, by g a and Enter, and keeps the range', async () => {
    const { page } = dashboard
    await open('/?range=6h')
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await rows().first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'messaging', exact: true }).waitFor()
    expect(address().pathname + address().search).toBe(`${MESSAGING}?range=6h`)
    expect(askedSpan(MESSAGING_API)).toBe(21_600)
  })

  it('says which application has fallen silent', async () => {
    await open('/applications')
    const silent = rows().filter({ hasText: 'silent' })
    await silent.waitFor()
    expect(await silent.count()).toBe(1)
    expect(await silent.textContent()).toContain(HOSTILE)
  })

  it('shows while none reports how one is added, with the address of this server', async () => {
    const { page, server } = dashboard
    server.answers.set('targets/messaging/applications', () => [])
    await open('/applications')
    await page.getByText('No application says what it asks').waitFor()
    const text = await mainText()
    expect(text).toContain(`endpoint: '${server.url}'`)
    expect(text).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${server.url}`)
  })

  it('names what reports and belongs to no target, with the reason', async () => {
    dashboard.server.answers.set('unplaced-applications', () => [
      unplacedApplicationWire.parse({
        application: HOSTILE,
        endpoint: null,
        because: 'it names no database, and there are 2 targets',
        reports: 3,
        lastSeenAt: ago(5000),
      }),
    ])
    await open('/applications')
    await dashboard.page.getByText('it names no database, and there are 2 targets').waitFor()
    expect(await isHacked()).toBe(false)
  })

  it('shows an error that the server explains for an application that is not known', async () => {
    dashboard.server.answers.set('targets/messaging/applications/gone', () => {
      throw new Refusal(404, {
        code: 'usage',
        message: 'there is no application "gone"',
        hint: 'See the list.',
      })
    })
    await dashboard.page.goto(`${dashboard.server.url}/applications/gone`)
    await dashboard.page.getByText('there is no application "gone"').waitFor()
    await dashboard.page.getByText('See the list.').waitFor()
  })
})

describe('an application', () => {
  it('says in a sentence that it is well, and shows no findings then', async () => {
    answerWith(fixtures.application(), true)
    await open(MESSAGING)
    expect(await textOf('.lead')).toBe(
      'Nothing is found wrong: 41.7 requests a second, 95\u00a0% of them within 84\u00a0ms, none failed.',
    )
    expect(await dashboard.page.getByText('Found in it').count()).toBe(0)
  })

  it('says what was left out because of a bound', async () => {
    answerWith(fixtures.application({ dropped: { statements: 120, events: 0 } }))
    await open(MESSAGING)
    await dashboard.page.getByText('a bound was reached: 120 statements.').waitFor()
  })

  it('keeps the chosen table in the address, with its filter, over a new load', async () => {
    const { page } = dashboard
    await open(MESSAGING)
    await page
      .getByRole('link', { name: /^Statements/ })
      .last()
      .click()
    await soon(() => address().searchParams.get('show')).toBe('statements')
    await page.keyboard.press('/')
    await page.keyboard.type('search/messages.ts')
    await soon(() => rows().count()).toBe(1)
    await page.reload()
    await soon(() => rows().count()).toBe(1)
    await page.getByRole('link', { name: /^Routes/ }).click()
    await soon(() => rows().count()).toBe(6)
    expect(address().searchParams.get('q')).toBeNull()
  })

  it('opens on what it has: a worker without requests shows its statements', async () => {
    await open('/applications/billing-worker')
    await rows().first().waitFor()
    expect(await textOf('.tabs [aria-current]')).toMatch(/^Statements/)
    await dashboard.page.getByRole('link', { name: /^Pools/ }).click()
    await dashboard.page.getByText('Nothing tells of pools.').waitFor()
  })

  it('leads from a route to the statements that it sends, and from one of them to pg_stat_statements and back', async () => {
    const { page } = dashboard
    await open(MESSAGING)
    await page.getByRole('button', { name: 'GET /conversations/:id' }).click()
    await page.getByRole('link', { name: 'Its statements' }).click()
    await soon(() => rows().count()).toBe(2)
    expect(address().searchParams.get('q')).toBe('GET /conversations/:id')
    await page.getByRole('button', { name: /Message\.findMany/ }).click()
    expect(await textOf('dialog')).toContain('src/routes/conversations.ts:58')
    await page.getByRole('link', { name: 'In pg_stat_statements' }).click()
    await page.getByRole('heading', { name: 'Statement -5561034' }).waitFor()
    const sender = page.getByRole('table', { name: 'Sent by' }).locator('tbody tr').first()
    expect(await sender.textContent()).toContain('src/routes/conversations.ts:58')
    await sender.click()
    await page.getByRole('link', { name: 'Its route' }).click()
    await soon(() => address().pathname).toBe(MESSAGING)
    await soon(() => rows().count()).toBe(1)
  })

  it('shows for N+1 the place, how often a request repeats it, and what mends it', async () => {
    const { page } = dashboard
    await open(`${MESSAGING}?show=repeats`)
    await page.getByRole('button', { name: /Member\.findUnique/ }).click()
    const text = await textOf('dialog')
    expect(text).toContain('One request sends this 50 times')
    expect(text).toContain('src/routes/conversations.ts:64')
    expect(text).toContain('include')
  })

  it('copies what a table shows as CSV, with the model in a column of its own', async () => {
    const { page, context } = dashboard
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await open(`${MESSAGING}?show=statements&q=INSERT`)
    await soon(() => rows().count()).toBe(1)
    await page.getByRole('button', { name: 'Copy as CSV' }).click()
    await page.getByText('Copied').waitFor()
    const [head, row] = (await page.evaluate(() => navigator.clipboard.readText())).split('\r\n')
    expect(head).toMatch(/^Statement,Model and action,Place,Route,/)
    expect(row).toContain(',Delivery.create,src/broadcasts/send.ts:33,POST /broadcasts/:id/send,')
  })
})

describe('slow queries', () => {
  it('are narrowed by application, route and statement in the address, and asked of the server so', async () => {
    const { page, server } = dashboard
    await open('/slow-queries')
    await page.getByLabel('Application', { exact: true }).selectOption('messaging')
    await page.getByLabel('Route', { exact: true }).selectOption('GET /conversations/:id')
    await soon(() => rows().count()).toBe(1)
    await rows().first().click()
    await page.getByRole('link', { name: 'One by one, with parameters' }).click()
    await soon(() => rows().count()).toBeGreaterThan(5)
    expect(Object.fromEntries(address().searchParams)).toEqual({
      view: 'latest',
      application: 'messaging',
      route: 'GET /conversations/:id',
      fingerprint: '8f2c41aa90b1d7e3',
    })
    const asked = server.asked.findLast(({ path }) => path === SLOW_API)?.query
    expect(asked?.get('fingerprint')).toBe('8f2c41aa90b1d7e3')
    expect(asked?.get('route')).toBe('GET /conversations/:id')
    await page.getByRole('button', { name: 'show all statements' }).click()
    await soon(() => address().searchParams.has('fingerprint')).toBe(false)
  })

  it('open whole from an address that someone sent, and close by Escape', async () => {
    const { page } = dashboard
    await open('/slow-queries?view=latest&open=slow-6')
    await page.waitForSelector('dialog[open]')
    const text = await textOf('dialog')
    for (const words of [
      'SQLSTATE 57014',
      '[redacted]',
      HOSTILE,
      'src/broadcasts/send.ts:33',
      '4bf92f3577b34da6',
    ])
      expect(text).toContain(words)
    expect(await isHacked()).toBe(false)
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog', { state: 'detached' })
    expect(address().search).toBe('?view=latest')
  })

  it('say that one is no longer among those shown', async () => {
    await open('/slow-queries?view=latest&open=slow-9999')
    await dashboard.page.getByText('is not among the latest').waitFor()
  })

  it('lead to the statement as the server counts it', async () => {
    const { page } = dashboard
    await open('/slow-queries?view=latest&open=slow-1')
    await page.getByRole('link', { name: 'In pg_stat_statements' }).click()
    await page.getByRole('heading', { name: 'Statement -5561034' }).waitFor()
    await page.getByRole('table', { name: 'When it was slow' }).locator('tbody tr').nth(1).click()
    await soon(() => address().searchParams.get('open')).toBe('slow-1')
  })

  const none = { groups: [], latest: [], kept: 0, dropped: 0 }

  it('say that all is quiet, or that nothing can be known, which is not the same', async () => {
    const { page, server } = dashboard
    server.answers.set(SLOW_API, () => ({ ...none, hasSource: true }))
    await open('/slow-queries')
    await page.getByText('Quiet').waitFor()
    server.answers.set(SLOW_API, () => ({ ...none, hasSource: false }))
    await page.reload()
    await page.getByText('No slow query is known yet').waitFor()
    expect(await mainText()).not.toContain('Quiet')
  })

  it('offer the way back where the filter leaves nothing', async () => {
    const { page } = dashboard
    await open('/slow-queries?fingerprint=ffff')
    await page.getByRole('button', { name: 'Show all', exact: true }).click()
    await rows().first().waitFor()
    expect(address().search).toBe('')
  })
})

describe('elsewhere', () => {
  it('the overview shows applications beside the server, and nothing where none reports', async () => {
    const { page, server } = dashboard
    await open('/')
    await page.getByRole('table', { name: 'Applications' }).getByText('messaging', { exact: true }).click()
    await page.getByRole('heading', { name: 'messaging', exact: true }).waitFor()
    server.answers.set('targets/messaging/applications', () => [])
    await open('/')
    await page.getByText('Slowest statements').waitFor()
    await soon(() => page.getByRole('table', { name: 'Applications' }).count()).toBe(0)
  })

  it('a finding about an application leads to its row there, and to the statements of the server', async () => {
    const { page } = dashboard
    const key = fixtures.applicationFindings[1]?.key ?? ''
    await open(`/findings/${encodeURIComponent(key)}`)
    await page.getByRole('link', { name: '8123456789090' }).waitFor()
    await page.getByRole('link', { name: 'GET /conversations/:id: Member.findUnique in messaging' }).click()
    await soon(() => address().searchParams.get('show')).toBe('statements')
    await soon(() => rows().count()).toBe(1)
    expect(await rows().first().textContent()).toContain('Member.findUnique')
  })

  it('a phone has the rest of the pages behind More', async () => {
    const { page } = dashboard
    await page.setViewportSize({ width: 390, height: 800 })
    await open('/')
    const indexes = page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: /Indexes/ })
    expect(await indexes.isVisible()).toBe(false)
    await page.getByRole('button', { name: 'More' }).click()
    await indexes.click()
    await page.getByRole('heading', { name: 'Indexes' }).waitFor()
    await soon(() => indexes.isVisible()).toBe(false)
  })
})
