// What happens to servers between two readings, on real ones: resets, evictions, restarts, crashes.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type DatabaseRow, databases } from '../facts/databases.ts'
import { type StatementTextRow, statementTexts } from '../facts/statement-texts.ts'
import { type StatementRow, statements } from '../facts/statements.ts'
import type { Interval, PgFact, Snapshot } from '../model/fact.ts'
import { openSession } from '../postgres/connect.ts'
import { type LocalServer, type LocalServerOptions, startLocalServer } from '../postgres/local-server.ts'
import { Collector } from './collector.ts'

describe.each([14, 18] as const)('on PostgreSQL %i', (major) => {
  const dir = mkdtempSync(join(tmpdir(), `pgsteward-counted-${major}-`))
  const settings = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.max': '100' }
  let options: LocalServerOptions = { dir, major, durable: false, settings }
  let server: LocalServer
  let collector: Collector
  let rounds = 0

  beforeAll(async () => {
    server = await startLocalServer(options)
    options = { ...options, port: server.port }
    await run(
      'create extension pg_stat_statements',
      'create table parcel (id int, weight int)',
      "create role watcher login password 'watcher'",
      'grant pg_monitor to watcher',
    )
  })
  beforeEach(async () => {
    const target = {
      id: 'test',
      url: server.url().replace(/\/\/[^@]+@/, '//watcher:watcher@'),
      labels: {},
    }
    collector = new Collector({
      target,
      facts: [statements, statementTexts, databases],
      open: ({ url }) => openSession(url),
      intervalMs: 600_000,
      everyMs: 0,
    })
    await run('select pg_stat_statements_reset()')
    await lookUp(50)
    await collect()
    // the second round knows the text of the lookup
    await lookUp(1)
    await collect()
  })
  afterEach(() => collector.close())
  afterAll(async () => {
    await server.stop('immediate')
    for (const each of [dir, server.dir]) rmSync(each, { recursive: true, force: true })
  })

  /** In a session of its own, which reports its statistics when it ends. */
  async function run(...sql: readonly string[]): Promise<void> {
    const client = new pg.Client({ connectionString: server.url() })
    // a server that comes up after a crash may go down once more
    client.on('error', () => undefined)
    await client.connect()
    for (const each of sql) await client.query(each)
    await client.end()
  }

  const lookUp = (times: number) =>
    run(...Array.from({ length: times }, (_, i) => `select id from parcel where weight = ${i}`))

  const collect = () => collector.collect(new Date(Date.UTC(2026, 0, 1) + rounds++ * 60_000))

  async function restart(mode: 'fast' | 'immediate'): Promise<void> {
    await server.stop(mode)
    server = await startLocalServer(options)
  }

  /** One backend dies by kill -9: the server starts anew in the same process, without its statistics. */
  async function crash(): Promise<void> {
    const client = new pg.Client({ connectionString: server.url() })
    client.on('error', () => undefined)
    await client.connect()
    const gone = new Promise((resolve) => client.once('end', resolve))
    const { rows } = await client.query('select pg_backend_pid() as pid')
    process.kill(rows[0].pid, 'SIGKILL')
    await gone
    for (const until = Date.now() + 20_000; ; ) {
      const isBack = await run('select 1').then(
        () => true,
        () => false,
      )
      if (isBack) return
      if (Date.now() > until) throw new Error('the server did not recover')
    }
  }

  function latestOf<Row>(snapshot: Snapshot, fact: PgFact): Interval<Row> {
    const reading = snapshot.readings.get(fact.id)
    if (reading?.status !== 'interval') throw new Error(`${fact.id}: ${JSON.stringify(reading)}`)
    return reading.latest as Interval<Row>
  }

  /** Calls of the lookup in the newest interval, and what broke the count. */
  function lookupsIn(snapshot: Snapshot): { calls: number; breaks: readonly string[] } {
    const { rows, breaks } = latestOf<StatementRow>(snapshot, statements)
    const texts = snapshot.readings.get('statement-texts') as { rows: readonly StatementTextRow[] }
    const queryId = texts.rows.find((row) => row.text.startsWith('select id from parcel'))?.queryId
    const calls = rows.find((row) => row.queryId === queryId)?.calls ?? 0
    return { calls, breaks: breaks.map((each) => each.cause) }
  }

  const commitsIn = (snapshot: Snapshot) =>
    latestOf<DatabaseRow>(snapshot, databases).rows.find((row) => row.database === 'postgres')?.commits

  test('rights that are taken away hide nothing for good and invent nothing', async () => {
    await run('revoke pg_monitor from watcher')
    try {
      await lookUp(3)
      const blind = await collect()
      expect(blind.readings.get('statements')).toMatchObject({
        status: 'unavailable',
        because: "watcher does not see other roles' rows any more; grant pg_monitor to the role",
      })
    } finally {
      await run('grant pg_monitor to watcher')
    }
    await lookUp(4)
    expect(lookupsIn(await collect())).toEqual({ calls: 7, breaks: [] })
  })

  test('nothing happens: each call is counted once', async () => {
    await lookUp(20)
    expect(lookupsIn(await collect())).toEqual({ calls: 20, breaks: [] })
    await lookUp(7)
    expect(lookupsIn(await collect())).toEqual({ calls: 7, breaks: [] })
  })

  test("a user's pg_stat_statements_reset() loses what was before it, and is told", async () => {
    await lookUp(20)
    await run('select pg_stat_statements_reset()')
    await lookUp(3)
    expect(lookupsIn(await collect())).toEqual({ calls: 3, breaks: ['reset'] })
    await lookUp(4)
    expect(lookupsIn(await collect())).toEqual({ calls: 4, breaks: [] })
  })

  test('rights that are taken away within a round invent nothing either', async () => {
    const racing = new Collector({
      target: { id: 'test', url: server.url().replace(/\/\/[^@]+@/, '//watcher:watcher@'), labels: {} },
      facts: [statements, statementTexts],
      open: async ({ url }) => {
        const session = await openSession(url)
        const query: typeof session.query = async (label, ...asked) => {
          if (label === 'statements' && isTaken) await run('revoke pg_monitor from watcher')
          return session.query(label, ...asked)
        }
        return { ...session, query }
      },
      intervalMs: 600_000,
      everyMs: 0,
    })
    const round = () => racing.collect(new Date(Date.UTC(2026, 0, 1) + rounds++ * 60_000))
    let isTaken = false
    try {
      await round()
      await round()
      isTaken = true
      expect((await round()).readings.get('statements')).toMatchObject({ status: 'unavailable' })
    } finally {
      isTaken = false
      await run('grant pg_monitor to watcher')
    }
    await lookUp(3)
    expect(lookupsIn(await round())).toEqual({ calls: 3, breaks: [] })
    await racing.close()
  })

  test('a reset of one statement, grown beyond what it was: exact from 17 on, less than the truth before', async () => {
    await run(
      "select pg_stat_statements_reset(0, 0, queryid) from pg_stat_statements where query like 'select id from parcel%'",
    )
    await lookUp(60)
    const { calls, breaks } = lookupsIn(await collect())
    if (major >= 17) expect({ calls, breaks }).toEqual({ calls: 60, breaks: ['reset'] })
    // 51 were counted before. 14 can't tell that the entry is another, unless its 60 took less time than those 51
    else expect(calls).toBe(breaks.includes('reset') ? 60 : 9)
  })

  test('eviction is told, and no statement is counted more often than it ran', async () => {
    await lookUp(20)
    const many = Array.from({ length: 300 }, (_, i) => `select 1${', 1'.repeat(i)}`)
    await run(...many)
    const snapshot = await collect()
    const { calls, breaks } = lookupsIn(snapshot)
    expect(breaks).toContain('eviction')
    expect(calls).toBeLessThanOrEqual(20)
    const { rows } = latestOf<StatementRow>(snapshot, statements)
    expect(rows.length).toBeGreaterThan(10)
    expect(rows.filter((row) => row.calls < 1 || row.calls > 20)).toEqual([])
  })

  test('a clean restart keeps the counters', async () => {
    await lookUp(20)
    await restart('fast')
    await lookUp(5)
    expect(lookupsIn(await collect())).toEqual({ calls: 25, breaks: ['restart'] })
  })

  test('an immediate stop keeps those of statements and loses those of databases', async () => {
    await lookUp(20)
    await restart('immediate')
    await lookUp(5)
    const snapshot = await collect()
    expect(lookupsIn(snapshot)).toEqual({ calls: 25, breaks: ['restart'] })
    expect(commitsIn(snapshot) ?? 0).toBeLessThan(60)
  })

  test('a crash loses them: what is shown happened since', async () => {
    await lookUp(20)
    await crash()
    await lookUp(5)
    // the connection of the collector went down as well
    const snapshot = await collect().catch(collect)
    expect(lookupsIn(snapshot)).toEqual({ calls: 5, breaks: ['reset'] })
    expect(commitsIn(snapshot) ?? 0).toBeLessThan(60)
  })

  test('pg_stat_reset() never shows the life of the database as one minute', async () => {
    await lookUp(50)
    await collect()
    await run('select pg_stat_reset()')
    expect(commitsIn(await collect()) ?? 0).toBeLessThan(60)
    // 14 reports with a delay: what was run before the reset may come after it
    let commits = 0
    for (const until = Date.now() + 20_000; commits === 0 && Date.now() < until; ) {
      await lookUp(30)
      commits = commitsIn(await collect()) ?? 0
    }
    expect(commits).toBeGreaterThan(0)
  })

  test("the reset of one table moves the database's date, but not its counters", async () => {
    await lookUp(50)
    await collect()
    await run("select pg_stat_reset_single_table_counters('parcel'::regclass)")
    expect(commitsIn(await collect()) ?? 0).toBeLessThan(60)
  })
})
