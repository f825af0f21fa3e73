// The matcher that both adapters share: `expect(benchmark).toPassRegressionTest()`.

import { PerformanceBenchmark } from './performance-benchmark.ts'
import { regressionReport } from './regression-report.ts'
import { printOut } from './standard-output.ts'

export function toPassRegressionTest(received: unknown): { pass: boolean; message: () => string } {
  if (!(received instanceof PerformanceBenchmark))
    return { pass: false, message: () => 'toPassRegressionTest wants a PerformanceBenchmark' }
  const analysis = received.analyzeRegression()
  const pass = received.passedRegressionTest(analysis)
  const report = regressionReport(analysis)
  // passed in silence would hide that nothing could be decided
  if (pass && analysis.verdict !== 'pass') printOut(report)
  return { pass, message: () => report }
}
