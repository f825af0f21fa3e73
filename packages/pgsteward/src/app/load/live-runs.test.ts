import { expect, test } from 'vitest'
import type { RunMoment } from '../../model/load-run.ts'
import { LiveRuns } from './live-runs.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
const later = (ms: number) => new Date(NOW.getTime() + ms)
const moment = (second: number, over: Partial<RunMoment> = {}): RunMoment => ({
  atMs: second * 1000,
  offeredPerSecond: 10,
  users: null,
  requestsPerSecond: 10,
  errors: 1,
  p50Ms: 1,
  p95Ms: second,
  p99Ms: 3,
  ...over,
})
const report = (moments: RunMoment[], startedAt = NOW) => ({
  startedAt: startedAt.toISOString(),
  scenario: { id: 'smoke', title: 'Smoke', hash: 'h', model: 'open' as const, timeScale: 1, loadScale: 1 },
  engine: { name: 'node' as const, version: '1' },
  target: null,
  plannedMs: null,
  warmUpMs: 0,
  moments,
})

test('a run under way is the sum of its moments, those sent twice counted once (L4)', () => {
  const runs = new LiveRuns()
  runs.receive('r', report([moment(1), moment(2)]), later(2000))
  runs.receive('r', report([moment(2), moment(3)]), later(3000))
  expect(runs.list(later(3000))).toMatchObject([
    { id: 'r', requests: 30, errors: 3, isSilent: false, latest: { atMs: 3000 } },
  ])
  expect(runs.find('r', later(3000))?.moments.map(({ atMs }) => atMs)).toEqual([1000, 2000, 3000])
})

test('one that is not heard of is silent after a while, and forgotten after ten minutes', () => {
  const runs = new LiveRuns()
  runs.receive('r', report([moment(1)]), NOW)
  expect(runs.list(later(16_000))).toMatchObject([{ isSilent: true }])
  expect(runs.list(later(601_000))).toEqual([])
  expect(runs.find('r', later(601_000))).toBe(null)
})

test('one that has ended does not come back with late moments', () => {
  const runs = new LiveRuns()
  runs.receive('r', report([moment(1)]), NOW)
  runs.end('r')
  runs.receive('r', report([moment(2)]), NOW)
  expect(runs.list(NOW)).toEqual([])
})

test('runs and their moments are bounded, and a spike is not thinned away', () => {
  const runs = new LiveRuns()
  for (let n = 0; n < 30; n += 1) runs.receive(`r${n}`, report([moment(1)], later(n)), later(n))
  expect(runs.list(later(30)).map(({ id }) => id)).toHaveLength(20)
  expect(runs.list(later(30))[0]!.id).toBe('r29')
  const long = Array.from({ length: 5000 }, (_, second) =>
    moment(second + 1, { p95Ms: second === 17 ? 900 : 5 }),
  )
  runs.receive('long', report(long), NOW)
  const { moments } = runs.find('long', NOW)!
  expect(moments.length).toBeLessThanOrEqual(3600)
  expect(Math.max(...moments.map(({ p95Ms }) => p95Ms ?? 0))).toBe(900)
})
