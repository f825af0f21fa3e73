// The built dashboard in a real Chromium, under a strict policy, against a made-up target.

import type { BrowserContext, Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { horizontalOverflow } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { type FixtureServer, Refusal } from './fixture-server.ts'
import * as fixtures from './fixtures.ts'

const UNUSED = '/findings/unused-index%3Aindex%2Fmessaging%2Fpublic%2Fmessages_body_idx'
const UNUSED_API = `targets/messaging${UNUSED}`
const OVERVIEW_API = 'targets/messaging/overview'

const dashboard = dashboardInChromium()
const { open, address, textOf, askedSpan } = dashboard
let server: FixtureServer
let context: BrowserContext
let page: Page
let complaints: readonly string[]

beforeEach(() => {
  ;({ server, context, page, complaints } = dashboard)
})

const heading = () => textOf('main h1')
const mainText = () => textOf('main')
const isHacked = () => page.evaluate(() => 'hacked' in window)
const focusedText = () => page.evaluate(() => document.activeElement?.textContent ?? '')

const PAGES = [
  { path: '/', heading: '5 things need you', shows: 'Slowest statements' },
  { path: '/findings', heading: 'Findings', shows: 'Session 4711 has held 7 others up' },
  { path: UNUSED, heading: 'Index messages_body_idx', shows: 'drop index concurrently if exists' },
  { path: '/statements', heading: 'Statements', shows: 'update members' },
  { path: '/statements/-5561034', heading: 'Statement -5561034', shows: 'Found on it' },
  { path: '/tables', heading: 'Tables', shows: 'message_recip' },
  { path: '/indexes', heading: 'Indexes', shows: '200 indexes' },
  { path: '/checks', heading: 'Checks', shows: '2 could not judge' },
]

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each(PAGES)(
    '$path fits from phone to desk, says what it should and complains of nothing',
    async (expected) => {
      await page.emulateMedia({ colorScheme: theme })
      await open(expected.path)
      await page.getByText(expected.shows).first().waitFor()
      expect(await heading()).toContain(expected.heading)
      for (const width of [1600, 1024, 390]) {
        await page.setViewportSize({ width, height: 800 })
        await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
      }
      expect(complaints).toEqual([])
      expect(await isHacked()).toBe(false)
    },
  )
})

describe('moving about', () => {
  it('goes to pages by g and a letter, to rows by j and k, and opens by Enter', async () => {
    await open('/')
    await page.keyboard.press('g')
    await page.keyboard.press('f')
    await page.waitForSelector('.finding-list')
    expect(address().pathname).toBe('/findings')
    for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key)
    expect(await focusedText()).toContain('messages_body_idx')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.evidence')
    expect(address().pathname).toBe(UNUSED)
    await page.goBack()
    await page.waitForSelector('.finding-list')
    expect(await heading()).toBe('Findings')
  })

  it('focuses the filter by /, keeps it in the address, and leaves it by Escape', async () => {
    await open('/tables')
    await page.waitForSelector('tbody tr')
    await page.keyboard.press('/')
    await page.keyboard.type('pay')
    await soon(() => page.locator('tbody tr').count()).toBe(1)
    expect(address().searchParams.get('q')).toBe('pay')
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await soon(heading).toBe('Indexes')
    expect(address().searchParams.get('q')).toBeNull()
  })

  it('shows the keys by ?, and gives the page back by Escape', async () => {
    await open('/')
    await page.keyboard.press('?')
    await page.waitForSelector('dialog[open]')
    await page.keyboard.press('g')
    await page.keyboard.press('f')
    expect(address().pathname).toBe('/')
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog', { state: 'detached' })
  })

  it('says so where there is no page', async () => {
    await page.goto(`${server.url}/nowhere`)
    await page.getByText('There is no such page').waitFor()
    await page.getByText('To the overview').click()
    await page.getByText('5 things need you').waitFor()
  })

  it('keeps target and range from page to page', async () => {
    server.answers.set('targets', () => [
      fixtures.target(),
      fixtures.target({ id: 'billing', address: 'db2/billing' }),
    ])
    server.answers.set('targets/billing/tables', () => [])
    await open('/tables?target=billing&range=6h')
    await page.getByText('Tables appear here after the first reading').waitFor()
    await page.getByLabel('Target').selectOption('messaging')
    await page.waitForSelector('tbody tr')
    await page.getByRole('link', { name: 'Statements' }).click()
    await page.waitForSelector('tbody tr')
    expect(address().search).toBe('?target=messaging&range=6h')
    expect(askedSpan('targets/messaging/statements')).toBe(21_600)
  })
})

