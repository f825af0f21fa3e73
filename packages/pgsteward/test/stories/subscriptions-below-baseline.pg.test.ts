import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApplicationStory, applicationStory, TARGET } from '../application/story.ts'
import { operation, report } from '../store/application-report.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const WEEK = 168 * HOUR
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('subscriptions-below-baseline')
})
afterAll(() => story?.end())

/** 48 minutes of an hour, as another process of the shop tells them: the program has no hours to wait. */
async function tellHour(from: number, subscriptions: number): Promise<void> {
  for (let minute = 6; minute < 54; minute++)
    await tellMinute(from + minute * MINUTE, minute === 6 ? subscriptions : 0)
}

async function tellMinute(at: number, subscriptions: number): Promise<void> {
  const nowhere = { route: null, fingerprint: null, model: null, action: null, caller: null }
  const counted = (name: string, count: number) =>
    operation([], { kind: 'metric', name, count, histogram: null, rows: 0, ...nowhere })
  const source = {
    application: 'shop',
    instance: 'other',
    version: null,
    environment: null,
    sdk: 'pgsteward',
  }
  const operations = [
    counted('ticks', 1),
    ...(subscriptions > 0 ? [counted('subscriptions.created', subscriptions)] : []),
  ]
  await story.store.saveReport(TARGET, report({ source, endpoint: null, operations }), new Date(at))
}

test('less than half of the subscriptions of the same hour in other weeks is found (N3), what chance explains keeps it, and it is over with a usual hour', async () => {
  const from = Math.ceil(story.window().to.getTime() / HOUR) * HOUR
  for (const week of [3, 2, 1]) await tellHour(from - week * WEEK, 80)
  const shop = await story.start()
  const goTo = (at: number) => story.later(at - story.window().to.getTime())
  goTo(from + 3 * MINUTE)
  await shop.visit('/subscriptions', 30, { method: 'POST', together: true })
  await story.told(30)
  await tellHour(from, 0)
  goTo(from + HOUR + 2 * MINUTE)
  await shop.visit('/subscriptions', 1, { method: 'POST' })
  await story.told(1)

  // 80 in 48 of 60 minutes are 100 an hour, of which chance may leave 60
  expect(await story.judge()).toMatchObject({
    findings: [
      {
        subject: { kind: 'metric', application: 'shop', name: 'subscriptions.created' },
        severity: 'critical',
        evidence: expect.arrayContaining([
          { label: 'usual at this hour', value: 100, unit: 'count' },
          { label: 'weeks compared', value: 3, unit: 'count' },
        ]),
      },
    ],
    transitions: ['opened'],
  })
  // what comes late counts where it belongs
  await tellMinute(from + 6 * MINUTE, 30)
  expect(await story.judge()).toMatchObject({ findings: [{ sustains: true }], transitions: ['persisted'] })
  await tellMinute(from + 6 * MINUTE, 20)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
