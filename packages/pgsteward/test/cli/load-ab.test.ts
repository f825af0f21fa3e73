// pgsteward load ab with real processes under real load. What the machine's noise makes of the figures is not judged here.

import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommand } from '../../src/cli/main.ts'
import { loadRunSchema } from '../../src/model/load-run.ts'

const SERVER = `
import { createServer } from 'node:http'
import { appendFileSync } from 'node:fs'
appendFileSync('pids', process.pid + '\\n')
createServer((_, answer) => answer.end('ok')).listen(process.env.PORT, '127.0.0.1')
`
const SCENARIO = {
  id: 'ci',
  title: 'CI',
  load: { model: 'open', startPerSecond: 50, stages: [{ for: '10s', perSecond: 50 }] },
  flows: [{ name: 'a', steps: [{ path: '/fast' }] }],
}

function project(): string {
  const cwd = mkdtempSync(join(tmpdir(), 'pgsteward-ab-'))
  writeFileSync(join(cwd, 'server.mjs'), SERVER)
  writeFileSync(join(cwd, 'ci.json'), JSON.stringify(SCENARIO))
  return cwd
}

async function ab(
  cwd: string,
  args: readonly string[],
  signal = new AbortController().signal,
  onRepetition = () => {},
) {
  let out = ''
  let notes = ''
  const code = await runCommand(['load', 'ab', ...args], {
    terminal: {
      out: (text) => {
        out += text
      },
      note: (text) => {
        notes += text
        if (/^(after|left out)/.test(text)) onRepetition()
      },
      progress: () => {},
      isColoured: false,
      width: 100,
    },
    cwd,
    env: { PATH: process.env.PATH, PGSTEWARD_INGEST_TOKEN: TOKEN },
    signal,
  })
  return { code, out, notes }
}

/** Takes what a dashboard would be told, by path. */
async function listener(): Promise<{ url: string; paths: string[] } & AsyncDisposable> {
  const paths: string[] = []
  const server = createServer((request, answer) => {
    if (request.headers.authorization === `Bearer ${TOKEN}`) paths.push(request.url ?? '')
    request.resume().on('end', () => answer.end('{}'))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}

const TOKEN = 'an-ingest-token-of-some-length'
const COMMAND = `"${process.execPath}" server.mjs`
const SIDES = ['--base-command', COMMAND, '--head-command', COMMAND]

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('each repetition starts both fresh, keeps both runs, and the files say what they belong to', {
  timeout: 300_000,
}, async () => {
  const cwd = project()
  const { code, out } = await ab(cwd, [
    'ci.json',
    ...SIDES,
    ...['--for', '1s', '--repetitions', '3', '--json', '--fail-on', 'never'],
    ...[
      '--markdown',
      'reports/c.md',
      '--junit',
      'reports/c.xml',
      '--sarif',
      'reports/c.sarif',
      '--out',
      'all.json',
    ],
  ])
  const comparison = JSON.parse(out)
  expect(code).toBe(0)
  expect([comparison.design, comparison.scenario.id]).toEqual(['interleaved', 'ci'])
  const runs = JSON.parse(readFileSync(join(cwd, 'all.json'), 'utf8')).map((run: unknown) =>
    loadRunSchema.parse(run),
  )
  expect(comparison.baseRuns).toBeGreaterThan(0)
  expect(runs).toHaveLength(comparison.baseRuns * 2)
  const ids = new Set(runs.map(({ experiment }: { experiment: { id: string } }) => experiment.id))
  expect(ids.size).toBe(1)
  const kept = readdirSync(join(cwd, '.pgsteward/runs'))
  const pids = readFileSync(join(cwd, 'pids'), 'utf8').trim().split('\n').map(Number)
  expect(kept.length).toBeGreaterThanOrEqual(runs.length)
  expect(new Set(pids).size).toBe(kept.length)
  await expect.poll(() => pids.filter(lives), { timeout: 10_000 }).toEqual([])
  expect(readFileSync(join(cwd, 'reports/c.md'), 'utf8')).toContain('<!-- pgsteward-comparison ci -->')
  expect(readdirSync(join(cwd, 'reports')).sort()).toEqual(['c.md', 'c.sarif', 'c.xml'])
})

test('a duet loads both at once, and shows every run on a running pgsteward', {
  timeout: 300_000,
}, async () => {
  const cwd = project()
  await using dashboard = await listener()
  const { out } = await ab(cwd, [
    'ci.json',
    ...SIDES,
    '--design',
    'duet',
    '--report',
    dashboard.url,
    '--for',
    '1s',
    '--repetitions',
    '3',
    '--json',
    '--out',
    'all.json',
  ])
  expect(JSON.parse(out).design).toBe('duet')
  const runs = JSON.parse(readFileSync(join(cwd, 'all.json'), 'utf8')).map((run: unknown) =>
    loadRunSchema.parse(run),
  )
  for (const run of runs.filter(
    ({ experiment }: { experiment: { side: string } }) => experiment.side === 'base',
  )) {
    const other = runs.find(
      ({ experiment }: { experiment: { side: string; repetition: number } }) =>
        experiment.side === 'head' && experiment.repetition === run.experiment.repetition,
    )
    // both measured spells overlap
    expect(Math.abs(Date.parse(run.startedAt) - Date.parse(other.startedAt))).toBeLessThan(run.durationMs)
  }
  const kept = readdirSync(join(cwd, '.pgsteward/runs'))
  expect(dashboard.paths.filter((path) => path.endsWith('/load/runs'))).toHaveLength(kept.length)
  for (const { id } of runs) expect(dashboard.paths).toContain(`/api/v1/load/runs/${id}/moments`)
})

test('interrupted: what was measured is kept, judged and said so, with exit code 1', {
  timeout: 300_000,
}, async () => {
  const cwd = project()
  const stop = new AbortController()
  const { code, out, notes } = await ab(
    cwd,
    ['ci.json', ...SIDES, '--for', '1s', '--json'],
    stop.signal,
    () => stop.abort(),
  )
  expect(code).toBe(1)
  expect(out + notes).toMatch(/Interrupted after \d whole repetitions?: what was measured until then is kept/)
})

test.each([
  [['ci.json', '--head', 'http://127.0.0.1:1'], 2, 'the base is missing'],
  [
    ['ci.json', '--base', 'http://127.0.0.1:1', '--base-command', 'x', '--head', 'http://127.0.0.1:1'],
    2,
    'which of the two?',
  ],
  [['ci.json', ...SIDES, '--repetitions', '2'], 2, 'A whole number from 3 to 9'],
  [['ci.json', ...SIDES, '--for', 'long'], 2, 'A duration of a second at least'],
  [['ci.json', '--base', 'https://example.com', '--head', 'http://127.0.0.1:1'], 2, 'is not allowed'],
  [['none.json', ...SIDES], 2, 'there is no scenario'],
  [['ci.json', '--base-command', 'exit 4', '--head-command', 'exit 4'], 3, 'it ended with code 4'],
])('%j is refused with what would be right', async (args, expected, text) => {
  const { code, notes } = await ab(project(), args)
  expect([code, notes.includes(text) ? text : notes]).toEqual([expected, text])
})
