import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { createDatabase, startTestServer, type TestDatabase } from '../../test/postgres/database.ts'
import { dumpSchema } from '../../test/store/dump-schema.ts'
import { STATEMENTS_FACT, statementsSnapshot } from '../../test/store/synthetic.ts'
import { migrate } from '../postgres/migrate.ts'
import { STORE_SCHEMA, storeMigrations } from './migrations.ts'
import { openDatabase, openStore } from './open-store.ts'

const at = new Date(Date.UTC(2026, 0, 1))
const mine = storeMigrations()
const next = mine.length + 1

describe('the schema', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-schema-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  test('made from nothing is the committed one, on both backends', async () => {
    const database = await createDatabase()
    const onServer = await openStore({ url: database.url })
    const embedded = await openStore({ dir })
    const dump = await dumpSchema(onServer.database)
    expect(await dumpSchema(embedded.database)).toBe(dump)
    await onServer.close()
    await embedded.close()
    await database.drop()
    // after a new migration: vitest --update
    await expect(dump).toMatchFileSnapshot('schema.snapshot.txt')
  })
})

describe('migrations', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createDatabase()
    return () => database.drop()
  })

  test('run once, however many processes open the store at the same moment', async () => {
    const stores = await Promise.all([...Array(4)].map(() => openStore({ url: database.url })))
    expect(await database.query('select revision, file from pgsteward.revision order by 1')).toEqual(
      mine.map(({ revision, file }) => ({ revision, file })),
    )
    // and the processes then make the same partitions and fold the same target at once, and no reading falls between
    const moments = [...Array(80).keys()].map((index) => new Date(at.getTime() + index * 90_000))
    for (let begin = 0; begin < moments.length; begin += 8) {
      await Promise.all(
        moments
          .slice(begin, begin + 8)
          .map((moment, index) =>
            stores[index % 4]!.saveSnapshot(statementsSnapshot('shop', moment, [{ queryId: '1' }]), [
              STATEMENTS_FACT,
            ]),
          ),
      )
    }
    const window = { from: new Date(at.getTime() - 86_400_000), to: moments.at(-1)! }
    expect(await stores[0]!.statementSums('shop', window)).toMatchObject({ calls: 80 })
    await Promise.all(stores.map((store) => store.close()))
  })

  test('of a newer pgsteward are left alone, and it says so', async () => {
    const store = await openStore({ url: database.url })
    await store.close()
    await database.run(`insert into pgsteward.revision (revision, file) values (${next}, 'later.sql')`)
    await expect(openStore({ url: database.url })).rejects.toMatchObject({
      code: 'store-newer',
      message: `the store is at revision ${next}, this pgsteward knows ${mine.length}`,
    })
  })

  test('that fail leave nothing behind and name their file and the cause', async () => {
    const store = await openDatabase({ url: database.url })
    const broken = {
      revision: next,
      file: `000${next}-broken.sql`,
      sql: 'create table pgsteward.half (a int); select 1 / 0',
    }
    await expect(migrate(store, STORE_SCHEMA, [...mine, broken])).rejects.toMatchObject({
      code: 'store-migration',
      message: expect.stringMatching(/broken\.sql failed: division by zero/),
    })
    expect(await database.query("select to_regclass('pgsteward.half') as half")).toEqual([{ half: null }])
    expect(await database.query('select max(revision) as revision from pgsteward.revision')).toEqual([
      { revision: mine.length },
    ])
    expect(await migrate(store, STORE_SCHEMA, mine)).toEqual([])
    await store.close()
  })

  test('give up on a lock that another session does not let go of', async () => {
    const blocker = await database.connect()
    await blocker.query('begin')
    await blocker.query('select pg_advisory_xact_lock(7047731)')
    await expect(openStore({ url: database.url }, { lockTimeoutMs: 100 })).rejects.toMatchObject({
      code: 'store-migration',
      hint: expect.stringContaining('lock'),
    })
    await blocker.query('rollback')
  })

  test('by a role that may not create a schema say what to grant', async () => {
    await expect(openStore({ url: database.monitorUrl })).rejects.toMatchObject({
      code: 'store-migration',
      hint: expect.stringContaining('grant create on database'),
    })
  })
})

describe('what was decided and recorded', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createDatabase()
    return () => database.drop()
  })
  const CHANGES = ['decision', 'governance_entry'].flatMap((table) => [
    `update pgsteward.${table} set actor = 'eve'`,
    `delete from pgsteward.${table}`,
    `truncate pgsteward.${table}`,
  ])
  const fill = async (url: string) => {
    const store = await openStore({ url })
    await store.decide({
      at,
      actor: 'ada',
      action: 'approve',
      targetId: 'shop',
      findingKey: null,
      reason: 'reviewed',
      expiresAt: null,
    })
    const opening = { at, actor: 'ada', action: 'opened', body: {} }
    await store.openRecord({ kind: 'change', targetId: 'shop', origin: null, opening })
    return store
  }

  test('refuses to be changed or removed, by a superuser too, and where other triggers are switched off', async () => {
    const store = await fill(database.url)
    for (const change of CHANGES) {
      await expect(database.run(change)).rejects.toThrow('append-only')
      await expect(
        database
          .run('set session_replication_role = replica', change)
          .finally(() => database.run('reset session_replication_role')),
      ).rejects.toThrow('append-only')
    }
    expect(await store.decisions('shop')).toMatchObject([{ actor: 'ada' }])
    expect(await store.records({})).toMatchObject([{ entries: [{ actor: 'ada' }] }])
    await store.close()
  })

  test('is not permitted to be changed by the role that owns the store', async () => {
    const role = `keeper_${Math.random().toString(36).slice(2)}`
    const url = new URL(database.url)
    await database.run(
      `create role ${role} login password 'x'`,
      `grant create on database "${url.pathname.slice(1)}" to ${role}`,
    )
    Object.assign(url, { username: role, password: 'x' })
    const store = await fill(url.href)
    const keeper = new pg.Client(url.href)
    await keeper.connect()
    for (const change of CHANGES) await expect(keeper.query(change)).rejects.toMatchObject({ code: '42501' })
    await keeper.end()
    // and what is kept can be read, and added to
    const [record] = await store.records({})
    await store.addEntry(record!, { at, actor: 'ada', action: 'noted', body: {} }, 0)
    await store.close()
    await database.run(`drop owned by ${role} cascade`, `drop role ${role}`)
  })
})

