// pgsteward/benchmark/jest: import it in a test or name it under `setupFilesAfterEnv`, and `expect(benchmark).toPassRegressionTest()`
// is known. Jest is no dependency: its globals are used, as they are in the test that imports this.

import type { PerformanceBenchmark } from './performance-benchmark.ts'
import { recordDurations } from './record-durations.ts'
import { toPassRegressionTest } from './regression-matcher.ts'

export { PerformanceBenchmark } from './performance-benchmark.ts'

declare global {
  // the name that @types/jest has for it
  namespace jest {
    interface Matchers<R> {
      /** Fails with the report when a metric got worse with support. */
      toPassRegressionTest(): R
    }
  }
}

interface JestGlobals {
  readonly expect: {
    readonly extend: (matchers: object) => void
    readonly getState: () => { readonly currentTestName?: string }
  }
  readonly beforeEach: (work: () => void) => void
  readonly afterEach: (work: () => void) => void
}

const jestGlobals = globalThis as unknown as JestGlobals

jestGlobals.expect.extend({ toPassRegressionTest })

/** Records how long each test of this file takes, under the test's name. */
export function recordTestDurations(benchmark: PerformanceBenchmark): void {
  recordDurations(benchmark, {
    beforeEach: jestGlobals.beforeEach,
    afterEach: jestGlobals.afterEach,
    currentTest: () => jestGlobals.expect.getState().currentTestName,
  })
}