describe('the theme', () => {
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)

  it('follows the system, can be chosen, and stays chosen over a new load', async () => {
    await open('/')
    const light = await ground()
    await page.emulateMedia({ colorScheme: 'dark' })
    const dark = await ground()
    expect(dark).not.toBe(light)
    await page.getByLabel('Theme: as the system').click()
    expect(await ground()).toBe(light)
    await page.reload()
    await page.getByLabel('Theme: light').waitFor()
    expect(await ground()).toBe(light)
    await page.getByLabel('Theme: light').click()
    await page.getByLabel('Theme: dark').click()
    await page.getByLabel('Theme: as the system').waitFor()
    expect(await ground()).toBe(dark)
  })
})

describe('charts', () => {
  it('share one cursor', async () => {
    await open('/')
    await page.locator('.chart-plot canvas').first().waitFor()
    await page.locator('.u-over').first().hover()
    const moments = await page.locator('.chart:has(canvas) [data-moment]').allTextContents()
    expect(moments.length).toBe(5)
    expect(new Set(moments).size).toBe(1)
    expect(moments[0]).toMatch(/^\d\d:\d\d$/)
  })

  it('narrow the range of the whole page by dragging, and give it back', async () => {
    await open('/?range=6h')
    const over = page.locator('.u-over').first()
    await over.scrollIntoViewIfNeeded()
    const box = (await over.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    await page.mouse.move(box.x + box.width * 0.25, box.y + 40)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40, { steps: 4 })
    await page.mouse.up()
    await soon(() => address().searchParams.has('from')).toBe(true)
    await soon(() => Math.round(askedSpan(OVERVIEW_API) / 600)).toBe(9)
    await page.getByRole('button', { name: 'Back to the range before' }).click()
    expect(address().search).toBe('?range=6h')
  })

  it('ask for the chosen range', async () => {
    await open('/')
    expect(askedSpan(OVERVIEW_API)).toBe(3600)
    await page.getByRole('button', { name: '7 d' }).click()
    await soon(() => askedSpan(OVERVIEW_API)).toBe(604_800)
  })
})

describe('muting', () => {
  async function fillMute(): Promise<void> {
    await open(UNUSED)
    await page.getByRole('button', { name: 'Mute…' }).click()
    await page.getByLabel('Reason').fill('  Dropped with the next release  ')
    await page.getByLabel('Your name').fill('ana')
    await page.getByRole('button', { name: '30 days' }).click()
  }
  const send = () => page.getByRole('button', { name: 'Mute', exact: true }).click()

  it('posts reason, day and name, and shows the finding as the server then tells it', async () => {
    const muted = fixtures.finding({
      state: 'muted',
      mutedUntil: new Date(Date.now() + 30 * 86_400_000).toISOString(),
      muteReason: 'Dropped with the next release',
    })
    let isMuted = false
    server.answers.set(UNUSED_API, () => fixtures.findingDetail(isMuted ? muted : fixtures.finding()))
    server.answers.set(`${UNUSED_API}/mute`, () => {
      isMuted = true
      return muted
    })
    await fillMute()
    await send()
    await page.getByText(/Muted until .*: Dropped with the next release/).waitFor()
    const post = server.asked.find(({ method }) => method === 'POST')
    expect(post?.path).toBe(`${UNUSED_API}/mute`)
    const body = post?.body as { reason: string; until: string; actor: string }
    expect(body).toMatchObject({ reason: 'Dropped with the next release', actor: 'ana' })
    expect((Date.parse(body.until) - Date.now()) / 86_400_000).toBeCloseTo(30, 1)

    await page.getByRole('button', { name: 'Unmute…' }).click()
    await page.getByLabel('Reason').fill('Not yet')
    await page.getByRole('button', { name: 'Unmute', exact: true }).click()
    await soon(() => server.asked.findLast(({ method }) => method === 'POST')?.body).toEqual({
      reason: 'Not yet',
      actor: 'ana',
    })
  })

  it('needs a reason', async () => {
    await open(UNUSED)
    await page.getByRole('button', { name: 'Mute…' }).click()
    const button = page.getByRole('button', { name: 'Mute', exact: true })
    expect(await button.isDisabled()).toBe(true)
    await page.getByLabel('Reason').fill('  x ')
    expect(await button.isDisabled()).toBe(true)
  })

  it('shows what the server refuses, with its hint, and keeps what was written', async () => {
    server.answers.set(`${UNUSED_API}/mute`, () => {
      throw new Refusal(409, {
        code: 'mute-refused',
        message: 'A critical finding can be muted for 7 days at most',
        hint: 'Choose fewer days.',
      })
    })
    await fillMute()
    await send()
    await page.getByText('A critical finding can be muted for 7 days at most').waitFor()
    await page.getByText('Choose fewer days.').waitFor()
    expect(await page.getByLabel('Reason').inputValue()).toContain('Dropped')
  })
})

