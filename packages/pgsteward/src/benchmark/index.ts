// pgsteward/benchmark: what users import.

export type {
  BenchmarkBaseline,
  BenchmarkMetric,
  MetricAnalysis,
  RegressionAnalysis,
} from './benchmark-types.ts'
export {
  type BenchmarkOptions,
  type MeasureOptions,
  type MetricOptions,
  PerformanceBenchmark,
} from './performance-benchmark.ts'
export { regressionReport } from './regression-report.ts'
