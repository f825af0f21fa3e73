import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-aborted-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const ends = (signal: string) =>
  `process.kill(process.pid, '${signal}'); await new Promise((resolve) => setTimeout(resolve, 20_000))`

/** Runs tests with these bodies, a file each; returns the files that are named as aborted. */
async function abortedOf(bodies: Readonly<Record<string, string>>): Promise<readonly string[]> {
  for (const [name, body] of Object.entries(bodies))
    writeFileSync(
      join(dir, `${name}.test.ts`),
      `test('passes', () => {})\ntest('${name}', async () => { ${body} })\n`,
    )
  const reporter = resolve(import.meta.dirname, 'aborted-files.ts')
  const vitest = resolve(import.meta.dirname, '../node_modules/vitest/vitest.mjs')
  const path = join(dir, 'aborted.json')
  const args = [vitest, 'run', '--root', dir, '--globals', '--pool', 'forks', '--reporter', reporter]
  await promisify(execFile)(process.execPath, args, { env: { ...process.env, ABORTED_FILES: path } }).catch(
    () => undefined,
  )
  return JSON.parse(readFileSync(path, 'utf8')).map((file: string) => basename(file))
}

test('names the file whose process V8 ended', async () => {
  expect(await abortedOf({ aborted: ends('SIGTRAP'), good: '' })).toEqual(['aborted.test.ts'])
})

test('names none where a test failed besides', async () => {
  expect(await abortedOf({ aborted: ends('SIGTRAP'), bad: 'expect(1).toBe(2)' })).toEqual([])
})

test.each(['SIGKILL', 'SIGSEGV', 'SIGABRT'])(
  'a process that ended by %s is no such thing',
  async (signal) => {
    expect(await abortedOf({ ended: ends(signal) })).toEqual([])
  },
)

test('names none where another error went unhandled', async () => {
  const late =
    "setTimeout(() => { throw new Error('late') }); await new Promise((resolve) => setTimeout(resolve, 200))"
  expect(await abortedOf({ aborted: ends('SIGTRAP'), late })).toEqual([])
})
