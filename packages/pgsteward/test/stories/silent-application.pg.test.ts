import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('silent-application')
})
afterAll(() => story?.end())

const MINUTE_MS = 60_000

test('an application that stops after more than an hour is found, four minutes are quiet, and it is over when it reports again', async () => {
  const shop = await story.start()
  await shop.visit('/parcels', 1)
  await story.told(1)
  story.later(61 * MINUTE_MS)
  await shop.visit('/parcels', 1)
  await story.told(1)
  await shop.stop()
  story.later(4 * MINUTE_MS)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  story.later(2 * MINUTE_MS)
  expect(await story.judge()).toMatchObject({
    findings: [{ subject: { kind: 'application', name: 'shop' }, severity: 'warning' }],
    transitions: ['opened'],
  })

  const restarted = await story.start()
  await restarted.visit('/parcels', 5)
  await story.told(6)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })

  // switched off for good: a finding for an hour, and none for ever
  await restarted.stop()
  story.later(6 * MINUTE_MS)
  expect(await story.judge()).toMatchObject({ transitions: ['opened'] })
  story.later(55 * MINUTE_MS)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
