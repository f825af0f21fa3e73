import { expect, test } from 'vitest'
import { memoryOf } from '../../test/application/memory.ts'
import { attemptRow, outageRow, probeState, sumsRow } from '../../test/availability/rows.ts'
import { ago, NOW } from '../../test/judge.ts'
import { BUDGET_MS, probeSpending, probes } from './availability.ts'

const MINUTE = 60_000

test('a probe that nobody asked for three intervals and more is stale, and requests are no probe', async () => {
  const latest = (ms: number) => attemptRow({ at: ago(ms) })
  const memory = memoryOf({
    probes: [
      probeState({ name: 'fresh', latest: latest(119_000) }),
      probeState({ name: 'stale', latest: latest(121_000) }),
      probeState({ name: 'new', latest: null }),
      probeState({ kind: 'requests', name: 'shop', latest: null }),
    ],
  })
  const seen = await probes.read(memory, 'shop', NOW)
  expect(seen.map(({ name, isStale }) => [name, isStale])).toEqual([
    ['fresh', false],
    ['stale', true],
    ['new', true],
  ])
})

test('what is spent is told for each window, of each probe and application by itself', async () => {
  const shop = { kind: 'requests', name: 'health' } as const
  const memory = memoryOf({
    probes: [probeState(), probeState({ ...shop, latest: null, lastAt: ago(5 * MINUTE) })],
    probeSums: (ms) => [sumsRow({ downMs: ms / 100 }), sumsRow({ ...shop, attempts: 100, failures: 7 })],
    outages: [outageRow(), outageRow({ failures: 1 }), outageRow({ isPlanned: true })],
  })
  const [probe, requests] = await probeSpending.read(memory, 'shop', NOW)
  expect([...probe!.sums.keys()].map((ms) => ms / MINUTE)).toEqual([60, 5, 360, 30, 4_320, 43_200])
  expect(probe!.sums.get(BUDGET_MS)).toMatchObject({ downMs: BUDGET_MS / 100 })
  expect(probe).toMatchObject({ isStale: false, outages: [outageRow()] })
  expect(requests!.sums.get(5 * MINUTE)).toMatchObject({ attempts: 100, failures: 7 })
  expect(requests).toMatchObject({ isStale: true, outages: [] })
})