describe('a store that cannot be reached', () => {
  const url = (change: (url: URL) => void) => {
    const parsed = new URL(inject('serverUrl'))
    change(parsed)
    return parsed.href
  }
  test.each([
    ['a refused connection', (parsed: URL) => (parsed.port = '1'), 'refused the connection'],
    ['a wrong password', (parsed: URL) => (parsed.password = 'wrong'), 'password authentication failed'],
    ['a missing database', (parsed: URL) => (parsed.pathname = '/nowhere'), 'does not exist'],
  ])('says why: %s', async (_, change, why) => {
    const rejected = await openStore({ url: url(change) }).catch((error: Error) => error)
    expect(rejected).toMatchObject({ code: 'store-unreachable', message: expect.stringContaining(why) })
    expect(JSON.stringify(rejected)).not.toContain('wrong@')
  })
})

test('its sessions are marked as pgsteward, so that the figures of a target leave them out', async () => {
  const database = await createDatabase()
  const store = await openStore({ url: database.url })
  const names = await database.query<{ application_name: string }>(
    `select distinct application_name from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend' and application_name <> 'test'`,
  )
  expect(names).toEqual([{ application_name: 'pgsteward store' }])
  await store.close()
  await database.drop()
})

test('its statements are marked too, where no application name is kept', async () => {
  const database = await createDatabase()
  await database.run('create extension pg_stat_statements')
  const store = await openStore({ url: database.url })
  await store.findings({ limit: 1 })
  await store.lease(['shop'], 'test', 60_000)
  const texts = await database.query<{ query: string }>(
    `select s.query from pg_stat_statements s join pg_database d on d.oid = s.dbid
      -- migrations are many statements in one text, and run once
      where d.datname = current_database() and s.query !~ '^create' and s.query ~ 'from pgsteward\\.|into pgsteward\\.'`,
  )
  expect(texts.length).toBeGreaterThan(1)
  expect(texts.filter(({ query }) => !query.includes('/* pgsteward:store */'))).toEqual([])
  await store.close()
  await database.drop()
})

test('a connection that the server ended, idle or at work, is replaced', async () => {
  const database = await createDatabase()
  const store = await openStore({ url: database.url })
  const working = store.database.query('select pg_sleep(60)').catch((error: Error) => error)
  await store.sizeBytes()
  await expect
    .poll(() =>
      database.query(
        `select pid from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`,
      ),
    )
    .toHaveLength(1)
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pgsteward store'
        and datname = current_database()`,
  )
  expect(await working).toBeInstanceOf(Error)
  await expect.poll(() => store.sizeBytes().catch(() => 0), { timeout: 10_000 }).toBeGreaterThan(0)
  await store.close()
  await database.drop()
})

describe('on the oldest supported server', () => {
  let server: Awaited<ReturnType<typeof startTestServer>>
  beforeAll(async () => {
    server = await startTestServer(14)
  })
  afterAll(() => server.stop('immediate'))

  test('the store keeps and answers', async () => {
    const store = await openStore({ url: server.url() })
    for (const minute of [1, 11, 61, 125]) {
      await store.saveSnapshot(
        statementsSnapshot('shop', new Date(at.getTime() + minute * 60_000), [
          { queryId: '1', calls: minute },
        ]),
        [STATEMENTS_FACT],
      )
    }
    const window = { from: new Date(at.getTime() - 86_400_000), to: new Date(at.getTime() + 130 * 60_000) }
    expect(await store.topStatements('shop', window, 'calls', 5)).toMatchObject([
      { queryId: '1', calls: 198 },
    ])
    const policy = {
      rawMs: 1,
      hourlyMs: 1,
      dailyMs: 1,
      resolvedFindingsMs: 1,
      slowQueriesMs: 1,
      slowQueriesMaxBytes: 1,
      maxBytes: 1,
    }
    const { droppedPartitions } = await store.applyRetention(policy, new Date(Date.UTC(2030, 0, 1)))
    expect(droppedPartitions).toContain('statement_interval_20260101')
    await store.close()
    const direct = new pg.Client({ connectionString: server.url() })
    await direct.connect()
    expect((await direct.query('select count(*)::int as n from pgsteward.statement_week')).rows).toEqual([
      { n: 0 },
    ])
    await direct.end()
  })
})
