import { expect, test } from 'vitest'
import { madeRun } from '../../../test/store/made-run.ts'
import { loadRunSchema } from '../../model/load-run.ts'
import { thinMoments, thinRun } from './load-thin.ts'

test('a run of usual size stays whole', () => {
  const run = madeRun({ id: 'r' })
  expect(thinRun(run)).toEqual({ run, leftOut: [] })
})

test('what is only looked at goes before what can be compared, and is named', () => {
  const run = madeRun({ id: 'r' })
  const moments = Array.from({ length: 20_000 }, (_, second) => ({
    ...run.timeline[0]!,
    atMs: second * 1000,
  }))
  const long = { ...run, timeline: moments }
  const { run: thinned, leftOut } = thinRun(long, 500_000)
  expect(leftOut).toEqual(['moments'])
  expect(thinned.timeline.length).toBeLessThanOrEqual(1500)
  expect(thinned.series).toEqual(run.series)
  const small = thinRun(long, 5_000)
  expect(small.leftOut).toEqual(['moments', 'windows of endpoints', 'windows', 'histograms'])
  expect(loadRunSchema.safeParse(small.run).success).toBe(true)
})

test('of moments that become one the worst percentile stands, errors add up, rates are means', () => {
  const moment = madeRun({ id: 'r' }).timeline[0]!
  const thinned = thinMoments(
    [
      { ...moment, atMs: 1000, requestsPerSecond: 10, errors: 1, p95Ms: 900 },
      { ...moment, atMs: 2000, requestsPerSecond: 30, errors: 2, p95Ms: null },
      { ...moment, atMs: 3000, requestsPerSecond: 5, errors: 0, p95Ms: 50 },
    ],
    2,
  )
  expect(thinned).toMatchObject([
    { atMs: 2000, requestsPerSecond: 20, errors: 3, p95Ms: 900 },
    { atMs: 3000, requestsPerSecond: 5, p95Ms: 50 },
  ])
  expect(thinMoments([], 10)).toEqual([])
})
