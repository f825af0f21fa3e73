import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const ELEVEN_MINUTES = 11 * 60_000
const HOLD = 2 * 60_000
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('slow-feature')
})
afterAll(() => story?.end())

test('signing in slowly is found (N3), nineteen times are quiet, it opens when it lasts, and is over once it is quick', async () => {
  const shop = await story.start()
  const slow = { method: 'POST', together: true } as const
  await shop.visit('/api/sign-in', 19, slow)
  await story.told(19)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/api/sign-in', 1, slow)
  const found = [
    {
      subject: { kind: 'feature', application: 'shop', name: 'auth' },
      severity: 'warning',
      summary: 'auth of shop answers slowly, most in POST /api/sign-in',
      evidence: expect.arrayContaining([{ label: 'requests', value: 20, unit: 'count' }]),
    },
  ]
  expect((await story.found(found)).transitions[0]).toBe('pending')
  story.later(HOLD)
  expect((await story.found(found)).transitions[0]).toBe('opened')

  story.later(ELEVEN_MINUTES)
  await shop.visit('/api/sign-in?ms=0', 30, { method: 'POST' })
  await story.told(30)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['persisted'] })
  story.later(HOLD)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
