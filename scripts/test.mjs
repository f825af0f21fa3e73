// npm test: style, types, generated references, then every test. All steps run, so that one run shows all that is wrong.
// npm test -- PATTERN runs the tests whose path holds PATTERN, and nothing else.

import { spawnSync } from 'node:child_process'

const node = process.execPath
const patterns = process.argv.slice(2)
const checks = [
  ['style', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
  ['types', ['node_modules/typescript/bin/tsc', '-b']],
  ['generated reference', ['scripts/generate-reference.ts', '--check']],
]
const tests = ['tests', ['node_modules/vitest/vitest.mjs', 'run', ...patterns]]

const failed = []
for (const [name, args] of patterns.length > 0 ? [tests] : [...checks, tests]) {
  const started = Date.now()
  process.stdout.write(`\n== ${name}\n`)
  const { status } = spawnSync(node, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  process.stdout.write(
    `== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`,
  )
  if (status !== 0) failed.push(name)
}
if (failed.length > 0) {
  process.stdout.write(`\nnot passed: ${failed.join(', ')}\n`)
  process.exit(1)
}
