import fc from 'fast-check'
import { expect, test } from 'vitest'
import { experiment, runRow, type SeriesShape, seriesRow } from '../../test/gate/runs.ts'
import type { NoiseFloor } from '../model/baseline.ts'
import type { LoadRun } from '../model/load-run.ts'
import { compareRuns } from './compare-runs.ts'

const even = [1, 1.01, 0.99, 1.005, 0.995]
const nearly = (factor: number) =>
  even.map((each, index) => each * factor * (index % 2 === 0 ? 1.004 : 0.997))

test.each([
  [1.3, 'critical', 'fail'],
  [1.2, 'high', 'fail'],
  [1.12, 'medium', 'warn'],
  [1.07, 'low', 'pass'],
  [1, 'none', 'pass'],
  [0.8, 'improvement', 'pass'],
] as const)(
  'five interleaved repetitions of %d times the latency are %s: %s (V5)',
  (factor, band, verdict) => {
    const { base, head } = experiment('interleaved', { base: even, head: nearly(factor) })
    const comparison = compareRuns(base, head)
    expect(comparison).toMatchObject({ verdict, design: 'interleaved', comparisons: 3, inconclusive: 0 })
    expect(comparison.series.map((each) => each.band)).toEqual([band, band, band])
  },
)

test('noise as large as the slowdown is inconclusive, with what could be seen and the repetitions needed', () => {
  const { base, head } = experiment('interleaved', { base: [1, 1.3, 0.8], head: [1.25, 1.2, 1.4] })
  const comparison = compareRuns(base, head)
  expect(comparison).toMatchObject({ verdict: 'inconclusive', inconclusive: 2 })
  const [p50] = comparison.series
  expect(p50).toMatchObject({ band: null, verdict: 'inconclusive' })
  expect(p50!.detectable).toBeGreaterThan(1.25)
  expect(p50!.runsNeeded).toBeGreaterThan(3)
  expect(comparison.summary).toBe('2 comparisons, 2 inconclusive')
})

test('a duet cancels what both sides met, where runs by turns cannot tell', () => {
  const host = [1, 2.5, 0.7, 1.4, 3]
  const factors = { base: host, head: host.map((each, index) => each * (index % 2 === 0 ? 1.3 : 1.27)) }
  const duet = experiment('duet', factors)
  expect(compareRuns(duet.base, duet.head)).toMatchObject({ verdict: 'fail', design: 'duet' })
  const apart = { base: duet.base.map(untied), head: duet.head.map(untied) }
  expect(compareRuns(apart.base, apart.head).verdict).toBe('inconclusive')
})

test('runs without an experiment that were made in one spell are two sets', () => {
  const { base, head } = experiment('interleaved', { base: even, head: nearly(1.3) })
  const later = (run: LoadRun, minutes: number) => ({
    ...untied(run),
    startedAt: new Date(Date.parse(run.startedAt) + minutes * 60_000).toISOString(),
  })
  const comparison = compareRuns(
    base.map((run, at) => later(run, 2 * at)),
    head.map((run, at) => later(run, 2 * at + 1)),
  )
  expect(comparison).toMatchObject({ verdict: 'fail', design: 'interleaved' })
  expect(comparison.notes.join()).toContain('two sets of the same spell')
})

function untied(run: LoadRun): LoadRun {
  return { ...run, experiment: null }
}

function history(factors: readonly number[], day: number, shape: SeriesShape = {}): readonly LoadRun[] {
  return factors.map((factor, at) =>
    runRow({
      startedAt: `2026-11-${String(day + at).padStart(2, '0')}T10:00:00.000Z`,
      series: [seriesRow({ ...shape, medianMs: 20 * factor })],
    }),
  )
}

const tenDays = [1, 1.02, 0.98, 1.01, 0.99, 1.03, 0.97, 1, 1.015, 0.985]

test.each([
  [1.3, 'fail'],
  [1, 'pass'],
])('against a stored baseline of ten runs, %d times the latency: %s', (factor, verdict) => {
  const comparison = compareRuns(history(tenDays, 1), history([factor], 20))
  expect(comparison).toMatchObject({ verdict, design: 'stored', baseRuns: 10, headRuns: 1 })
  expect(comparison.notes.join()).toContain('about half of what interleaved runs')
})

test('more runs of one occasion do not make a stored baseline surer', () => {
  const widthOf = (heads: number) => {
    const { series } = compareRuns(history(tenDays, 1), history(Array(heads).fill(1.1), 20))
    return series[0]!.upper! / series[0]!.lower!
  }
  expect(widthOf(8)).toBeCloseTo(widthOf(1), 6)
})

test('one against one never has a band, however far apart', () => {
  const comparison = compareRuns([runRow()], [runRow({ series: [seriesRow({ medianMs: 90 })] })])
  expect(comparison).toMatchObject({ verdict: 'inconclusive', design: 'single', comparisons: 2 })
  for (const { band, runsNeeded, verdict } of comparison.series.slice(0, 2))
    expect({ band, runsNeeded, verdict }).toEqual({ band: null, runsNeeded: 5, verdict: 'inconclusive' })
})

