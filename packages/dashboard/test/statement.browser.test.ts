// The page of a statement, where all that is known of it meets, and what happened around a finding, in a real Chromium.

import { beforeEach, describe, expect, it } from 'vitest'
import { horizontalOverflow } from './browser.ts'
import { type Dashboard, dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { findingDetail, findings } from './fixtures.ts'
import { eventsAround, SAMPLING, statementWaits } from './fixtures-statement.ts'

const dashboard = dashboardInChromium()
const { open, address } = dashboard
let server: Dashboard['server']
let page: Dashboard['page']
let complaints: Dashboard['complaints']

beforeEach(() => {
  ;({ server, page, complaints } = dashboard)
})

const STATEMENT = '/statements/-5561034'
const WAITS = 'targets/messaging/statements/-5561034/waits'
const LOGS = 'targets/messaging/logs'
const QUIET = { series: [], waits: [], seconds: 0, incidents: [] }
const part = (title: string) => page.getByRole('region', { name: title })

describe('a statement', () => {
  it.each(['light', 'dark'] as const)('fits from phone to desk in the %s theme, whole', async (theme) => {
    await page.emulateMedia({ colorScheme: theme })
    await open(STATEMENT)
    await page.getByRole('link', { name: 'Log', exact: true }).click()
    await part("In the server's log").waitFor()
    for (const width of [1600, 1024, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
    }
    expect(complaints).toEqual([])
  })

  it('leads to its parts, which ask for more only when they come near', async () => {
    await page.setViewportSize({ width: 1280, height: 400 })
    await open(STATEMENT)
    await part('What would help').waitFor()
    expect(server.asked.some(({ path }) => path === LOGS)).toBe(false)
    await page.getByRole('navigation', { name: 'On this page' }).getByText('Waits').click()
    await soon(() => address().hash).toBe('#waits')
    await part('What it waits for').getByText('Lock:transactionid').first().waitFor()
  })

  it('says what it waits for, what that means, and behind whom it stood', async () => {
    await open(STATEMENT)
    await page.locator('#waits').scrollIntoViewIfNeeded()
    const waits = part('What it waits for')
    await waits.getByText('Another transaction has changed the row and has not ended.').waitFor()
    await waits
      .getByText(/it waited, with 8.sessions in all, behind messaging-migration, up to 24.s/)
      .waitFor()
  })

  it('asks the log for its fingerprint, and says how to have a log read', async () => {
    await open(STATEMENT)
    await page.locator('#log').scrollIntoViewIfNeeded()
    await soon(() => server.asked.find(({ path }) => path === LOGS)?.query.get('fingerprint')).toBe(
      'f0a1b2c3d4e5f607',
    )
  })

  it('shows another way to write it, with its cost and on which condition', async () => {
    await open(STATEMENT)
    const help = part('What would help')
    await help.getByText('It returns the same rows, always.').waitFor()
    await help.getByText(/a range over the day does not/).waitFor()
  })

  it.each([
    ['off', /Sessions are not sampled/],
    ['sampling', /No session was seen running it in this range, looked at every 1.s/],
  ] as const)('without waits, sampling being %s, says why', async (status, words) => {
    server.answers.set(WAITS, () =>
      statementWaits({ from: 0, to: 1 }, { ...QUIET, sampling: { ...SAMPLING, status } }),
    )
    await open(STATEMENT)
    await page.locator('#waits').scrollIntoViewIfNeeded()
    await page.getByText(words).waitFor()
  })
})

describe('a finding', () => {
  it('says what happened around its begin, how long before, and leads there', async () => {
    const [finding, other] = findings
    const path = `targets/messaging/findings/${encodeURIComponent(finding!.key)}`
    server.answers.set(path, () => ({
      ...findingDetail(finding!),
      events: eventsAround(finding!.firstSeenAt, other!.key),
    }))
    await open(`/findings/${encodeURIComponent(finding!.key)}`)
    const around = page.locator('.around')
    await around.getByText('messaging: version 1.4.0 to 1.5.0').waitFor()
    await around.getByText(/^20.s before$/).waitFor()
    await around.getByText('1 other finding came with it').click()
    await around.getByRole('link', { name: 'GET /members answers slowly' }).click()
    await soon(() => decodeURIComponent(address().pathname)).toBe(`/findings/${other!.key}`)
  })
})
