import { expect, onTestFinished, test } from 'vitest'
import type { ProbeFinding } from '../../collect/probes/attempt.ts'
import type { ProbeAttempt } from '../../model/availability.ts'
import { TargetProbes, type TargetProbesOptions } from './target-probes.ts'

const FINE: ProbeFinding = {
  isUp: true,
  error: null,
  tookMs: 1,
  phases: {},
  status: null,
  certificateExpiresAt: null,
}
const BROKEN: ProbeFinding = { ...FINE, isUp: false, error: 'it refused the connection' }
const SOON = { timeout: 10_000, interval: 5 }

interface Circumstances {
  readonly answers?: readonly ProbeFinding[]
  readonly ask?: (signal: AbortSignal) => Promise<ProbeFinding>
  readonly over?: Partial<TargetProbesOptions>
}

/** A probe every 10 ms, whose store can be out of reach. */
function probing({ answers = [], ask, over = {} }: Circumstances) {
  const told = { declared: 0, saved: [] as ProbeAttempt[], planned: [] as boolean[], news: 0, failures: 0 }
  const state = { isOurs: true, isAway: false, isPlanned: false, asked: 0 }
  const target = new TargetProbes({
    targetId: 'shop',
    probes: [
      {
        probe: { kind: 'http', name: 'health', address: '', everyMs: 10, slo: 0.999 },
        ask: ask ?? (async () => answers[state.asked++] ?? answers.at(-1) ?? FINE),
        isExcluded: () => state.isPlanned,
      },
      {
        probe: { kind: 'requests', name: 'web', address: '', everyMs: 0, slo: 0.9 },
        ask: null,
        isExcluded: () => false,
      },
    ],
    store: {
      declareProbes: async (_, probes) => {
        told.declared += probes.length
      },
      saveProbeAttempt: async (_target, _probe, attempt, isPlanned) => {
        if (state.isAway) throw new Error('the store is away')
        told.saved.push(attempt)
        told.planned.push(isPlanned)
      },
    },
    isOurs: () => state.isOurs,
    now: () => new Date(),
    onNews: () => {
      told.news += 1
    },
    onFailure: () => {
      told.failures += 1
    },
    ...over,
  })
  onTestFinished(() => target.stop())
  target.start()
  return { target, told, state }
}

test('asks again and again, keeps each try with its moment, and makes itself known first (N5)', async () => {
  const { told } = probing({})
  await expect.poll(() => told.saved.length, SOON).toBeGreaterThan(3)
  const times = told.saved.map(({ at }) => at.getTime())
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(told).toMatchObject({ declared: 2, news: 0, failures: 0 })
})

test('the first failure, the second and the recovery are news; a third is not', async () => {
  const { told } = probing({ answers: [FINE, BROKEN, BROKEN, BROKEN, FINE] })
  await expect.poll(() => told.saved.length, SOON).toBeGreaterThan(6)
  expect(told.news).toBe(3)
})

test('what the store does not take is saved later, in its order', async () => {
  const { told, state } = probing({ answers: [FINE, BROKEN, FINE] })
  state.isAway = true
  await expect.poll(() => told.failures, SOON).toBeGreaterThan(4)
  expect(told.saved).toEqual([])
  state.isAway = false
  await expect.poll(() => told.saved.length, SOON).toBeGreaterThan(4)
  expect(told.saved.slice(0, 3).map(({ isUp }) => isUp)).toEqual([true, false, true])
})

test('a try within a planned window is kept as such', async () => {
  const { told, state } = probing({})
  state.isPlanned = true
  await expect.poll(() => told.planned.at(-1), SOON).toBe(true)
})

test('while another process has the target nothing is asked; when it is back, it is made known again', async () => {
  const { told, state } = probing({})
  state.isOurs = false
  await expect.poll(() => told.declared, SOON).toBe(2)
  // who is told so late as a second later asks no more from then on
  const after = () => state.asked
  let before = -1
  await expect
    .poll(
      () => {
        const isSettled = before === after()
        before = after()
        return isSettled
      },
      { timeout: 10_000, interval: 200 },
    )
    .toBe(true)
  state.isOurs = true
  await expect.poll(() => told.declared, SOON).toBe(4)
  await expect.poll(after, SOON).toBeGreaterThan(before)
})

test('a try that stopping breaks off is no failure', async () => {
  let isAsked = false
  const { target, told } = probing({
    ask: (signal) => {
      isAsked = true
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(BROKEN)))
    },
  })
  await expect.poll(() => isAsked, SOON).toBe(true)
  await target.stop()
  expect(told.saved).toEqual([])
})
