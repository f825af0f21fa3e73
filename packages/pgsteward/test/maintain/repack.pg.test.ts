// pg_repack for real (M1, M2): done beside writes, out of the way, ended in the middle with nothing left. Where no server with the extension
// is at hand it is skipped: REPACK_TEST_URL names one that this test may write to.

import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Random } from '../../src/load/engine/random.ts'
import { recoverStep } from '../../src/maintain/recover-step.ts'
import { runStep, type StepRequest } from '../../src/maintain/run-step.ts'
import type { MaintenanceStep, RunMark } from '../../src/model/maintenance.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { killAgainAndAgain } from './killed.ts'

const URL_WITH_IT = process.env.REPACK_TEST_URL
if (URL_WITH_IT === undefined)
  process.stdout.write('skipped: pg_repack, since REPACK_TEST_URL names no server that has its extension\n')

const step = (kind: 'pg-repack' | 'repack', table = 'Parcel Nö'): MaintenanceStep => ({
  kind,
  sql: kind === 'repack' ? `repack (concurrently) public."${table}"` : `pg_repack --table=public."${table}"`,
  relation: { schema: 'public', name: table },
  table: null,
})
const requestOf = (url: string, over: Partial<StepRequest>): StepRequest => ({
  url,
  step: step('pg-repack'),
  warrant: { decisionId: '1', until: new Date(Date.now() + 120_000) },
  limits: { blockedMs: 300, activeSessions: 50, replayLagMs: 30_000 },
  waitMs: 30_000,
  now: () => new Date(),
  signal: new AbortController().signal,
  earlier: null,
  onStart: async () => {},
  onProgress: () => {},
  ...over,
})

describe('on a server that has neither', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createDatabase()
    await database.run('create table "Parcel Nö" (id bigint primary key)')
  })
  afterAll(() => database.drop())

  test.each([
    ['repack', /^REPACK is of PostgreSQL 19, and this server has 18/],
    ['pg-repack', /^The extension pg_repack is not installed in this database\.$/],
  ] as const)('%s is refused in words, and nothing is begun', async (kind, words) => {
    const started: RunMark[] = []
    const onStart = async (mark: RunMark) => void started.push(mark)
    expect(await runStep(requestOf(database.url, { step: step(kind), onStart }))).toMatchObject({
      outcome: 'failed',
      because: expect.stringMatching(words),
    })
    expect(started).toEqual([])
  })
})

