// The advice of the dashboard in a real Chromium: every state of the search, the advised indexes, scripts, measured effects, and the
// ways to and from findings, statements and tables.

import { describe, expect, it } from 'vitest'
import { horizontalOverflow } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { Refusal } from './fixture-server.ts'
import { finding, HOSTILE, target } from './fixtures.ts'
import * as fixtures from './fixtures-advice.ts'

const dashboard = dashboardInChromium()
const { open, address, textOf } = dashboard

const ADVICE = 'targets/messaging/advice'
const EFFECTS = 'targets/messaging/index-effects'
const FIRST = 'message_recipients_member_id_read_at_idx'
const mainText = () => textOf('main')
const advisedRows = () =>
  dashboard.page.getByRole('table', { name: 'Advised indexes' }).locator('tbody tr:not(.spacer)')
const answerWith = (more: Parameters<typeof fixtures.advice>[0]) =>
  dashboard.server.answers.set(ADVICE, () => fixtures.advice(more))
const posts = () => dashboard.server.asked.filter(({ method }) => method === 'POST').map(({ path }) => path)

const PAGES = [
  { path: '/advice', heading: 'Advice', shows: 'message_recipients' },
  { path: `/advice/${FIRST}`, heading: 'message_recipients (member_id, read_at)', shows: '900' },
  { path: `/advice/${encodeURIComponent(HOSTILE)}`, heading: 'odd schema', shows: 'What it serves' },
]

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each(PAGES)('$path fits from phone to desk and complains of nothing', async (expected) => {
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
    expect((await mainText()).replaceAll('is null', '')).not.toMatch(/NaN|undefined|null|Infinity/)
    expect(dashboard.complaints).toEqual([])
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
  })
})

describe('the advice', () => {
  it('says in a sentence what the advised set would do, and who says so (A1)', async () => {
    await open('/advice')
    await advisedRows().first().waitFor()
    expect(await textOf('.lead')).toMatch(
      /6\snew indexes would take away 97\.1\s% of what the workload costs, in 20\.2\sMB of the 97\sMB allowed/,
    )
    expect(await mainText()).toMatch(
      /on PostgreSQL 18 \(PGlite\), as the target does in 98 of 98\sstatements/,
    )
  })

  it('is reached by g d, lists the indexes by what they save, and opens one by j and Enter', async () => {
    const { page } = dashboard
    await open('/?range=6h')
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await soon(() => advisedRows().count()).toBe(6)
    expect(await advisedRows().first().textContent()).toMatch(/message_recipients.*56\.4/)
    expect(await advisedRows().last().textContent()).toContain(HOSTILE)
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await soon(() => address().pathname + address().search).toBe(`/advice/${FIRST}?range=6h`)
  })

  it('makes a script of the chosen ones, as SQL, undo and Prisma migration (X4)', async () => {
    const { page, context } = dashboard
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await open('/advice')
    await page.getByRole('button', { name: 'Script of all…' }).click()
    await soon(() => textOf('dialog h2')).toMatch(/6\sindexes/)
    await page.keyboard.press('Escape')
    await page.getByRole('checkbox', { name: /^Choose messages / }).check()
    await page.getByRole('checkbox', { name: /^Choose members / }).check()
    expect(address().pathname).toBe('/advice')
    await page.getByRole('button', { name: 'Script of 2 chosen…' }).click()
    const sheet = page.locator('dialog')
    await sheet.getByText('create index').first().waitFor()
    await sheet.getByRole('button', { name: 'Copy' }).click()
    await sheet.getByText('Copied').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      [
        'create index concurrently if not exists messages_church_id_created_at_desc_idx on public.messages (church_id, created_at desc) include (body);',
        'create index concurrently if not exists members_lower_email_idx on public.members (lower(email));',
      ].join('\n'),
    )
    await sheet.getByRole('button', { name: 'Undo' }).click()
    await sheet.getByText('drop index').first().waitFor()
    await sheet.getByRole('button', { name: 'Prisma migration' }).click()
    await soon(() => sheet.getByText(/migration\.sql$/).count()).toBe(2)
    expect(await sheet.textContent()).toContain('if not exists')
  })

  it('keeps what was chosen through a filter, and copies no tick as CSV', async () => {
    const { page, context } = dashboard
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await open('/advice')
    await page.getByRole('checkbox', { name: /^Choose members / }).check()
    await page.getByLabel('Filter advised indexes').fill('assess')
    await soon(() => advisedRows().count()).toBe(1)
    await page.getByRole('button', { name: 'Script of 1 chosen…' }).waitFor()
    await page.getByRole('button', { name: 'Copy as CSV' }).click()
    await page.getByText('Copied').waitFor()
    const [head] = (await page.evaluate(() => navigator.clipboard.readText())).split('\r\n')
    expect(head).toMatch(/^Index,Saves of cost,Statements,/)
  })

  it('names redundant indexes with the reason, and counts what was left out, each with its reason', async () => {
    const { page } = dashboard
    await open('/advice')
    await page.getByText('messages_church_id_created_at_idx begins with').waitFor()
    expect(await mainText()).toContain('drop index concurrently public.messages_church_id_idx;')
    await page.getByRole('heading', { name: /^Written otherwise 1\sstatement$/ }).waitFor()
    expect(await mainText()).toContain('created_at < $1::date')
    const reason = page.getByText('its text is cut off at 1,024 bytes')
    expect(await reason.isVisible()).toBe(false)
    await page.getByText(/2\sstatements were left out/).click()
    await reason.waitFor()
    await page.getByRole('link', { name: '8123456789628' }).click()
    await soon(() => address().pathname).toBe('/statements/8123456789628')
  })
})

