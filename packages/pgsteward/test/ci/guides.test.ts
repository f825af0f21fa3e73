// The guides' examples as they stand: every command line is understood, every program runs.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectWith, repository } from '../benchmark/published.ts'
import { mistakeIn, pgstewardCalls } from './command-lines.ts'

const guide = (name: string) => readFileSync(join(repository, 'docs/guides', `${name}.md`), 'utf8')
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, body]) => body!)

test.each(['ci', 'benchmark-api', 'mcp'])(
  'docs/guides/%s.md: commands that exist, with options that exist',
  async (name) => {
    const text = guide(name)
    const inline = [...text.matchAll(/`(pgsteward [^`]+)`/g)].map(([, call]) => call!)
    const calls = [...blocks(text, 'sh'), ...inline].flatMap(pgstewardCalls)
    for (const call of calls) expect(await mistakeIn(call), call.join(' ')).toBeNull()
    if (name === 'ci') expect(calls.length).toBeGreaterThan(3)
  },
)

test('docs/guides/benchmark-api.md: its tests pass, and its loop makes a baseline of five runs (V4)', {
  timeout: 300_000,
}, () => {
  const files = Object.fromEntries(
    blocks(guide('benchmark-api'), 'js').map((body) => [/^\/\/ (\S+)\n/.exec(body)![1]!, body]),
  )
  expect(Object.keys(files)).toEqual(['import.test.js', 'slow.test.js', 'jest.config.js'])
  const project = projectWith(['benchmark/index.ts', 'benchmark/vitest.ts'], {
    ...files,
    'package.json': '{ "type": "module" }',
  })
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs')
  const run = (env: Readonly<Record<string, string>>) =>
    spawnSync(process.execPath, [vitest, 'run', '--no-file-parallelism'], {
      cwd: project,
      env: { PATH: process.env.PATH, CI: 'true', NO_COLOR: '1', HOME: project, ...env },
      encoding: 'utf8',
    })
  expect(run({}).stdout).toContain('Tests  3 passed')
  expect(existsSync(join(project, 'benchmarks'))).toBe(false)
  for (let recorded = 1; recorded <= 5; recorded += 1) expect(run({ RECORD_BASELINE: '1' }).status).toBe(0)
  const baseline = JSON.parse(readFileSync(join(project, 'benchmarks/import.json'), 'utf8'))
  expect(baseline.runs).toHaveLength(5)
})