describe('when the server falls silent', () => {
  it('keeps what it said last, says since when, and recovers by itself', async () => {
    await open('/findings')
    await page.waitForSelector('.finding-list')
    server.isSilent = true
    // what a reader does who comes back to the window: the page asks at once
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await page.getByText(/The server has not answered since \d\d:\d\d; trying again/).waitFor()
    expect(await page.locator('.finding-list li').count()).toBe(6)
    server.isSilent = false
    await page.waitForSelector('.banner', { state: 'detached' })
  })

  it('starts by itself as soon as the server does', async () => {
    await open('/checks')
    await page.waitForSelector('tbody tr')
    // the parts of the other pages have come as well
    await page.waitForLoadState('networkidle')
    server.isSilent = true
    await page.keyboard.press('g')
    await page.keyboard.press('t')
    await page.waitForSelector('.banner')
    server.isSilent = false
    await page.waitForSelector('tbody tr')
    expect(await heading()).toBe('Tables')
  })

  it('keeps the frame where a part of the dashboard does not come, and offers to load again', async () => {
    await page.route(/assets\/tables-page/, (route) => route.abort())
    await page.goto(`${server.url}/tables`)
    await page.getByText('This page could not be drawn').waitFor()
    await page.unroute(/assets\/tables-page/)
    await page.getByRole('button', { name: 'Load again' }).click()
    await page.waitForSelector('tbody tr')
  })

  it('shows an error that the server explains, with its hint', async () => {
    await page.goto(`${server.url}/findings/forgotten`)
    await page.getByText('There is no finding forgotten').waitFor()
    await page.getByText('Look at the list of findings.').waitFor()
  })
})

describe('beyond loopback', () => {
  it('asks for a token, says when it was refused, and shows who is signed in', async () => {
    let isIn = false
    server.answers.set('session', ({ method, body }) => {
      if (method === 'POST' && (body as { token?: string }).token !== 'right')
        throw new Refusal(401, { code: 'request', message: 'this token is not known' })
      isIn ||= method === 'POST'
      return isIn ? VERA : { by: null, actor: null, role: null, targets: null, expiresAt: null }
    })
    server.answers.set('session/end', () => {
      isIn = false
      return {}
    })
    server.answers.set('targets', () => {
      if (isIn) return [fixtures.target()]
      throw new Refusal(401, { code: 'request', message: 'this needs a token' })
    })
    await open('/tables')
    expect(await mainText()).not.toContain('this token is not known')
    await page.getByLabel('Token').fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByText('this token is not known').waitFor()
    await page.getByLabel('Token').fill('right')
    await page.keyboard.press('Enter')
    await page.waitForSelector('tbody tr')
    expect(await textOf('.who-am-i')).toContain('vera viewer')
    // the token is nowhere that a script could read it
    expect(
      await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])'),
    ).not.toContain('right')
    await page.getByRole('button', { name: /Sign out/ }).click()
    await page.getByRole('heading', { name: 'Who asks?' }).waitFor()
  })

  it('says what a role may not, before it is tried', async () => {
    server.answers.set('session', () => VERA)
    await open('/alerts')
    const end = page.getByRole('button', { name: 'End it' }).first()
    expect(await end.isDisabled()).toBe(true)
    expect(await end.getAttribute('title')).toContain('takes the role operator')
    await page.getByRole('button', { name: 'Silence…' }).first().click()
    await page.getByText('This takes the role operator; vera has the role viewer.').waitFor()
    expect(await page.getByText('As vera.').isVisible()).toBe(true)
    expect(await page.getByLabel('Your name').count()).toBe(0)
  })
})

