// Signing in to the dashboard of a server that listens beyond loopback, in a real Chromium: what a viewer sees and may not, what an operator
// does under the token's name, and that it is over at once when the token is revoked (D2).

import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser, recordComplaints } from '../../../dashboard/test/browser.ts'
import { buildDashboard, DASHBOARD_DIST } from '../../../dashboard/test/build.ts'
import {
  ADMIN_TOKEN,
  ask,
  type GuardedServer,
  startGuardedServer,
  tokenOf,
} from '../server/guarded-server.ts'

let guarded: GuardedServer
let url: string
let browser: Browser
let context: BrowserContext
let page: Page
let complaints: string[]

beforeAll(async () => {
  await buildDashboard()
  guarded = await startGuardedServer({ dashboardDir: DASHBOARD_DIST })
  // as 0.0.0.0 would, reached by this machine
  url = await guarded.server.listen({ host: '127.0.0.1', port: 0 })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await guarded?.stop()
})
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
  complaints = recordComplaints(page)
})
afterEach(() => context.close())

const signIn = async (token: string) => {
  await page.getByLabel('Token').fill(token)
  await page.keyboard.press('Enter')
}
const silence = async () => {
  await page.getByRole('button', { name: 'Silence…' }).click()
  await page.getByLabel('Why').fill('release 4.3')
}

it('a viewer sees, and is told what it takes to write', async () => {
  const token = await tokenOf(guarded.server, { name: 'vera', role: 'viewer' })
  await page.goto(`${url}/alerts`)
  await page.getByRole('heading', { name: 'Who asks?' }).waitFor()
  await signIn(token)
  await page.getByRole('heading', { name: 'Alerts' }).waitFor()
  expect(await page.locator('.who-am-i').textContent()).toContain('vera')
  await silence()
  await page.getByText('This takes the role operator; vera has the role viewer.').waitFor()
  expect(await page.locator('dialog button[type=submit]').isDisabled()).toBe(true)
  // nor by a request of the page itself
  const tried = await page.evaluate(async () => {
    const answer = await fetch('/api/v1/alerts/test', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-pgsteward': 'dashboard' },
      body: '{"channel":"x"}',
    })
    return answer.status
  })
  expect(tried).toBe(403)
  const [cookie] = await context.cookies()
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
})

it('an operator acts under the name of the token, stays over a reload, and signs out', async () => {
  const token = await tokenOf(guarded.server, { name: 'ada', role: 'operator' })
  await page.goto(`${url}/alerts`)
  await signIn(token)
  await page.getByRole('heading', { name: 'Alerts' }).waitFor()
  await page.reload()
  await silence()
  await page.getByText('As ada.').waitFor()
  await page.locator('dialog button[type=submit]').click()
  await page.getByText('release 4.3, by ada').waitFor()
  await page.getByRole('button', { name: /Sign out/ }).click()
  await page.getByRole('heading', { name: 'Who asks?' }).waitFor()
  expect(await context.cookies()).toEqual([])
})

it('whoever was signed in is out once the token is revoked, and a wrong token says so', async () => {
  const token = await tokenOf(guarded.server, { name: 'bob', role: 'viewer' })
  await page.goto(`${url}/tables`)
  await signIn(`${token}x`)
  await page.getByText('this token is not known').waitFor()
  await signIn(token)
  await page.locator('.who-am-i').waitFor()
  await ask(guarded.server, '/api/admin/tokens/bob/revoke', ADMIN_TOKEN, {})
  await page.getByRole('heading', { name: 'Who asks?' }).waitFor()
  expect(complaints.filter((each) => !each.includes('401'))).toEqual([])
})
