// A sweep over the pool of a small application, on a real server, and its command.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunSweepRequest, runSweep } from '../../src/app/load/run-sweep.ts'
import { runCommand } from '../../src/cli/main.ts'
import { readScenario } from '../../src/load/read-scenario.ts'
import { type Sweep, sweepSchema } from '../../src/model/sweep.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

let database: TestDatabase
let dir: string
let request: RunSweepRequest
const ALLOWED = ['http://127.0.0.1']

/** Each request waits 20 ms in the database: a pool of N does at most 50 N a second. */
const application = (url: string) => `
  import { createServer } from 'node:http'
  import pg from ${JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve('pg')).href)}
  if (process.env.POOL === 'broken') throw new Error('POOL is broken')
  const pool = new pg.Pool({ connectionString: ${JSON.stringify(url)}, max: Number(process.env.POOL) })
  const server = createServer(async (request, response) => {
    if (request.url !== '/health') await pool.query('select pg_sleep(0.02)')
    response.end('{}')
  })
  server.listen(Number(process.env.PORT), '127.0.0.1')
  process.on('SIGTERM', () => process.exit(0))`

beforeAll(async () => {
  database = await createDatabase()
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-sweep-'))
  writeFileSync(join(dir, 'application.mjs'), application(database.url))
  writeFileSync(
    join(dir, 'sleep.json'),
    JSON.stringify({
      id: 'sleep',
      title: 'Sleep',
      load: { model: 'closed', stages: [{ for: '1m', users: 1 }] },
      flows: [{ name: 'sleep', steps: [{ path: '/sleep' }, { pause: '10s' }] }],
    }),
  )
  request = {
    scenario: await readScenario('sleep.json', dir),
    variable: 'POOL',
    values: ['1', '4'],
    command: `"${process.execPath}" application.mjs`,
    model: 'closed',
    levels: [1, 8],
    stepMs: 1_000,
    warmUpMs: 0,
    rounds: 1,
    withPauses: false,
    p95LimitMs: null,
    allowedTargets: ALLOWED,
    env: { PATH: process.env.PATH },
    cwd: dir,
    seed: 1,
    signal: new AbortController().signal,
  }
})
afterAll(async () => {
  await database.drop()
  rmSync(dir, { recursive: true, force: true })
})

// a host that takes the processors away for seconds spoils a measurement: it is made again
test('a larger pool carries more, and each value keeps its steps and its curve (L5)', {
  retry: 2,
}, async () => {
  const sweep = await runSweep(request)
  expect(sweepSchema.parse(sweep)).toEqual(sweep)
  expect(sweep).toMatchObject({ variable: 'POOL', ended: 'completed', scenario: { id: 'sleep' } })
  const best = sweep.values.map((each) => each.best!.requestsPerSecond)
  // one connection can't do more than 50 a second, however many users ask; four do more than two in all
  expect(best[0]).toBeLessThan(55)
  expect(best[1]).toBeGreaterThan(best[0]! * 1.5)
  for (const { steps } of sweep.values) expect(steps.map(({ offered }) => offered)).toEqual([1, 8])
  expect(sweep.overall!.peak.n).toBe(4)
})

test('a value whose application does not start is told with its last words, the others are measured', async () => {
  const sweep = await runSweep({ ...request, values: ['broken', '2'], levels: [1] })
  expect(sweep.values[0]).toMatchObject({
    steps: [],
    best: null,
    trouble: expect.stringContaining('POOL is broken'),
  })
  expect(sweep.values[1]!.best).not.toBeNull()
})

test('rejects when no value starts', async () => {
  await expect(runSweep({ ...request, values: ['broken'] })).rejects.toMatchObject({
    code: 'load-target-down',
    detail: expect.stringContaining('POOL is broken'),
  })
})

test('interrupted, it keeps the steps that are whole', async () => {
  const stop = new AbortController()
  const sweep = await runSweep({
    ...request,
    signal: stop.signal,
    onRun: () => stop.abort(),
  })
  expect(sweep.ended).toBe('interrupted')
  expect(sweep.values.map(({ steps }) => steps.length)).toEqual([1, 0])
})

test('the command prints, writes the sweep and fills the playbook', async () => {
  let [out, note] = ['', '']
  const run = (...args: readonly string[]) =>
    runCommand(args, {
      terminal: {
        out: (text) => {
          out += text
        },
        note: (text) => {
          note += text
        },
        progress: () => {},
        isColoured: false,
        width: 100,
      },
      cwd: dir,
      env: { PATH: process.env.PATH },
      signal: new AbortController().signal,
    })
  const words = ['load', 'sweep', 'sleep.json', '--vary', 'POOL=1,4', '--command', request.command]
  const steps = ['--users', '1,8', '--step', '1s', '--warm-up', '100ms']
  const files = ['--out', 'sweep.json', '--playbook', 'scaling.md']
  expect(await run(...words, ...steps, ...files), note).toBe(0)
  const sweep: Sweep = sweepSchema.parse(JSON.parse(readFileSync(join(dir, 'sweep.json'), 'utf8')))
  const rates = sweep.values.map((each) => each.best!.requestsPerSecond)
  const best = Math.max(...rates)
  const least = rates.findIndex((rate) => rate >= 0.95 * best)
  expect(out).toContain(
    `POOL=${['1', '4'][least]} gives ${rates[least]!.toFixed(0)} requests/s, within 5 % of the best`,
  )
  expect(sweep.values.map(({ value }) => value)).toEqual(['1', '4'])
  const playbook = readFileSync(join(dir, 'scaling.md'), 'utf8')
  expect(playbook).toContain('| POOL | best requests/s | at users |')
  expect(playbook).toContain('Not measured yet: kill the primary under load')
  expect(playbook).not.toContain('{{')
})
