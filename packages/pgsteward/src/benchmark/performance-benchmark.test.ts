import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { baselineSchema } from '../model/baseline.ts'
import { PerformanceBenchmark } from './performance-benchmark.ts'

function fileName(): string {
  return join(mkdtempSync(join(tmpdir(), 'pgsteward-benchmark-')), 'below', 'import.json')
}

function recorded(baseline: string, value: number, isStrict = false): PerformanceBenchmark {
  const benchmark = new PerformanceBenchmark({ name: 'import', baseline, isStrict })
  benchmark.recordMetric('parse', [value, value * 1.01, value * 0.99])
  benchmark.recordMetrics([{ name: 'throughput', value: 10_000 / value, unit: 'rows/s', better: 'higher' }])
  benchmark.recordMetrics({ write: value / 2 })
  return benchmark
}

test('records, keeps a baseline as a file, fails what got slower and passes what did not (V4)', () => {
  const file = fileName()
  for (const value of [100, 101, 99, 100.5, 99.5]) recorded(file, value).createBaseline()
  const baseline = baselineSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  expect(baseline.runs).toHaveLength(5)
  expect(baseline.runs[0]!.engine.name).toBe('benchmark')
  expect(recorded(file, 100).passedRegressionTest()).toBe(true)
  const slow = recorded(file, 140)
  const analysis = slow.analyzeRegression()
  expect(slow.passedRegressionTest(analysis)).toBe(false)
  expect(analysis.metrics.map(({ name, band }) => [name, band])).toEqual([
    ['parse', 'critical'],
    ['throughput', 'critical'],
    ['write', 'critical'],
  ])
  expect(recorded(file, 70).createBaseline({ renew: true }).runs).toHaveLength(1)
})

test('what could not be decided passes, and fails where strict was asked for', () => {
  const file = fileName()
  recorded(file, 100).createBaseline()
  expect(recorded(file, 140).passedRegressionTest()).toBe(true)
  expect(recorded(file, 140, true).passedRegressionTest()).toBe(false)
})

test('measure times a function in runs of several calls, the warm-up left out', async () => {
  let calls = 0
  const benchmark = new PerformanceBenchmark({ name: 'import', baseline: fileName() })
  await benchmark.measure('work', () => calls++, { runs: 3, samples: 4, warmUp: 2 })
  expect(calls).toBe(14)
  const [series] = benchmark.createBaseline().runs[0]!.series
  expect([series!.count, series!.metric!.values.length, series!.histogram === null]).toEqual([12, 3, false])
})

test('bad input is refused with what would be right', () => {
  const benchmark = new PerformanceBenchmark({ name: 'import', baseline: fileName() })
  expect(() => benchmark.analyzeRegression()).toThrow('has recorded nothing')
  expect(() => benchmark.recordMetric('x', Number.NaN)).toThrow('NaN is no value')
  expect(() => benchmark.recordMetric('x', -1)).toThrow('-1 is no value')
  benchmark.recordMetric('x', 1)
  expect(() => benchmark.recordMetric('x', 1, { unit: 'bytes' })).toThrow('two meanings')
  expect(() => new PerformanceBenchmark('../escape')).toThrow('no name of a benchmark')
  writeFileSync(join(tmpdir(), `pgsteward-broken-${process.pid}.json`), '{')
  const broken = recorded(join(tmpdir(), `pgsteward-broken-${process.pid}.json`), 1)
  expect(() => broken.createBaseline()).toThrow('is no baseline')
})
