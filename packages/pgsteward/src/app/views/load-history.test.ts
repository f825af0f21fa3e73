import { expect, test } from 'vitest'
import { madeRun } from '../../../test/store/made-run.ts'
import type { KeptRun, RunFigure } from '../../store/load/load-store.ts'
import { loadHistory } from './load-history.ts'

const kept = (id: string, over: Partial<KeptRun> = {}): KeptRun => {
  const { scenario } = madeRun({ id })
  return {
    id,
    startedAt: new Date('2026-11-22T12:00:00Z'),
    durationMs: 60_000,
    scenario,
    engine: 'node',
    target: null,
    targetId: null,
    ended: 'completed',
    requests: 600,
    errors: 0,
    p50Ms: 1,
    p95Ms: 1,
    p99Ms: 1,
    invalid: [],
    thresholds: 0,
    crossed: [],
    hostClass: 'host-a',
    gitSha: null,
    branch: null,
    experimentId: null,
    experimentSide: null,
    leftOut: [],
    ...over,
  }
}
const figure = (run: KeptRun, ms: number): RunFigure => ({
  run,
  p50Ms: ms / 2,
  p90Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
})
/** Strays by up to 2 %, the same each time. */
const noisy = (level: number, place: number) => level * (1 + 0.02 * Math.sin(place * 7.3))

test('a level that rises and stays is a change at its first run, with by how much', () => {
  const figures = Array.from({ length: 24 }, (_, place) =>
    figure(kept(`r${place}`), noisy(place < 14 ? 100 : 130, place)),
  )
  const { points, changes } = loadHistory('smoke', 'all', 'p95', figures)
  expect(points).toHaveLength(24)
  expect(changes).toMatchObject([{ index: 14, runId: 'r14' }])
  expect(changes[0]!.ratio).toBeCloseTo(1.3, 1)
})

test('noise, and steps below 5 %, are no change', () => {
  const figures = (after: number) =>
    Array.from({ length: 24 }, (_, place) =>
      figure(kept(`r${place}`), noisy(place < 14 ? 100 : after, place)),
    )
  expect(loadHistory('smoke', 'all', 'p95', figures(100)).changes).toEqual([])
  expect(loadHistory('smoke', 'all', 'p95', figures(104)).changes).toEqual([])
})

test('invalid runs and those of another host, scale or definition take no part', () => {
  const odd: readonly Partial<KeptRun>[] = [
    { invalid: ['dropped'] },
    { hostClass: 'host-b' },
    { scenario: { ...kept('x').scenario, loadScale: 5 } },
    { scenario: { ...kept('x').scenario, hash: 'other' } },
    { engine: 'k6' },
  ]
  const figures = Array.from({ length: 30 }, (_, place) =>
    place % 2 === 0
      ? figure(kept(`r${place}`), noisy(100, place))
      : figure(kept(`o${place}`, odd[place % odd.length]), noisy(place < 16 ? 500 : 2000, place)),
  )
  figures.push(figure(kept('last'), 100))
  const { points, changes } = loadHistory('smoke', 'all', 'p95', figures)
  expect(changes).toEqual([])
  expect(points.filter(({ isComparable }) => isComparable).length).toBe(
    16 + points.filter(({ isInvalid }) => isInvalid).length,
  )
  expect(points.at(-1)).toMatchObject({ id: 'last', isComparable: true })
})

test('of nothing and of few runs there is no change', () => {
  expect(loadHistory('smoke', 'all', 'p50', [])).toMatchObject({ points: [], changes: [] })
  expect(loadHistory('smoke', 'all', 'p50', [figure(kept('a'), 10)]).points[0]).toMatchObject({ valueMs: 5 })
})
