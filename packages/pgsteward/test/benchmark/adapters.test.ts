// The adapters in real child projects: a real Vitest and a real Jest, with pgsteward as it is published (V4).

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectWith, repository } from './published.ts'

const ENTRIES = ['benchmark/index.ts', 'benchmark/vitest.ts', 'benchmark/jest.ts']
const vitest = join(repository, 'node_modules/vitest/vitest.mjs')
const jest = join(repository, 'node_modules/.cache/jest/node_modules/jest/bin/jest.js')

/** Five runs of the baseline around 100, then one test each for what is alike and what is 40 % slower. */
const BODY = `
function benchmarkAt(value) {
  const benchmark = new PerformanceBenchmark({ name: 'import', baseline: 'benchmarks/import.json' })
  benchmark.recordMetric('parse', value)
  return benchmark
}
test('records the baseline', () => {
  for (const value of [100, 101, 99, 100.5, 99.5]) benchmarkAt(value).createBaseline()
})
test('as fast as before', () => expect(benchmarkAt(100)).toPassRegressionTest())
test('slower', () => expect(benchmarkAt(140)).toPassRegressionTest())
`

const DURATIONS = `
const durations = new PerformanceBenchmark({ name: 'durations', baseline: 'benchmarks/durations.json' })
recordTestDurations(durations)
test('is timed', () => expect(1).toBe(1))
test('keeps what it timed', () => void durations.createBaseline())
`

async function run(args: readonly string[], cwd: string) {
  const env = { PATH: process.env.PATH, CI: 'true', NO_COLOR: '1', HOME: cwd }
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output }
}

function timed(project: string): readonly string[] {
  const baseline = JSON.parse(readFileSync(join(project, 'benchmarks/durations.json'), 'utf8'))
  return baseline.runs[0].series.map(({ name }: { name: string }) => name)
}

const PATIENCE = 120_000

test('Vitest: the matcher passes what is alike and fails what got slower, with the report', {
  timeout: PATIENCE,
}, async () => {
  const project = projectWith(ENTRIES, {
    'package.json': '{ "type": "module" }',
    'vitest.config.js': "export default { test: { setupFiles: ['pgsteward/benchmark/vitest'] } }",
    'import.test.js': `import { expect, test } from 'vitest'\nimport { PerformanceBenchmark } from 'pgsteward/benchmark'\n${BODY}`,
    'durations.test.js': `import { expect, test } from 'vitest'\nimport { PerformanceBenchmark, recordTestDurations } from 'pgsteward/benchmark/vitest'\n${DURATIONS}`,
  })
  const { code, output } = await run([vitest, 'run', '--no-file-parallelism'], project)
  expect(output).toContain('1 failed | 4 passed')
  expect(output).toContain('FAIL: import, 1 metric compared, 1 got worse, most of all parse by 40 %')
  expect(code).toBe(1)
  expect(timed(project)).toEqual(['is timed'])
})

// npm test installs it (scripts/bootstrap.mjs); without it there is nothing to test with
describe.skipIf(!existsSync(jest))('with a real Jest', () => {
  test('Jest: the same matcher, by expect.extend', { timeout: PATIENCE }, async () => {
    const project = projectWith(ENTRIES, {
      'package.json': '{ "type": "module" }',
      'jest.config.js': "export default { transform: {}, setupFilesAfterEnv: ['pgsteward/benchmark/jest'] }",
      'import.test.js': `import { PerformanceBenchmark } from 'pgsteward/benchmark'\n${BODY}`,
      'durations.test.js': `import { PerformanceBenchmark, recordTestDurations } from 'pgsteward/benchmark/jest'\n${DURATIONS}`,
    })
    const { code, output } = await run(
      ['--experimental-vm-modules', jest, '--runInBand', '--watchman=false'],
      project,
    )
    expect(output).toContain('Tests:       1 failed, 4 passed, 5 total')
    expect(output).toContain('FAIL: import, 1 metric compared, 1 got worse, most of all parse by 40 %')
    expect(code).toBe(1)
    expect(timed(project)).toEqual(['is timed'])
  })
})
