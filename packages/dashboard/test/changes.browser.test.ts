// Changes in a real Chromium: what is to be decided, one change with its story, and what people say about it.

import { describe, expect, it } from 'vitest'
import { horizontalOverflow } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { overview } from './fixtures.ts'
import { changes, launches } from './fixtures-changes.ts'

const dashboard = dashboardInChromium()
const { open, textOf } = dashboard
const mainText = async () => (await textOf('main')).replaceAll('\u00a0', ' ')
const posts = () => dashboard.server.asked.filter(({ method }) => method === 'POST')

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each([
    ['/changes', 'An index for the list of members'],
    ['/changes/CHG-12', 'What was said and done'],
  ])('%s fits from phone to desk and complains of nothing', async (path, text) => {
    const { page } = dashboard
    await page.emulateMedia({ colorScheme: theme })
    await open(path)
    await page.getByText(text).first().waitFor()
    for (const width of [1600, 1280, 1024, 640, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
    }
    expect(await mainText()).not.toMatch(/NaN|undefined|null|Infinity/)
    expect(dashboard.complaints).toEqual([])
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
  })
})

it('tells what waits, and what became of rehearsals and launches (G1, G2, G5)', async () => {
  await open('/changes')
  await soon(mainText).toContain('Decided by ada, bob, eve.')
  await soon(mainText).toContain('Rolled back: step 2 failed: Roll out.')
  await soon(mainText).toContain('0 of 2 reviews done, 0 % of those due on time, 1 overdue')
  expect(await mainText()).toContain('1 change on the agenda, 1 action item to do')
  expect(await mainText()).toContain('Errors 0.10 % -> 1.00 %.')
})

it('a vote is given from the page of a change, and g h leads to the list (G1)', async () => {
  const { page } = dashboard
  await open('/')
  await page.keyboard.press('g')
  await page.keyboard.press('h')
  await page.getByRole('link', { name: 'An index for the list of members' }).click()
  await soon(mainText).toContain('it takes 2 of 2')
  await page.getByRole('button', { name: 'Vote…' }).click()
  await page.getByRole('button', { name: 'Against' }).click()
  await page.getByLabel('Why').fill('no rollback')
  await page.getByLabel('Your name').fill('eve')
  await page.getByRole('button', { name: 'Vote', exact: true }).click()
  await soon(() => posts().at(-1)).toMatchObject({
    path: 'changes/CHG-12/vote',
    body: { vote: 'reject', reason: 'no rollback', actor: 'eve' },
  })
})

it('a launch is reviewed with its figures at hand (G5)', async () => {
  const { page } = dashboard
  await open('/changes')
  await page.getByRole('button', { name: 'Review…' }).click()
  await soon(() => page.getByRole('dialog').textContent()).toMatch(/Errors.*0\.1.*1/)
  await page.getByLabel('What was seen, and what follows').fill('the new list')
  await page.getByRole('button', { name: 'Reviewed', exact: true }).click()
  await soon(() => posts().at(-1)).toMatchObject({
    path: 'reviews/REV-2/review',
    body: { due: 1, note: 'the new list' },
  })
})

it('reviews that are overdue stand on the overview, which leads to them (G5)', async () => {
  const { page, server } = dashboard
  const span = { from: Date.now() / 1000 - 3600, to: Date.now() / 1000 }
  const overdueReviews = [
    { name: 'REV-2', title: 'Checkout 7.2', due: launches()[0]!.reviews[0]!.due, overdue: 2 },
  ]
  server.answers.set('targets/messaging/overview', () => overview(span, { overdueReviews }))
  await open('/')
  await soon(mainText).toContain('2 reviews of Checkout 7.2 overdue')
  await page.getByRole('link', { name: 'To the launches' }).click()
  await soon(mainText).toContain('REV-2')
})

it('nothing there yet is told with how it begins', async () => {
  const { server } = dashboard
  server.answers.set('changes', () => changes({ changes: [], board: [] }))
  for (const path of ['meetings', 'rehearsals', 'reviews']) server.answers.set(path, () => [])
  await open('/changes')
  await soon(mainText).toMatch(
    /No change waits[\s\S]*No meeting[\s\S]*No release was rehearsed[\s\S]*No launch is reviewed/,
  )
})
