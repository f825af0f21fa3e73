import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('oversized-pool')
})
afterAll(() => story?.end())

test('a pool of forty is found with what it used (N2), and one of twenty is quiet', async () => {
  const shop = await story.start()
  await shop.visit('/parcels', 3)
  const { transitions } = await story.found([
    {
      subject: { kind: 'pool', application: 'shop' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'most connections of a process', value: 40, unit: 'count' },
        { label: 'used at most within an hour', value: expect.any(Number), unit: 'count' },
      ]),
    },
  ])
  expect(transitions[0]).toBe('opened')

  await shop.visit('/parcels?max=20', 1)
  await vi.waitFor(
    async () =>
      expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] }),
    { timeout: 60_000, interval: 100 },
  )
})
