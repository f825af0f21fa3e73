import { expect, test } from 'vitest'
import { comparedSeries, comparison, loadRun } from '../../../test/report/comparisons.ts'
import { nextStep } from '../../gate/next-step.ts'
import type { Comparison } from '../../model/comparison.ts'
import type { LoadRun } from '../../model/load-run.ts'
import { type AbLoop, abLoop, type Side } from './ab-loop.ts'

const UNDECIDED = comparison({
  verdict: 'inconclusive',
  series: [comparedSeries({ band: null, verdict: 'inconclusive' })],
})
const FAILING = comparison({
  verdict: 'fail',
  series: [comparedSeries({ band: 'critical', verdict: 'fail' })],
})

/** Chances as listed, then the last for ever. */
function loop(over: Partial<AbLoop> & { chances?: number[] } = {}) {
  const order: string[] = []
  const chances = [...(over.chances ?? [0])]
  const run: AbLoop = {
    design: 'interleaved',
    most: 9,
    chance: () => (chances.length > 1 ? chances.shift()! : chances[0]!),
    signal: new AbortController().signal,
    measure: async (side, repetition) => {
      order.push(`${side} ${repetition}`)
      return loadRun({ id: `${side}-${repetition}` })
    },
    judge: () => comparison(),
    nextStep,
    onRepetition: () => {},
    onAgain: () => {},
    ...over,
  }
  return { order, result: abLoop(run) }
}

test('three repetitions decide what is clear, base or head first by chance', async () => {
  const { order, result } = loop({ chances: [0.2, 0.7, 0.2] })
  const { base, head, comparison: found } = await result
  expect(order).toEqual(['base 1', 'head 1', 'head 2', 'base 2', 'base 3', 'head 3'])
  expect([base.length, head.length, found?.verdict]).toEqual([3, 3, 'pass'])
})

test('two more each time while something is undecided, nine at most', async () => {
  const asked: number[] = []
  const { result } = loop({
    judge: (base) => {
      asked.push(base.length)
      return UNDECIDED
    },
  })
  expect((await result).base).toHaveLength(9)
  expect(asked).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('ends as soon as a slowdown is confirmed', async () => {
  const { result } = loop({ judge: (base) => (base.length < 5 ? UNDECIDED : FAILING) })
  expect((await result).base).toHaveLength(5)
})

test('of a duet both sides are loaded at once', async () => {
  let running = 0
  let most = 0
  const both = Promise.withResolvers<void>()
  const { result } = loop({
    design: 'duet',
    measure: async () => {
      running += 1
      most = Math.max(most, running)
      if (running === 2) both.resolve()
      await both.promise
      running -= 1
      return loadRun()
    },
  })
  await result
  expect(most).toBe(2)
})

test('what was measured before an interruption is kept and judged, the broken pair is not', async () => {
  const stop = new AbortController()
  const { result } = loop({
    signal: stop.signal,
    measure: async (side: Side, repetition: number): Promise<LoadRun> => {
      if (repetition === 3 && side === 'head') {
        stop.abort()
        return loadRun({ ended: 'interrupted' })
      }
      return loadRun()
    },
  })
  const { base, head, comparison: found, notes, isInterrupted } = await result
  expect([base.length, head.length, found?.verdict, isInterrupted]).toEqual([2, 2, 'pass', true])
  expect(notes).toEqual(['Interrupted after 2 whole repetitions: what was measured until then is kept.'])
})

test('interrupted before anything is known there is no verdict', async () => {
  const { result } = loop({ signal: AbortSignal.abort() })
  expect(await result).toMatchObject({ comparison: null, isInterrupted: true, base: [] })
})

function starved(isStarved: (repetition: number) => boolean) {
  return loop({
    most: 5,
    measure: async (side, repetition) =>
      side === 'head' && isStarved(repetition)
        ? loadRun({ invalid: [{ reason: 'generator-starved', detail: 'at 97 % of its core.' }] })
        : loadRun(),
    judge: (_, head): Comparison =>
      head.some(({ invalid }) => invalid.length > 0) ? comparison({ verdict: 'invalid' }) : UNDECIDED,
  }).result
}

test('a pair in which the generator was starved is left out whole, made again, and said so', async () => {
  const { base, comparison: found, notes } = await starved((repetition) => repetition === 2)
  expect([base.length, found?.verdict]).toEqual([5, 'inconclusive'])
  expect(notes).toEqual(['One repetition was left out: head, at 97 % of its core.'])
})

test('on a machine that is too busy it ends, and judges the whole pairs there are', async () => {
  const { base, comparison: found, notes } = await starved((repetition) => repetition > 2)
  expect([base.length, found?.verdict]).toEqual([2, 'inconclusive'])
  expect(notes[0]).toContain('6 repetitions were left out')
})

test('with not one whole pair the runs themselves say what is wrong', async () => {
  const { base, comparison: found } = await starved(() => true)
  expect([base.length, found?.verdict]).toEqual([1, 'invalid'])
})

test('an error of the command ends it, and is not taken for an interruption', async () => {
  const { result } = loop({ measure: async () => Promise.reject(new Error('does not serve')) })
  await expect(result).rejects.toThrow('does not serve')
})

/** As if the host had taken that share of the processors during these repetitions. */
const stolenIn =
  (repetitions: (repetition: number) => boolean, ratio = 0.08) =>
  async (side: Side, repetition: number): Promise<LoadRun> => {
    const run = loadRun({ id: `${side}-${repetition}` })
    const hostStolenRatio = side === 'head' && repetitions(repetition) ? ratio : 0.01
    return { ...run, environment: { ...run.environment, hostStolenRatio } }
  }

test('a pair that the host disturbed is made again', async () => {
  const { result } = loop({ measure: stolenIn((repetition) => repetition === 2) })
  const { base, notes } = await result
  expect(base.map(({ id }) => id)).toEqual(['base-1', 'base-3', 'base-4'])
  expect(notes).toEqual([expect.stringContaining('(up to 8 %)')])
})

test('a host that never rests is judged as it is', async () => {
  const told: string[] = []
  const { result } = loop({ measure: stolenIn(() => true), onAgain: (note) => told.push(note) })
  const { base, comparison: found } = await result
  expect(told).toHaveLength(9)
  expect(base.map(({ id }) => id)).toEqual(['base-10', 'base-11', 'base-12'])
  expect(found?.verdict).toBe('pass')
})

test('a little is no disturbance', async () => {
  const { result } = loop({ measure: stolenIn(() => true, 0.029) })
  expect((await result).base).toHaveLength(3)
})