it('an admin makes a token that is shown once, revokes one, and reads the audit log', async () => {
  const admin = { ...VERA, actor: 'admin', role: 'admin' }
  const ada = {
    id: '1',
    name: 'ada',
    role: 'operator',
    targets: null,
    createdAt: '2026-11-01T00:00:00.000Z',
    createdBy: 'admin',
    expiresAt: null,
    lastUsedAt: '2026-11-20T00:00:00.000Z',
    revokedAt: null,
    revokedBy: null,
  }
  const hostile = '<img src=x onerror="window.hacked=1">'
  server.answers.set('session', () => admin)
  server.answers.set('/api/admin/tokens', ({ method }) =>
    method === 'POST' ? { ...ada, name: 'ci', token: 'pgst_shown-once' } : [ada],
  )
  server.answers.set('/api/admin/tokens/ada/revoke', () => ada)
  server.answers.set('/api/admin/sessions', () => [
    {
      id: '7',
      actor: 'ada',
      role: 'operator',
      createdAt: ada.createdAt,
      lastSeenAt: ada.createdAt,
      expiresAt: ada.createdAt,
      address: '192.0.2.1',
      agent: hostile,
    },
  ])
  server.answers.set('/api/admin/audit', () => [
    {
      id: '9',
      at: ada.createdAt,
      actor: 'vera',
      role: 'viewer',
      by: 'token',
      address: '192.0.2.1',
      action: 'POST /api/v1/changes',
      path: `/api/v1/changes/${hostile}`,
      target: null,
      status: 403,
      outcome: 'refused',
      because: 'this takes the role operator; vera has the role viewer',
    },
  ])
  await open('/')
  await page.keyboard.press('g')
  await page.keyboard.press('y')
  await page.getByRole('heading', { name: 'Access' }).waitFor()
  await page.getByText('Refused 403').waitFor()
  expect(await mainText()).toContain('this takes the role operator; vera has the role viewer')
  expect(await horizontalOverflow(page)).toBe(0)
  await page.getByRole('button', { name: 'Make a token…' }).click()
  await page.getByLabel(/Name/).fill('ci')
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByText('pgst_shown-once').waitFor()
  expect(server.asked.findLast(({ method }) => method === 'POST')?.body).toMatchObject({
    name: 'ci',
    role: 'viewer',
    expiresAt: expect.any(String),
  })
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Revoke ada' }).click()
  await soon(() => server.asked.some(({ path }) => path === '/api/admin/tokens/ada/revoke')).toBe(true)
  expect(await isHacked()).toBe(false)
  expect(complaints).toEqual([])
})

it('on loopback, where nobody is known, Access asks who it is; who is no admin is told so', async () => {
  await open('/access')
  await page.getByLabel('Token').waitFor()
  server.answers.set('session', () => VERA)
  await open('/access')
  await page.getByText('This takes the role admin; vera has the role viewer.').waitFor()
})

const VERA = {
  by: 'session',
  actor: 'vera',
  role: 'viewer',
  targets: null,
  expiresAt: '2027-01-01T00:00:00.000Z',
}

describe('with little to show', () => {
  it('says how to begin when nothing is watched', async () => {
    server.answers.set('targets', () => [])
    await open('/')
    expect(await mainText()).toContain('npx pgsteward watch')
  })

  const nothing = (more: Parameters<typeof fixtures.overview>[1]) =>
    fixtures.overview(
      { from: 1, to: 2 },
      {
        findings: [],
        series: [],
        metrics: {
          targetId: 'messaging',
          at: null,
          intervalSeconds: null,
          connections: { total: 0, active: 0, idle: 0, idleInTransaction: 0, waiting: 0, usable: 0 },
          queriesPerSecond: null,
          transactionsPerSecond: null,
          cacheHitRatio: null,
          indexUsageRatio: null,
          slowestStatements: [],
          tables: [],
          databaseBytes: null,
        },
        ...more,
      },
    )

  it('is quiet when all is quiet', async () => {
    server.answers.set(OVERVIEW_API, () => nothing({ headline: 'All is quiet' }))
    await open('/')
    expect(await heading()).toBe('All is quiet')
    const text = await mainText()
    expect(text).toContain('No finding is open')
    expect(text).toContain('Charts appear here')
    expect(text).not.toMatch(/NaN|undefined|null|Infinity/)
  })

  it('takes no silence of a target that is down for good news, and says why it is down', async () => {
    server.answers.set(OVERVIEW_API, () =>
      nothing({
        target: fixtures.target({ status: 'down', because: 'connection refused', lastReadAt: null }),
      }),
    )
    await open('/')
    const text = await mainText()
    expect(text).toContain('The target does not answer: connection refused')
    expect(text).toContain('nothing can be judged')
    expect(text).not.toContain('Quiet')
  })

  it('says what the target lacks', async () => {
    server.answers.set(OVERVIEW_API, () =>
      nothing({ target: fixtures.target({ lacks: ['pg_stat_statements: no statements are seen'] }) }),
    )
    await open('/')
    await page.getByText('1 thing is missing on the target').click()
    expect(await mainText()).toContain('pg_stat_statements: no statements are seen')
  })

  it.each([
    ['findings', 'No finding is open'],
    ['statements', 'No statement ran in this range'],
    ['tables', 'Tables appear here'],
    ['indexes', 'Indexes appear here'],
    ['checks', 'Checks appear here'],
  ])('says on the page of %s what would be there', async (name, words) => {
    server.answers.set(`targets/messaging/${name}`, () => [])
    await open(`/${name}`)
    await page.getByText(words).waitFor()
  })
})

