// How long each test of a file takes, as metrics, whichever runner it is.

import type { PerformanceBenchmark } from './performance-benchmark.ts'

export interface TestHooks {
  readonly beforeEach: (work: () => void) => void
  readonly afterEach: (work: () => void) => void
  /** Full name of the test that runs. */
  readonly currentTest: () => string | undefined
}

export function recordDurations(benchmark: PerformanceBenchmark, hooks: TestHooks): void {
  let began = 0
  hooks.beforeEach(() => {
    began = performance.now()
  })
  hooks.afterEach(() => {
    benchmark.recordMetric(hooks.currentTest() ?? 'test', performance.now() - began)
  })
}
