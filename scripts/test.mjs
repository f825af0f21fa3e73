// npm test: style, types, generated references, then every test. All steps run, so that one run shows all that is wrong.
// npm test -- PATTERN runs the tests whose path holds PATTERN, and nothing else.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const node = process.execPath
const patterns = process.argv.slice(2)
const checks = [
  ['style', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
  ['types', ['node_modules/typescript/bin/tsc', '-b']],
  ['generated reference', ['scripts/generate-reference.ts', '--check']],
]
const failed = []
if (patterns.length === 0) for (const [name, args] of checks) step(name, () => run(args))
step('tests', () => {
  const { isPassed, aborted } = runTests(patterns)
  if (isPassed || aborted.length === 0) return isPassed
  // what a file finds out is lost with its process: whole, once more, and this time it counts
  process.stdout.write(
    `\nV8 ended the process of ${aborted.join(', ')} (SIGTRAP), and no test failed: once more.\n`,
  )
  return runTests(aborted).isPassed
})
if (failed.length > 0) {
  process.stdout.write(`\nnot passed: ${failed.join(', ')}\n`)
  process.exit(1)
}

function step(name, isPassed) {
  const started = Date.now()
  process.stdout.write(`\n== ${name}\n`)
  const outcome = isPassed() ? 'passed' : 'FAILED'
  process.stdout.write(`== ${name}: ${outcome} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
  if (outcome === 'FAILED') failed.push(name)
}

function run(args, env = process.env) {
  return spawnSync(node, args, { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0
}

function runTests(files) {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-run-'))
  const path = join(dir, 'aborted.json')
  try {
    const isPassed = run(['node_modules/vitest/vitest.mjs', 'run', ...files], {
      ...process.env,
      ABORTED_FILES: path,
    })
    return { isPassed, aborted: isPassed ? [] : listed(path) }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** None where the run ended before its end. */
function listed(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : []
}