test.each([
  [1.5, 'fail'],
  [1, 'pass'],
  [1.1, 'inconclusive'],
])('one against one with a learnt noise floor, %d times the latency: %s', (factor, verdict) => {
  const noise = (['p50', 'p95'] as const).map(
    (quantile): NoiseFloor => ({ series: 'all', quantile, logRatio: 0.09, pairs: 45 }),
  )
  const head = [runRow({ series: [seriesRow({ medianMs: 20 * factor })] })]
  expect(compareRuns([runRow()], head, { noise })).toMatchObject({ verdict, design: 'single' })
})

test('a slowdown within the given noise of the host is no finding', () => {
  const { base, head } = experiment('interleaved', { base: even, head: nearly(1.2) })
  const noise = [{ series: 'all', quantile: 'p50' as const, logRatio: 0.6, pairs: 10 }]
  const [p50, p95] = compareRuns(base, head, { noise }).series
  expect(p50).toMatchObject({ verdict: 'inconclusive', noiseFloor: Math.exp(0.6) })
  expect(p95).toMatchObject({ verdict: 'fail', band: 'high' })
})

test.each([
  [39, [false, false, false]],
  [40, [true, false, false]],
  [199, [true, false, false]],
  [200, [true, true, false]],
  [1_999, [true, true, false]],
  [2_000, [true, true, true]],
])('five runs of %d requests: p50, p95 and p99 judged are %j', (count, judged) => {
  const { base, head } = experiment('interleaved', { base: even, head: nearly(1) }, { count, windows: 2 })
  const { series, verdict } = compareRuns(base, head)
  expect(series.map((each) => each.verdict !== 'invalid')).toEqual(judged)
  if (!judged.includes(true)) expect(verdict).toBe('inconclusive')
})

test('a change of a fraction of a millisecond on a quick endpoint is told, one of a hundredth of it is not', () => {
  const of = (factor: number) => {
    const { base, head } = experiment('interleaved', { base: even, head: nearly(factor) }, { medianMs: 0.5 })
    return compareRuns(base, head).series[0]
  }
  expect(of(1.3)).toMatchObject({ band: 'critical' })
  expect(of(1.08)).toMatchObject({ band: null, verdict: 'pass' })
})

test('more failing requests fail, whatever the latencies', () => {
  const of = (errors: number) =>
    history([1, 1.01, 0.99], 1, { errors }).map((run) => ({ ...run, startedAt: '2026-11-01T10:00:00.000Z' }))
  expect(compareRuns(of(0), of(19))).toMatchObject({ verdict: 'fail', errors: [{ verdict: 'fail' }] })
  expect(compareRuns(of(4), of(5)).errors).toMatchObject([{ verdict: 'pass' }])
})

test('a slowdown in few windows is told, and warns when all runs agree', () => {
  const shape = { windows: 10, slowWindows: { every: 4, factor: 5 } }
  const { base } = experiment('interleaved', { base: even, head: [] })
  const { head } = experiment('interleaved', { base: [], head: nearly(1) }, shape)
  const comparison = compareRuns(base, head, { quantiles: ['p50'] })
  expect(comparison).toMatchObject({ verdict: 'warn', inconclusive: 0 })
  expect(comparison.notes.join()).toContain('30 % of the windows')
})

test('a supported gain of over 10 % of all requests calls for a new baseline (V6), one of 8 % does not', () => {
  const due = (factor: number) => {
    const { base, head } = experiment('interleaved', { base: even, head: nearly(factor) })
    return compareRuns(base, head).isNewBaselineDue
  }
  expect([due(0.85), due(0.92), due(1)]).toEqual([true, false, false])
})

test('runs without a partner, and endpoints that some runs lack, are left out and named', () => {
  const { base, head } = experiment('interleaved', { base: [...even, 9], head: nearly(1) })
  const [first, ...others] = head
  const more = { ...first!, series: [...first!.series, seriesRow({ name: 'GET /new' })] }
  const { notes, baseRuns } = compareRuns(base, [more, ...others])
  expect(baseRuns).toBe(5)
  expect(notes.join(' ')).toMatch(/1 run has no partner.*not compared: GET \/new/)
})

test('nothing at all is not comparable', () => {
  expect(compareRuns([], []).verdict).toBe('invalid')
})

test('exchanged sides mirror ratio and bounds; units do not matter', () => {
  const factors = fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(factors, factors, fc.constantFrom(20, 2_000), (before, after, medianMs) => {
      const { base, head } = experiment(
        'interleaved',
        { base: before, head: after },
        { count: 400, medianMs },
      )
      const [forth, back] = [compareRuns(base, head), compareRuns(head, base)].map(({ series }) => series[0]!)
      expect(forth!.ratio! * back!.ratio!).toBeCloseTo(1, 6)
      expect(forth!.lower! * back!.upper!).toBeCloseTo(1, 6)
      const usual = experiment('interleaved', { base: before, head: after }, { count: 400 })
      // to the three digits of a histogram
      expect(compareRuns(usual.base, usual.head).series[0]!.ratio! / forth!.ratio!).toBeCloseTo(1, 2)
    }),
    { numRuns: 15 },
  )
})
