// pgsteward/benchmark/vitest: import it in a test or name it under `setupFiles`, and `expect(benchmark).toPassRegressionTest()` is
// known.

import { afterEach, beforeEach, expect } from 'vitest'
import type { PerformanceBenchmark } from './performance-benchmark.ts'
import { recordDurations } from './record-durations.ts'
import { toPassRegressionTest } from './regression-matcher.ts'

export { PerformanceBenchmark } from './performance-benchmark.ts'

declare module 'vitest' {
  // the parameters are those of Vitest 5: an interface is only extended by one that has the same
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** Fails with the report when a metric got worse with support. */
    toPassRegressionTest: () => R
  }
}

expect.extend({ toPassRegressionTest })

/** Records how long each test of this file takes, under the test's name. */
export function recordTestDurations(benchmark: PerformanceBenchmark): void {
  recordDurations(benchmark, {
    beforeEach,
    afterEach,
    currentTest: () => expect.getState().currentTestName,
  })
}