describe('hostile names', () => {
  it('are text on every page, in the title, in sheets and in the page of a check', async () => {
    await open('/tables')
    await page.getByRole('button', { name: fixtures.HOSTILE }).click()
    expect(await textOf('dialog h2')).toBe(fixtures.HOSTILE)
    await page.keyboard.press('Escape')
    await page.goto(server.url)
    await page.getByText(`Index ${fixtures.HOSTILE} does what`).click()
    await page.waitForSelector('.evidence')
    expect(await heading()).toContain(fixtures.HOSTILE)
    expect(await mainText()).toContain('<script>window.hacked = 1</script>')
    await soon(() => page.title()).toContain(fixtures.HOSTILE)
    expect(await page.locator('main img').count()).toBe(0)
    expect(await isHacked()).toBe(false)
    expect(complaints).toEqual([])
  })
})

describe('tables', () => {
  it('sort by a click on the head, and tell assistive technology', async () => {
    await open('/tables')
    const names = () => page.locator('tbody tr td:first-child').allTextContents()
    await page.waitForSelector('tbody tr')
    expect((await names())[0]).toBe('messages')
    await page.getByRole('button', { name: 'Table', exact: true }).click()
    await soon(async () => (await names()).slice(1, 4)).toEqual(['audit.audit_log', 'deliveries', 'members'])
    expect(await textOf('th[aria-sort="ascending"]')).toBe('Table')
    await page.getByRole('button', { name: 'Table', exact: true }).click()
    expect(await textOf('th[aria-sort="descending"]')).toBe('Table')
    expect(address().searchParams.get('sort')).toBe('table.desc')
  })

  it('copy what they show as CSV', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await open('/tables?q=pay')
    await page.getByRole('button', { name: 'Copy as CSV' }).click()
    await page.getByText('Copied').waitFor()
    const [head, row, ...rest] = (await page.evaluate(() => navigator.clipboard.readText())).split('\r\n')
    expect(head).toMatch(/^Table,Rows,Total,/)
    expect(row).toMatch(/^payments,240000,134217728,/)
    expect(rest).toEqual([])
  })

  it('hold 100,000 rows, of which only those in sight are drawn', async () => {
    server.answers.set('targets/messaging/indexes', () => fixtures.indexes(100_000))
    await open('/indexes?sort=index.asc')
    await page.waitForSelector('tbody tr td')
    expect(await page.locator('table').getAttribute('aria-rowcount')).toBe('100001')
    const drawn = () => page.locator('tbody tr:not(.spacer)').count()
    expect(await drawn()).toBeLessThan(100)
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
    await page.waitForSelector('tr[aria-rowindex="100001"]')
    expect(await drawn()).toBeLessThan(100)
    // the keyboard walks on where the mouse has scrolled to, over the edge of what was drawn
    for (let step = 0; step < 40; step += 1) await page.keyboard.press('k')
    await soon(() => page.evaluate(() => document.activeElement?.hasAttribute('data-row'))).toBe(true)
    await page.keyboard.press('/')
    await page.keyboard.type('column_99999_')
    await soon(() => page.locator('tbody tr:not(.spacer)').count()).toBe(1)
  }, 120_000)

  it('show a statement whole where the focus is', async () => {
    await open('/statements')
    await page.waitForSelector('tbody tr')
    await page.keyboard.press('j')
    await soon(() => textOf('.sql-peek')).toBe(fixtures.statements[0]?.text)
  })
})