describe.skipIf(URL_WITH_IT === undefined)('on a server that has pg_repack', () => {
  let client: pg.Client
  const run = (over: Partial<StepRequest> = {}) => runStep(requestOf(URL_WITH_IT!, over))
  const left = async () =>
    (
      await client.query<{ name: string }>(
        `select c.relname as name from pg_class c where c.relnamespace = 'repack'::regnamespace and c.relname ~ '\\d'
         union all select typname from pg_type where typnamespace = 'repack'::regnamespace and typname ~ '\\d'
         union all select tgname from pg_trigger where tgname = 'repack_trigger'`,
      )
    ).rows
  const connect = async () => {
    const other = new pg.Client(URL_WITH_IT)
    await other.connect()
    return other
  }

  beforeAll(async () => {
    client = await connect()
    await client.query('create extension if not exists pg_repack; drop table if exists "Parcel Nö"')
    await client.query(
      'create table "Parcel Nö" (id bigint primary key, "Place" text, note text) with (autovacuum_enabled = off)',
    )
  })
  afterAll(async () => {
    await client.query('drop table "Parcel Nö"')
    await client.end()
  })
  const fill = async (rows: number) => {
    await client.query('truncate "Parcel Nö"')
    await client.query(
      `insert into "Parcel Nö" select i, 'shelf ' || i, repeat('n', 200) from generate_series(1, ${rows}) i`,
    )
    await client.query('create index if not exists "by place" on "Parcel Nö" ("Place")')
    await client.query('delete from "Parcel Nö" where id % 4 > 0')
  }

  /** Writes until it is stopped, and tells how many and how long one waited at the most. */
  const traffic = async () => {
    const writer = await connect()
    let [isOver, writes, longestMs] = [false, 0, 0]
    const ended = (async () => {
      while (!isOver) {
        const begun = performance.now()
        await writer.query('update "Parcel Nö" set note = note || $1 where id = $2', [
          '!',
          4 * (1 + (writes % 500)),
        ])
        longestMs = Math.max(longestMs, performance.now() - begun)
        writes += 1
      }
      await writer.end()
    })()
    return async () => {
      isOver = true
      await ended
      return { writes, longestMs }
    }
  }

  test('it writes the table anew beside writes, of which none is lost', async () => {
    await fill(200_000)
    const stop = await traffic()
    const result = await run({ onProgress: () => {} })
    const { writes, longestMs } = await stop()
    process.stdout.write(
      `repacked in ${Math.round(result.tookMs)} ms beside ${writes} writes, of which one waited ${Math.round(longestMs)} ms at the most\n`,
    )
    expect(result).toMatchObject({
      outcome: 'done',
      because: 'Table Parcel Nö was written anew.',
      cleaned: [],
    })
    expect(result.after!.sizeBytes).toBeLessThan(result.before!.sizeBytes / 2)
    const { rows } = await client.query(
      `select count(*)::int as count, sum(length(note) - 200)::int as written from "Parcel Nö"`,
    )
    expect(rows).toEqual([{ count: 50_000, written: writes }])
    expect(await left()).toEqual([])
  }, 120_000)

  test('it gives way to whom waits for it, and cleans up', async () => {
    await fill(200_000)
    // a reader that stays keeps it waiting for the table at its begin: others line up behind it
    const reader = await connect()
    await reader.query('begin; select from "Parcel Nö" limit 1')
    const stop = await traffic()
    const result = await run()
    await reader.query('rollback')
    const { longestMs } = await stop()
    process.stdout.write(
      `gave way: ${result.because} A write waited ${Math.round(longestMs)} ms at the most\n`,
    )
    expect(result.outcome).toBe('gave-way')
    await reader.end()
    expect(await left()).toEqual([])
  }, 120_000)

  test.each([0, 1, 2, 3, 4, 5])(
    'the end of the window ends it at any moment, and nothing is left (%i)',
    async (place) => {
      await fill(200_000)
      const signal = new AbortController()
      const ending = setTimeout(() => signal.abort(), 80 + place * 130)
      const result = await run({ signal: signal.signal })
      clearTimeout(ending)
      expect(['gave-way', 'done']).toContain(result.outcome)
      expect(await left()).toEqual([])
    },
    120_000,
  )

  const isAtWork = () =>
    expect
      .poll(async () => (await left()).map(({ name }) => name), { timeout: 30_000, interval: 20 })
      .toContain('repack_trigger')

  test('the program killed in the middle of traffic leaves nothing, and no write is lost (kill -9)', async () => {
    await fill(400_000)
    const stop = await traffic()
    const running = run()
    await isAtWork()
    const childrenOf = async (pid: number, name: string) =>
      (await promisify(execFile)('pgrep', ['-P', String(pid), name])).stdout.trim().split('\n').map(Number)
    const [shell] = await childrenOf(process.pid, '^sh$')
    const [program] = await childrenOf(shell!, '^pg_repack$')
    process.kill(program!, 'SIGKILL')
    const result = await running
    const { writes, longestMs } = await stop()
    process.stdout.write(
      `killed: removed ${result.cleaned.join(', ')}; a write waited ${Math.round(longestMs)} ms at the most\n`,
    )
    expect(result).toMatchObject({
      outcome: 'failed',
      because: 'somebody ended pg_repack (signal 9)',
      cleaned: expect.arrayContaining(['repack_trigger']),
    })
    expect(await left()).toEqual([])
    const { rows } = await client.query(`select sum(length(note) - 200)::int as written from "Parcel Nö"`)
    expect(rows).toEqual([{ written: writes }])
  }, 120_000)

  test('one whose pgsteward is gone is ended while it goes on, and nothing is left', async () => {
    await fill(400_000)
    const marks: RunMark[] = []
    const running = run({ onStart: async (mark) => void marks.push(mark) }).catch(() => undefined)
    await isAtWork()
    const recovered = await recoverStep({
      url: URL_WITH_IT!,
      step: step('pg-repack'),
      mark: marks[0]!,
      onProgress: () => {},
    })
    expect(recovered.outcome).toBe('interrupted')
    await running
    expect(await left()).toEqual([])
  }, 120_000)

  test('when pgsteward is killed, the program ends with it and cleans up by itself', async () => {
    await fill(400_000)
    const module = new URL('../../src/maintain/repack-client.ts', import.meta.url).href
    const source = `
      const { startRepack } = await import(${JSON.stringify(module)})
      startRepack({ program: 'pg_repack', major: 15 }, ${JSON.stringify(URL_WITH_IT)},
        { schema: 'public', name: 'Parcel Nö' }, { application: 'pgsteward repack 0', isSuperuser: true })`
    const leader = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'ignore' })
    await isAtWork()
    leader.kill('SIGKILL')
    await expect.poll(left, { timeout: 10_000, interval: 50 }).toEqual([])
  }, 60_000)

  test('pgsteward killed six times in the middle of traffic gets it done once, and loses no write (kill -9)', async () => {
    await fill(1_200_000)
    const history = await createDatabase()
    const store = await openStore({ url: history.url })
    const draft = {
      origin: { kind: 'request' as const, key: 'online public.Parcel Nö' },
      because: 'Somebody asked.',
      steps: [step('pg-repack')],
      undo: null,
      lock: 'access exclusive' as const,
      caution: '',
    }
    const id = (await store.proposeJob('shop', draft, new Date()))!
    await store.decideJob(id, { at: new Date(), actor: 'ada', action: 'approve', reason: 'test' })
    const stop = await traffic()
    const random = new Random(11, 0)
    const { jobs, interrupted, recovered } = await killAgainAndAgain([id], {
      store,
      storeUrl: history.url,
      targetUrl: URL_WITH_IT!,
      kills: 6,
      random: () => random.next(),
      withinMs: 500,
    })
    const { writes, longestMs } = await stop()
    const cleaned = jobs[0]!.runs.flatMap(({ result }) => result?.cleaned ?? [])
    process.stdout.write(
      `six kills: ${interrupted} attempts interrupted, ${recovered} done meanwhile, ${cleaned.length} left-overs removed, ${writes} writes, of which one waited ${Math.round(longestMs)} ms at the most\n`,
    )
    expect(jobs[0]!.job).toMatchObject({ state: 'done' })
    expect(jobs[0]!.runs.filter(({ result }) => result?.outcome === 'done')).toHaveLength(1)
    expect(await left()).toEqual([])
    const { rows } = await client.query(`select sum(length(note) - 200)::int as written from "Parcel Nö"`)
    expect(rows).toEqual([{ written: writes }])
    await store.close()
    await history.drop()
  }, 240_000)

  test("another one's left-overs are not touched, and keep ours from beginning", async () => {
    await fill(1_000)
    await client.query(
      'create trigger repack_trigger after insert on "Parcel Nö" for each row execute function repack.repack_trigger($$x$$)',
    )
    expect(await run()).toMatchObject({
      outcome: 'failed',
      because: expect.stringMatching(/pg_repack has repack_trigger for table Parcel Nö/),
      cleaned: [],
    })
    await client.query('drop trigger repack_trigger on "Parcel Nö"')
  })
})
