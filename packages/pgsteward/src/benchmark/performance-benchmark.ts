// PerformanceBenchmark: figures of users' own tests, kept as a baseline and judged like load runs.

import { resolve } from 'node:path'
import { StewardError } from '../model/error.ts'
import type { LoadRun } from '../model/load-run.ts'
import { analyzeRegression } from './analyze-regression.ts'
import { extendBaseline, readBaseline, writeBaseline } from './baseline-file.ts'
import { benchmarkRun } from './benchmark-run.ts'
import type { BenchmarkBaseline, BenchmarkMetric, Better, RegressionAnalysis } from './benchmark-types.ts'
import { RecordedMetrics } from './recorded-metrics.ts'
import { regressionReport } from './regression-report.ts'
import { printOut } from './standard-output.ts'

export interface BenchmarkOptions {
  readonly name: string
  /** Default `benchmarks/NAME.json`, below the working directory. */
  readonly baseline?: string
  /** Whether inconclusive and invalid analyses fail too. Default false: they say so, and pass. */
  readonly isStrict?: boolean
}

export interface MetricOptions {
  readonly unit?: string
  readonly better?: Better
}

export interface MeasureOptions {
  /** Groups of samples in this process, one value each. Default 5. */
  readonly runs?: number
  /** Calls in a group. Default 20. */
  readonly samples?: number
  /** Calls before the first, not recorded. Default 5. */
  readonly warmUp?: number
}

export class PerformanceBenchmark {
  readonly name: string
  readonly baselineFile: string
  readonly #isStrict: boolean
  readonly #recorded = new RecordedMetrics()
  readonly #startedAt = new Date()
  readonly #started = performance.now()

  constructor(options: BenchmarkOptions | string) {
    const { name, baseline, isStrict = false } = typeof options === 'string' ? { name: options } : options
    if (!/^[\w][\w .-]*$/.test(name))
      throw new StewardError('usage', `${JSON.stringify(name)} is no name of a benchmark`, {
        detail: 'Letters, digits, blanks, dots and dashes: it names the baseline’s file.',
      })
    this.name = name
    this.#isStrict = isStrict
    this.baselineFile = resolve(baseline ?? `benchmarks/${name.replaceAll(' ', '-')}.json`)
  }

  /** One sample or several: `recordMetric('parse', 12.3)`, `recordMetric({ name, value, unit: 'rows/s', better: 'higher' })`. */
  recordMetric(metric: BenchmarkMetric): void
  recordMetric(name: string, value: number | readonly number[], options?: MetricOptions): void
  recordMetric(
    first: BenchmarkMetric | string,
    value?: number | readonly number[],
    options?: MetricOptions,
  ): void {
    this.#recorded.add(
      typeof first === 'string' ? { name: first, value: value ?? Number.NaN, ...options } : first,
    )
  }

  recordMetrics(metrics: readonly BenchmarkMetric[] | Readonly<Record<string, number>>): void {
    if (Array.isArray(metrics))
      for (const each of metrics as readonly BenchmarkMetric[]) this.recordMetric(each)
    else for (const [name, value] of Object.entries(metrics)) this.recordMetric(name, value as number)
  }

  /** What is recorded from here on is another run of this process. */
  nextRun(): void {
    this.#recorded.nextRun()
  }

  /** Times a function, in milliseconds: `runs` groups of `samples` calls, after a warm-up. */
  async measure(name: string, work: () => unknown, options: MeasureOptions = {}): Promise<void> {
    const { runs = 5, samples = 20, warmUp = 5 } = options
    for (let call = 0; call < warmUp; call += 1) await work()
    for (let run = 0; run < runs; run += 1) {
      for (let call = 0; call < samples; call += 1) {
        const began = performance.now()
        await work()
        this.recordMetric(name, performance.now() - began)
      }
      this.nextRun()
    }
  }

  /**
   * Adds what was recorded to the baseline's file as one run, of at most 20; `renew` begins it anew. A baseline that has runs of one
   * process only can decide nothing: record it from several.
   */
  createBaseline({ renew = false }: { readonly renew?: boolean } = {}): BenchmarkBaseline {
    const before = renew ? null : readBaseline(this.baselineFile)
    const baseline = extendBaseline(before, this.#run())
    writeBaseline(this.baselineFile, baseline)
    return baseline
  }

  /** Against the baseline's file, or the one given. */
  analyzeRegression(
    baseline: BenchmarkBaseline | null = readBaseline(this.baselineFile),
  ): RegressionAnalysis {
    return analyzeRegression(baseline, this.#run())
  }

  printRegressionReport(analysis: RegressionAnalysis = this.analyzeRegression()): void {
    printOut(regressionReport(analysis))
  }

  /** False when a metric got worse by over 15 % with support; strict: also when nothing could be decided. */
  passedRegressionTest(analysis: RegressionAnalysis = this.analyzeRegression()): boolean {
    if (analysis.verdict === 'fail') return false
    return !this.#isStrict || analysis.verdict === 'pass' || analysis.verdict === 'warn'
  }

  #run(): LoadRun {
    if (this.#recorded.isEmpty)
      throw new StewardError('usage', `the benchmark ${this.name} has recorded nothing`, {
        hint: 'Call recordMetric or measure first.',
      })
    return benchmarkRun(this.name, this.#recorded.list(), this.#startedAt, performance.now() - this.#started)
  }
}
