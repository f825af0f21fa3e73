import { expect, test } from 'vitest'
import { analyzeRegression } from './analyze-regression.ts'
import { extendBaseline } from './baseline-file.ts'
import { benchmarkRun } from './benchmark-run.ts'
import type { BenchmarkBaseline, Better } from './benchmark-types.ts'
import { regressionReport } from './regression-report.ts'

interface Given {
  readonly unit?: string
  readonly better?: Better
}

/** One process: a metric of one run with these samples. */
function process(
  value: number | readonly number[],
  { unit = 'ms', better = 'lower' }: Given = {},
  name = 'parse',
) {
  const samples = typeof value === 'number' ? [value] : value
  return benchmarkRun('import', [{ name, unit, better, runs: [samples] }], new Date(0), 1_000)
}

function baselineOf(values: readonly number[], given: Given = {}): BenchmarkBaseline {
  return values.reduce<BenchmarkBaseline | null>(
    (baseline, value) => extendBaseline(baseline, process(value, given)),
    null,
  )!
}

/** 1 to 2 % apart, as a calm machine has it. */
const CALM = [100, 101, 99.5, 100.5, 99, 100.2]
/** 20 % apart. */
const NOISY = [100, 131, 88, 117, 79, 104]

test.each([
  ['critical', 140, 'fail'],
  ['high', 119, 'fail'],
  ['medium', 113, 'warn'],
  ['none', 100.4, 'pass'],
  ['improvement', 80, 'pass'],
])('a %s change on a calm machine (V4, V5)', (band, value, verdict) => {
  const { metrics, verdict: all } = analyzeRegression(baselineOf(CALM), process(value))
  expect([metrics[0]!.band, metrics[0]!.verdict, all]).toEqual([band, verdict, verdict])
})

test('the same change in noise has no band, and says how much could have been seen', () => {
  const { verdict, metrics, inconclusive } = analyzeRegression(baselineOf(NOISY), process(125))
  expect([verdict, metrics[0]!.band, inconclusive]).toEqual(['inconclusive', null, 1])
  expect(metrics[0]!.detectable).toBeGreaterThan(1.25)
})

test('where more is better a drop is a slowdown', () => {
  const given = { unit: 'rows/s', better: 'higher' } as const
  const worse = analyzeRegression(baselineOf(CALM, given), process(70, given))
  expect([worse.verdict, worse.metrics[0]!.band]).toEqual(['fail', 'critical'])
  expect(regressionReport(worse)).toContain('43 % worse')
  const better = analyzeRegression(baselineOf(CALM, given), process(140, given))
  expect([better.verdict, better.metrics[0]!.band, better.isNewBaselineDue]).toEqual([
    'pass',
    'improvement',
    true,
  ])
})

test('a thousand samples of one process are one run: two runs in the baseline decide nothing', () => {
  const samples = Array.from({ length: 1_000 }, (_, index) => 100 + (index % 3))
  const baseline = extendBaseline(extendBaseline(null, process(samples)), process(samples))
  const { verdict, metrics } = analyzeRegression(baseline, process(samples.map((each) => each * 1.5)))
  expect([verdict, metrics[0]!.band, metrics[0]!.runsNeeded]).toEqual(['inconclusive', null, 5])
  expect(metrics[0]!.because).toContain('2 runs')
})

test('identical processes never fail, whatever their noise', () => {
  for (const history of [CALM, NOISY])
    for (const value of history)
      expect(analyzeRegression(baselineOf(history), process(value)).verdict).not.toBe('fail')
})

test('nothing is compared with another machine, benchmark or unit', () => {
  const baseline = baselineOf(CALM)
  const elsewhere = { ...baseline, hostClass: 'other' }
  expect(analyzeRegression(elsewhere, process(100)).verdict).toBe('invalid')
  const bytes = analyzeRegression(baseline, process(100, { unit: 'bytes' }))
  expect(bytes.metrics[0]!.because).toBe('It is not in the baseline.')
  expect(analyzeRegression(null, process(100)).summary).toContain('no baseline yet')
})

test('a metric that is gone, or that is zero, is told and not left out', () => {
  const gone = analyzeRegression(baselineOf(CALM), process(3, {}, 'write'))
  expect(gone.notes).toContain('In the baseline, not recorded now: parse.')
  const zero = analyzeRegression(baselineOf(CALM), process(0))
  expect([zero.metrics[0]!.verdict, zero.comparisons]).toEqual(['invalid', 0])
})

test('a baseline holds twenty runs at most, and of one machine', () => {
  const many = baselineOf(Array.from({ length: 25 }, (_, index) => 100 + index))
  expect(many.runs).toHaveLength(20)
  expect(many.runs.at(-1)!.series[0]!.metric!.values).toEqual([124])
  const other = { ...many, hostClass: 'other' }
  expect(extendBaseline(other, process(1)).runs).toHaveLength(1)
})
