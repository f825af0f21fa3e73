import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StewardError } from '../../model/error.ts'
import { type CommandToStart, startCommand } from './started-command.ts'

const SERVER = `
const { createServer } = require('node:http')
const { spawn } = require('node:child_process')
const { writeFileSync } = require('node:fs')
const grandchild = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
writeFileSync('pids.json', JSON.stringify([process.pid, grandchild.pid]))
createServer((request, answer) => answer.writeHead(request.url === '/health' ? 200 : 404).end(process.env.WORD)).listen(process.env.PORT, '127.0.0.1')
`

function request(source: string, over: Partial<CommandToStart> = {}): CommandToStart {
  const cwd = mkdtempSync(join(tmpdir(), 'pgsteward-started-'))
  writeFileSync(join(cwd, 'server.cjs'), source)
  return {
    command: `"${process.execPath}" server.cjs`,
    cwd,
    env: { PATH: process.env.PATH, WORD: 'served' },
    healthPath: '/health',
    patienceMs: 30_000,
    signal: new AbortController().signal,
    ...over,
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('serves on the port that it was given, and ends with what it started itself', async () => {
  const asked = request(SERVER)
  const started = await startCommand(asked)
  expect(await (await fetch(`${started.url}/x`)).text()).toBe('served')
  const pids: number[] = JSON.parse(readFileSync(join(asked.cwd, 'pids.json'), 'utf8'))
  expect(pids.map(lives)).toEqual([true, true])
  await started.stop()
  await expect.poll(() => pids.map(lives), { timeout: 10_000 }).toEqual([false, false])
})

test('nothing stays behind when its starter is killed', async () => {
  const asked = request(SERVER)
  const starter = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { startCommand } from ${JSON.stringify(new URL('./started-command.ts', import.meta.url).href)}
       await startCommand({ ...${JSON.stringify(asked)}, signal: new AbortController().signal })`,
    ],
    { stdio: 'ignore' },
  )
  const pids = () => JSON.parse(readFileSync(join(asked.cwd, 'pids.json'), 'utf8')) as number[]
  await expect
    .poll(() => existsSync(join(asked.cwd, 'pids.json')) && pids().length, { timeout: 30_000 })
    .toBe(2)
  starter.kill('SIGKILL')
  await expect.poll(() => pids().map(lives), { timeout: 20_000 }).toEqual([false, false])
})

test('a command that ends says so, with its last lines', async () => {
  const failure = await startCommand(request("console.error('no DATABASE_URL'); process.exit(7)")).catch(
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(StewardError)
  const { code, detail } = failure as StewardError
  expect(code).toBe('load-target-down')
  expect(detail).toContain('it ended with code 7')
  expect(detail).toContain('no DATABASE_URL')
})

test('one that listens elsewhere is told of PORT, and does not stay behind', async () => {
  const deaf = "require('node:fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)"
  const asked = request(deaf, { patienceMs: 1_500 })
  const failure = (await startCommand(asked).catch((error: unknown) => error)) as StewardError
  expect(failure.message).toContain('does not answer')
  expect(failure.hint).toContain('PORT')
  await expect
    .poll(() => lives(Number(readFileSync(join(asked.cwd, 'pid'), 'utf8'))), { timeout: 10_000 })
    .toBe(false)
})
