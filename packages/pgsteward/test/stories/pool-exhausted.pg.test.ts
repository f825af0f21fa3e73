import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type ApplicationStory, applicationStory, TARGET } from '../application/story.ts'

const PATIENCE = { timeout: 60_000, interval: 100 }
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('pool-exhausted')
})
afterAll(() => story?.end())

const pools = async () =>
  (await story.store.applications(TARGET, story.window())).flatMap((each) =>
    each.instances.flatMap((instance) => instance.pools),
  )

test('a pool that is used up is found (I6), three at work are quiet, and it is over after the burst', async () => {
  const shop = await story.start()
  const few = shop.visit('/parcels?seconds=3', 3, { together: true })
  await vi.waitFor(async () => expect(await pools()).toMatchObject([{ used: 3, max: 5 }]), PATIENCE)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })
  await few

  const burst = shop.visit('/parcels', 100, { together: true })
  const first = await story.found()
  expect(first.findings).toMatchObject([{ subject: { kind: 'pool', application: 'shop' } }])
  // a burst of a moment is what a pool is for
  expect(first.transitions).toEqual(['pending'])
  story.later(61_000)
  expect(await story.found()).toMatchObject({
    findings: [
      {
        summary: expect.stringContaining('wait for a connection'),
        evidence: expect.arrayContaining([
          { label: 'used', value: 1, unit: 'ratio' },
          { label: 'most it may have', value: 5, unit: 'count' },
        ]),
      },
    ],
    transitions: ['opened'],
  })
  await burst

  await vi.waitFor(
    async () =>
      expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] }),
    PATIENCE,
  )
})