describe('the search', () => {
  it('that never ran says what will come, when, and is started by the button', async () => {
    const { page, server } = dashboard
    answerWith(fixtures.NEVER)
    server.answers.set(EFFECTS, () => ({ effects: [] }))
    await open('/advice')
    await page.getByText('Not searched yet.').waitFor()
    expect(await mainText()).toMatch(/The first search comes in 2[01]\sh/)
    server.answers.set(ADVICE, ({ method }) => {
      if (method === 'POST') answerWith({ ...fixtures.NEVER, ...fixtures.RUNNING })
      return fixtures.advice(method === 'POST' ? fixtures.RUNNING : fixtures.NEVER)
    })
    await page.getByRole('button', { name: 'Look now' }).click()
    await page.getByText('comparing with the target').waitFor()
    expect(posts()).toEqual([ADVICE])
    expect(await page.getByRole('button', { name: 'Looking…' }).isDisabled()).toBe(true)
  })

  it('shows its progress as it comes and what it found as soon as it is done', async () => {
    const { page } = dashboard
    answerWith({ ...fixtures.NEVER, ...fixtures.RUNNING })
    await open('/advice')
    await page.getByText('comparing with the target').waitFor()
    answerWith({ ...fixtures.NEVER, ...fixtures.RUNNING, progress: '412 plans asked' })
    await page.getByText('412 plans asked').waitFor()
    answerWith({})
    await soon(() => advisedRows().count()).toBe(6)
  })

  it('that failed says why, and keeps what the one before found', async () => {
    answerWith({ status: 'failed', because: 'permission denied for pg_stats' })
    await open('/advice')
    await dashboard.page.getByRole('alert').getByText('permission denied for pg_stats').waitFor()
    expect(await textOf('[role=alert]')).toMatch(/what the search of 3\sh ago found/)
    expect(await advisedRows().count()).toBe(6)
  })

  it('that failed with none before it says that there is nothing to see yet', async () => {
    answerWith({ ...fixtures.NEVER, status: 'failed', because: 'the target does not answer' })
    await open('/advice')
    await dashboard.page.getByText('the target does not answer').waitFor()
    expect(await textOf('[role=alert]')).toContain('There is no advice from before')
  })

  it('without pg_stat_statements says what is missing and what mends it', async () => {
    const { page, server } = dashboard
    answerWith(fixtures.NEVER)
    server.answers.set('targets', () => [target({ lacks: ['pg_stat_statements is not installed'] })])
    await open('/advice')
    await page.getByText('pg_stat_statements is not installed').waitFor()
    expect(await mainText()).toContain('pgsteward doctor')
  })

  it('that advises nothing is good news', async () => {
    answerWith({ report: fixtures.report({ indexes: [], sizeBytes: 0, redundant: [] }) })
    await open('/advice')
    await soon(() => textOf('.lead')).toMatch(/Good.*No further index is worth what it costs/)
    expect(await dashboard.page.getByRole('button', { name: /^Script/ }).count()).toBe(0)
  })

  it('that may not be started says so where the button is', async () => {
    const { page, server } = dashboard
    server.answers.set(ADVICE, ({ method }) => {
      if (method !== 'POST') return fixtures.advice()
      throw new Refusal(409, {
        code: 'usage',
        message: 'a search of another target runs',
        hint: 'Wait for it.',
      })
    })
    await open('/advice')
    await page.getByRole('button', { name: 'Look again now' }).click()
    await page.getByText('a search of another target runs').waitFor()
    await page.getByText('Wait for it.').waitFor()
  })
})

