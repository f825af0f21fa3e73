import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '../../src/cli/main.ts'
import { loadRunSchema } from '../../src/model/load-run.ts'

const PROGRAM = resolve(import.meta.dirname, '../../bin/pgsteward.js')

let dir: string
let server: Server
let url: string
let asked = 0

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-load-run-'))
  asked = 0
  server = createServer((_, response) => {
    asked++
    response.end('{}')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  scenario()
})

afterEach(() => {
  server.close()
  server.closeAllConnections()
  rmSync(dir, { recursive: true, force: true })
})

function scenario(over: object = {}): void {
  writeFileSync(
    join(dir, 'shop.json'),
    JSON.stringify({
      id: 'shop',
      title: 'Shop',
      load: { model: 'open', startPerSecond: 30, stages: [{ for: '1s', perSecond: 30 }] },
      flows: [{ name: 'visit', steps: [{ path: '/' }, { path: '/b' }] }],
      ...over,
    }),
  )
}

async function pgsteward(args: readonly string[], onProgress: (text: string) => void = () => {}) {
  let [out, note] = ['', '']
  const stop = new AbortController()
  const exitCode = await runCommand(['load', 'run', ...args], {
    terminal: {
      out: (text) => {
        out += text
      },
      note: (text) => {
        note += text
      },
      progress: (text) => {
        onProgress(text)
        if (text.includes('1:5')) stop.abort()
      },
      isColoured: false,
      width: 100,
    },
    cwd: dir,
    env: {},
    signal: stop.signal,
  })
  return { exitCode, out, note }
}

const kept = () => readdirSync(join(dir, '.pgsteward/runs'))

test('prints the run as JSON alone, and keeps it as a file', async () => {
  const { exitCode, out } = await pgsteward(['shop.json', '--target', url, '--json', '--out', 'run.json'])
  const run = loadRunSchema.parse(JSON.parse(out))
  expect(run.scenario).toMatchObject({ id: 'shop', model: 'open' })
  expect(run.requests.count).toBe(60)
  expect(kept()).toHaveLength(1)
  expect(
    loadRunSchema.parse(JSON.parse(readFileSync(join(dir, '.pgsteward/runs', kept()[0]!), 'utf8'))),
  ).toEqual(run)
  expect(JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')).id).toBe(run.id)
  expect(exitCode).toBe(run.invalid.length > 0 ? 1 : 0)
})

test('tells how far it is, and ends with the report', async () => {
  const told: string[] = []
  const { out, note } = await pgsteward(['shop.json', '-t', url], (text) => told.push(text))
  expect(told.at(-1)).toMatch(
    /^shop · 0:00 left · 30\.0\/s arrivals · [\d.]+\/s requests · p95 .+ · no errors$/,
  )
  expect(out).toContain('GET /b')
  expect(note).toContain('kept as ')
})

test('a crossed threshold is exit code 1', async () => {
  scenario({ thresholds: [{ metric: 'requestsPerSecond', above: 1000 }] })
  const { exitCode, out } = await pgsteward(['shop.json', '-t', url])
  expect(exitCode).toBe(1)
  expect(out).toContain('crossed')
})

test('Ctrl-C ends it with what it has measured, which is kept', async () => {
  scenario({ load: { model: 'closed', startUsers: 2, stages: [{ for: '2m', users: 2 }] } })
  const { exitCode, out } = await pgsteward(['shop.json', '-t', url, '--json'])
  expect(exitCode).toBe(1)
  const run = loadRunSchema.parse(JSON.parse(out))
  expect(run.ended).toBe('interrupted')
  expect(run.requests.count).toBeGreaterThan(0)
  expect(kept()).toHaveLength(1)
})

test('one scale for both, or one for each', async () => {
  scenario({
    load: { model: 'closed', stages: [{ for: '20s', users: 40 }] },
    flows: [{ name: 'v', steps: [{ path: '/' }, { pause: '1s' }] }],
  })
  const { out } = await pgsteward([
    'shop.json',
    '-t',
    url,
    '--scale',
    '0.05',
    '--users-scale',
    '0.1',
    '--json',
  ])
  const run = loadRunSchema.parse(JSON.parse(out))
  expect(run.scenario).toMatchObject({ timeScale: 0.05, loadScale: 0.1 })
  expect(run.durationMs).toBe(1000)
})

describe('nothing is sent', () => {
  test.each([
    [
      ['shop.json', '--target', 'http://staging.example.org'],
      2,
      'load.*targets: \\["http://staging.example.org"\\]',
    ],
    [['shop.json', '--target', 'nonsense'], 2, 'no address'],
    [['shop.json'], 2, '--target is missing'],
    [[], 2, 'which scenario'],
    [['shop.json', 'more', '--target', 'URL'], 2, 'one argument too many'],
    [['shop.json', '--target', 'URL', '--scale', '0'], 2, '--scale 0 is no factor'],
    [['shop.json', '--target', 'URL', '--threads', '0'], 2, 'from 1 to 64'],
    [['shop.json', '--target', 'URL', '--profile', 'pek'], 2, 'peak'],
    [['shop.json', '--target', 'URL', '--engine', 'nod'], 2, 'node'],
    [['absent.json', '--target', 'URL'], 2, 'absent.json'],
    [['shop.json', '--target', 'URL', '--baseline', 'absent.json'], 2, 'no such file'],
    [['shop.json', '--target', 'http://127.0.0.1:1'], 3, 'does not answer'],
    [['shop.json', '--target', 'URL', '--database', 'postgres://u:secret@127.0.0.1:1/x'], 3, '127.0.0.1:1'],
  ] as const)('with %j', async (args, exit, words) => {
    const { exitCode, note, out } = await pgsteward(args.map((arg) => (arg === 'URL' ? url : arg)))
    expect(note).toMatch(new RegExp(words, 's'))
    expect(note).not.toContain('secret')
    expect({ exitCode, out, asked }).toEqual({ exitCode: exit, out: '', asked: 0 })
  })
})

/** A disk that takes no more than 512 bytes a file: the kernel refuses the rest as it would on a full one. */
function onFullDisk(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = ['ulimit -f 1', `exec "$0" "$@"`].join('; ')
  return new Promise((done) =>
    execFile(
      'sh',
      ['-c', command, process.execPath, PROGRAM, 'load', 'run', 'shop.json', '--target', url, ...args],
      {
        cwd: dir,
        env: { ...process.env, TMPDIR: dir, NODE_DISABLE_COMPILE_CACHE: '1' },
        maxBuffer: 10_000_000,
      },
      (error, stdout, stderr) => done({ code: (error?.code as number | undefined) ?? 0, stdout, stderr }),
    ),
  )
}

describe('on a full disk', () => {
  test('the run is printed whole, and what could not be written is told', async () => {
    const { code, stdout, stderr } = await onFullDisk('--json', '--out', 'run.json')
    const run = loadRunSchema.parse(JSON.parse(stdout))
    expect(run.requests.count).toBe(60)
    expect(stderr).toMatch(/run\.json could not be written/)
    expect(code).toBe(run.invalid.length > 0 ? 1 : 2)
    // no half of a file is left behind
    expect(readdirSync(dir).filter((name) => name.startsWith('run.json'))).toEqual([])
  })

  test('without --json the report comes first, then the run itself', async () => {
    const { stdout } = await onFullDisk()
    expect(stdout).toContain('all requests')
    const last = stdout.trimEnd().split('\n').at(-1)!
    expect(loadRunSchema.parse(JSON.parse(last)).requests.count).toBe(60)
  })
})
