import { type ChildProcess, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { operation, report, slowQuery } from '../../test/store/application-report.ts'
import { STATEMENTS_FACT, statementsSnapshot } from '../../test/store/synthetic.ts'
import { openStore } from './open-store.ts'

const root = mkdtempSync(join(tmpdir(), 'pgsteward-embedded-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Initialising takes five seconds, copying what was initialised a tenth of one. */
const template = join(root, 'template')
beforeAll(async () => {
  const store = await openStore({ dir: template })
  await store.close()
})

function newFolder(name: string): string {
  const dir = join(root, name)
  cpSync(template, dir, { recursive: true })
  return dir
}

const EVER = { from: new Date(0), to: new Date(Date.UTC(2100, 0, 1)) }

interface Writer {
  readonly process: ChildProcess
  /** Lines said so far. */
  readonly said: string[]
  readonly line: (condition: (said: readonly string[]) => boolean) => Promise<void>
  readonly kill: () => Promise<void>
}

function startWriter(dir: string, startAt: number): Writer {
  const script = join(import.meta.dirname, '../../test/store/writer.ts')
  const child = spawn(process.execPath, [script, dir, String(startAt)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const said: string[] = []
  const lines = createInterface({ input: child.stdout! })
  const end = new Promise((resolve) => lines.once('close', resolve))
  lines.on('line', (line) => said.push(line))
  return {
    process: child,
    said,
    line: async (condition) => {
      const deadline = performance.now() + 90_000
      while (!condition(said)) {
        if (performance.now() > deadline || child.exitCode !== null)
          throw new Error(`the writer said only: ${said.join(', ')}`)
        await wait(40)
      }
    },
    kill: async () => {
      child.kill('SIGKILL')
      await gone
      // what it said before the kill is still in the pipe
      await end
    },
  }
}

test('nothing acknowledged is lost by kill -9, several times over', async () => {
  const dir = newFolder('killed')
  let acknowledged = 0
  for (let round = 0; round < 4; round++) {
    const writer = startWriter(dir, acknowledged + round)
    await writer.line((said) => said.length > 12 + round * 5)
    await writer.kill()
    acknowledged += writer.said.filter((line) => line.startsWith('saved')).length
    const store = await openStore({ dir })
    const { calls } = await store.statementSums('shop', EVER)
    await store.close()
    // the write under way at the kill may or may not be there
    expect(calls).toBeGreaterThanOrEqual(acknowledged)
    expect(calls).toBeLessThanOrEqual(acknowledged + round + 1)
  }
  expect(acknowledged).toBeGreaterThan(60)
})

test.each([0.2, 0.8])(
  'a kill at %f of the first initialisation leaves nothing that the next start trips over',
  async (share) => {
    const dir = join(root, `killed-early-${share}`)
    const writer = startWriter(dir, 0)
    const fresh = join(dir, 'data.new')
    // initdb writes some 900 files: a share of them done is a share of the way
    await writer.line(() => existsSync(fresh) && filesIn(fresh) > share * 900)
    await writer.kill()
    expect(existsSync(join(dir, 'data'))).toBe(false)
    const store = await openStore({ dir })
    expect((await store.statementSums('shop', EVER)).calls).toBe(0)
    await store.close()
  },
)

test('a second process is refused and told who owns the folder; the first goes on', async () => {
  const dir = newFolder('owned')
  const writer = startWriter(dir, 0)
  await writer.line((said) => said.length > 2)
  await expect(openStore({ dir })).rejects.toMatchObject({
    code: 'store-locked',
    message: expect.stringContaining(`process ${writer.process.pid} `),
    hint: expect.stringContaining(`Stop process ${writer.process.pid}`),
  })
  const before = writer.said.length
  await writer.line((said) => said.length > before)
  await writer.kill()
})

test('opened twice in one process, the second is refused', async () => {
  const dir = newFolder('twice')
  const store = await openStore({ dir })
  await expect(openStore({ dir })).rejects.toMatchObject({ code: 'store-locked' })
  await store.close()
  await store.close()
  const again = await openStore({ dir })
  await again.close()
  expect(existsSync(join(dir, 'lock'))).toBe(false)
})

test('the folder is for its owner alone', async () => {
  const dir = newFolder('private')
  const store = await openStore({ dir })
  await store.close()
  expect(statSync(dir).mode & 0o777).toBe(0o700)
})

test.each([
  ['control file that is cut off', (data: string) => writeFileSync(join(data, 'global/pg_control'), 'x')],
  ['version file that is missing', (data: string) => rmSync(join(data, 'PG_VERSION'))],
  ['log that is gone', (data: string) => emptyFiles(join(data, 'pg_wal'))],
  ['catalog full of zeros', (data: string) => emptyFiles(join(data, 'global'))],
])('a store with a %s is reported as damaged, with what to do', async (name, damage) => {
  const dir = newFolder(name.replaceAll(' ', '-'))
  damage(join(dir, 'data'))
  await expect(openStore({ dir })).rejects.toMatchObject({
    code: 'store-damaged',
    message: expect.stringContaining(dir),
    hint: expect.stringContaining('Move'),
  })
  expect(existsSync(join(dir, 'lock'))).toBe(false)
})

test('a folder that cannot be made is reported', async () => {
  const file = join(root, 'a-file')
  writeFileSync(file, '')
  await expect(openStore({ dir: join(file, 'store') })).rejects.toMatchObject({ code: 'store-damaged' })
})

test('the write-ahead log stays small although there is no checkpointer', async () => {
  const dir = newFolder('log')
  const store = await openStore({ dir })
  const policy = {
    rawMs: 1,
    hourlyMs: 1,
    dailyMs: 1,
    resolvedFindingsMs: 1,
    slowQueriesMs: 1,
    slowQueriesMaxBytes: 1,
    maxBytes: null,
  }
  for (let round = 0; round < 4; round++) {
    await store.database.query(
      'create table pgsteward.filler as select repeat(i::text, 200) t from generate_series(1, 40000) i',
    )
    await store.database.query('drop table pgsteward.filler')
    await store.applyRetention(policy, new Date(0))
  }
  await store.close()
  expect(sizeOf(join(dir, 'data/pg_wal'))).toBeLessThan(100 * 1024 ** 2)
})

test('asking the pool from inside a transaction fails at once instead of waiting for itself for ever', async () => {
  const dir = newFolder('deadlock')
  const store = await openStore({ dir })
  await expect(store.database.transaction(() => store.database.query('select 1'))).rejects.toThrow(
    'inside a transaction',
  )
  // and everything that the store itself does at once goes through the one connection without such a wait
  const at = new Date(Date.UTC(2026, 0, 1))
  await Promise.all([
    ...[...Array(10).keys()].map((minute) =>
      store.saveSnapshot(
        statementsSnapshot('shop', new Date(at.getTime() + minute * 60_000), [{ queryId: String(minute) }]),
        [STATEMENTS_FACT],
      ),
    ),
    store.applyRetention(
      {
        rawMs: 1,
        hourlyMs: 1,
        dailyMs: 1,
        resolvedFindingsMs: 1,
        slowQueriesMs: 1,
        slowQueriesMaxBytes: 1,
        maxBytes: 1,
      },
      new Date(0),
    ),
    store.topStatements('shop', EVER, 'calls', 5),
    ...[...Array(5).keys()].map((minute) =>
      store.saveReport(
        'shop',
        report({ operations: [operation([1])], slowQueries: [slowQuery(at)] }),
        new Date(at.getTime() + minute * 60_000),
      ),
    ),
    store.operations('shop', EVER, { kind: 'query' }),
    store.decide({
      at,
      actor: 'ada',
      action: 'apply',
      targetId: 'shop',
      findingKey: null,
      reason: 'test',
      expiresAt: null,
    }),
  ])
  expect((await store.statementSums('shop', EVER)).calls).toBe(10)
  await store.close()
})

test('a lease of the process that had the folder before is not waited for', async () => {
  const dir = newFolder('leased')
  const now = new Date()
  const before = await openStore({ dir })
  expect(await before.lease(['shop'], 'killed', 60_000, now)).toEqual(new Set(['shop']))
  await before.close()
  const after = await openStore({ dir })
  expect(await after.lease(['shop'], 'started again', 60_000, now)).toEqual(new Set(['shop']))
  await after.close()
})

test('a left-over folder of a broken initialisation is no obstacle', async () => {
  const dir = join(root, 'left-over')
  mkdirSync(join(dir, 'data.new', 'base'), { recursive: true })
  writeFileSync(join(dir, 'data.new', 'PG_VERSION'), '18')
  const store = await openStore({ dir })
  expect(await store.sizeBytes()).toBeGreaterThan(0)
  await store.close()
})

function filesIn(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true }).length
  } catch {
    // a folder vanished while it was read
    return 0
  }
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((total, name) => total + statSync(join(folder, name)).size, 0)
}

function emptyFiles(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isFile()) writeFileSync(path, Buffer.alloc(readFileSync(path).length))
  }
}