describe('an advised index', () => {
  it('shows each statement before and after, and leads to its page', async () => {
    const { page } = dashboard
    await open(`/advice/${FIRST}`)
    const rows = page.getByRole('table', { name: 'What it serves' }).locator('tbody tr')
    await soon(() => rows.count()).toBe(3)
    expect(await rows.first().textContent()).toMatch(
      /6\.39\sk.*127.*50\s× less.*Seq Scan becomes Bitmap Index Scan/,
    )
    await rows.last().click()
    expect(await textOf('dialog')).toContain('No one sends this')
    await page.keyboard.press('Escape')
    await rows.first().click()
    await page.getByRole('link', { name: /^Its page/ }).click()
    await soon(() => address().pathname).toBe('/statements/-5561034')
  })

  it('says what to mind, and which figures are a formula', async () => {
    await open('/advice/audit_log_using_gin_details_jsonb_path_ops_idx')
    await dashboard.page.getByText('pending list').waitFor()
    expect(await textOf('.cautions')).toContain('come from a formula')
  })

  it('that is no longer advised says so and leads on', async () => {
    const { page } = dashboard
    await open('/advice/gone_idx')
    await page.getByText('does not advise it').waitFor()
    await page.getByRole('link', { name: 'To the advice' }).click()
    await soon(() => address().pathname).toBe('/advice')
  })
})

describe('measured effects (V2)', () => {
  it('show per index what was predicted and measured, and per statement before and after', async () => {
    const { page } = dashboard
    await open('/advice')
    const rows = page.getByRole('table', { name: 'Measured effects' }).locator('tbody tr')
    await soon(() => rows.count()).toBe(2)
    expect(await rows.first().textContent()).toMatch(/Helped.*29\s× less.*53\s× less/)
    await rows.first().click()
    const text = await textOf('dialog')
    expect(text).toMatch(/12\.4\sms.*0\.41\sms/)
    expect(text).toContain('it is measured on')
    expect(text).toContain('Too few calls')
    expect(address().searchParams.get('effect')).toBe('public.deliveries_message_id_status_idx')
  })

  it('say what else changed where the figures are not of the index alone', async () => {
    await open(`/advice?effect=${encodeURIComponent(`public.${HOSTILE}`)}`)
    await dashboard.page.waitForSelector('dialog[open]')
    const text = await textOf('dialog')
    expect(text).toContain('Disturbed')
    expect(text).toContain('The index members_email_idx appeared at the same time.')
    expect(text).toContain('no advice asked for it')
  })

  it('say while there are none what will come', async () => {
    dashboard.server.answers.set(EFFECTS, () => ({ effects: [] }))
    await open('/advice')
    await dashboard.page.getByText('When a new index appears').waitFor()
  })
})

describe('elsewhere', () => {
  it('a statement says which advised index would serve it', async () => {
    const { page } = dashboard
    await open('/statements/-5561034')
    await page.getByRole('link', { name: 'message_recipients (member_id, read_at)' }).click()
    await soon(() => address().pathname).toBe(`/advice/${FIRST}`)
  })

  it('a table is marked and its sheet leads to the advised index', async () => {
    const { page } = dashboard
    await open('/tables')
    await page.getByRole('button', { name: /message_recipients.*1\snew index is advised/ }).click()
    await page.locator('dialog').getByRole('link', { name: '(member_id, read_at)' }).click()
    await soon(() => address().pathname).toBe(`/advice/${FIRST}`)
  })

  it('a finding leads to the advice that it comes from, and the advice to its finding', async () => {
    const { page, server } = dashboard
    const missing = finding({
      key: 'missing-index:index/messaging/public/message_recipients (member_id, read_at)',
      checkId: 'missing-index',
      label: 'message_recipients (member_id, read_at)',
      subject: {
        kind: 'index',
        database: 'messaging',
        schema: 'public',
        name: 'message_recipients (member_id, read_at)',
      },
      summary: 'An index on message_recipients (member_id, read_at) is missing',
      evidence: [{ label: 'index', value: FIRST, unit: 'text' }],
    })
    const key = encodeURIComponent(missing.key)
    server.answers.set(`targets/messaging/findings/${key}`, () => ({
      finding: missing,
      check: { id: 'missing-index', title: 'Missing index', page: '# Missing index' },
      history: [],
    }))
    server.answers.set('targets/messaging/findings', () => [missing])
    await open(`/findings/${key}`)
    await page.getByRole('link', { name: /^The advice/ }).click()
    await soon(() => address().pathname).toBe(`/advice/${FIRST}`)
    await page.getByRole('link', { name: 'Its finding' }).click()
    await page.getByText('An index on message_recipients (member_id, read_at) is missing').waitFor()
  })
})
