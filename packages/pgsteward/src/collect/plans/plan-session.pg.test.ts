import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, startTestServer, type TestDatabase } from '../../../test/postgres/database.ts'
import { openSession } from '../../postgres/connect.ts'
import type { LocalServer } from '../../postgres/local-server.ts'
import { loadParser } from '../../sql/parse/parse-statements.ts'
import { type PlanFor, PlanSession } from './plan-session.ts'
import { plannable } from './plannable.ts'

const parse = await loadParser()

const TABLES = [
  `create table parcel (id int primary key, weight int not null, note text)`,
  `insert into parcel select n, n % 100, 'n' from generate_series(1, 20000) n`,
  `create index parcel_weight on parcel (weight)`,
  `create table event (id int, at date) partition by range (at)`,
  ...[1, 2, 3].map(
    (month) =>
      `create table event_2026_0${month} partition of event for values from ('2026-0${month}-01') to ('2026-0${month + 1}-01')`,
  ),
  'analyze',
]

async function planSession(url: string): Promise<PlanSession> {
  return new PlanSession(
    await openSession(url, { purpose: 'plans', statementTimeoutMs: 2_000, lockTimeoutMs: 50 }),
  )
}

async function ask(session: PlanSession, sql: string, more: Partial<PlanFor> = {}) {
  const found = plannable(sql, parse)
  if ('because' in found) throw new Error(found.because)
  return session.plan(found, { user: 'app', values: null, ...more })
}

describe('a session that plans', () => {
  let database: TestDatabase
  let session: PlanSession
  beforeAll(async () => {
    database = await createDatabase()
    await database.run(...TABLES, 'create extension pg_stat_statements')
    await database.run('grant select on parcel, event to test_monitor')
    session = await planSession(database.monitorUrl)
  })
  afterAll(async () => {
    await session.close()
    await database.drop()
  })

  test('gives the generic plan of a statement with parameters, and runs nothing', async () => {
    const found = await ask(session, 'select * from parcel where weight = $1 limit $2')
    expect(found).toMatchObject({ plan: { 'Node Type': 'Limit' }, costMs: expect.any(Number) })
    expect(JSON.stringify(found)).toContain('$1')
    expect(JSON.stringify(found)).not.toContain('Actual')
  })

  test('gives the plan for values where they are known', async () => {
    const found = await ask(session, 'select * from parcel where id > $1', { values: ['19990'] })
    expect(found).toMatchObject({ plan: { 'Index Name': 'parcel_pkey', 'Index Cond': '(id > 19990)' } })
    expect(await ask(session, 'select * from parcel where id > $1', { values: [] })).toMatchObject({
      because: 'it has 1 parameters, and 0 values are known',
    })
  })

  test('plans with all partitions, though a generic plan is explained without values', async () => {
    const found = await ask(session, 'select * from event where at = $1')
    expect('plan' in found && found.plan.Plans).toHaveLength(3)
  })

  test('leaves a handful of entries in pg_stat_statements, however many statements it plans', async () => {
    for (let n = 0; n < 30; n++)
      await ask(session, `select ${'id + '.repeat(n)} id from parcel where weight = $1`)
    const texts = await database.query<{ query: string }>(
      `select s.query from pg_stat_statements s join pg_roles r on r.oid = s.userid
         join pg_database d on d.oid = s.dbid and d.datname = current_database()
        where r.rolname = 'test_monitor' and s.query ~* 'explain|prepare|weight'`,
    )
    expect(texts.length).toBeLessThan(6)
  })

  test('names what its role may not read, without an error in the server log', async () => {
    await database.run('create table secret (id int)')
    const found = await ask(session, 'select * from parcel join secret using (id)')
    expect(found).toMatchObject({
      because: "SELECT on secret is not granted to pgsteward's role",
      lacks: [{ schema: null, name: 'secret', privilege: 'SELECT' }],
    })
    expect(await ask(session, 'update parcel set weight = $1')).toMatchObject({
      because: "UPDATE on parcel is not granted to pgsteward's role",
    })
    expect(await ask(session, 'select * from nowhere')).toMatchObject({
      because: 'pgsteward finds no table nowhere',
    })
  })

  test('does not queue behind an exclusive lock', async () => {
    const other = await database.connect()
    await other.query('begin')
    await other.query('lock table parcel in access exclusive mode')
    expect(await ask(session, 'select * from parcel where weight = $1')).toMatchObject({
      because: 'a table it reads is locked',
    })
    await other.query('rollback')
    expect(await ask(session, 'select * from parcel where weight = $1')).toHaveProperty('plan')
  })

  test("plans with the settings of the statement's own role", async () => {
    await database.run(
      'create schema shop',
      'create table shop.crate (id int)',
      'grant usage on schema shop to test_monitor',
      'grant select on shop.crate to test_monitor',
      `create role crate_app`,
      `alter role crate_app in database ${database.name} set enable_seqscan = off`,
      `alter role crate_app in database ${database.name} set search_path = shop`,
    )
    const own = await planSession(database.monitorUrl)
    const as = async (user: string) => ask(own, 'select * from parcel where weight > $1', { user })
    expect(await as('app')).toHaveProperty('plan')
    expect(await ask(own, 'select * from crate', { user: 'crate_app' })).toHaveProperty('plan')
    expect(await ask(own, 'select * from crate', { user: 'app' })).toHaveProperty('because')
    await own.close()
    await database.run(`drop owned by crate_app`, 'drop role crate_app')
  })

  test('where row security would give it another plan, it says so', async () => {
    await database.run(
      'create table mine (id int, owner text)',
      'alter table mine enable row level security',
      'grant select on mine to test_monitor',
    )
    expect(await ask(session, 'select * from mine')).toMatchObject({
      because: expect.stringContaining('row security of mine'),
    })
  })

  test('as superuser it plans nothing that calls a function of someone else', async () => {
    await database.run(`create function trap(int) returns int immutable language sql as 'select $1'`)
    const superuser = await planSession(database.url)
    expect(await ask(superuser, 'select trap(1)')).toMatchObject({
      because: expect.stringContaining('could run trap() as superuser'),
    })
    expect(await ask(superuser, 'select lower(note), count(*) from parcel group by 1')).toHaveProperty('plan')
    await superuser.close()
  })

  test('a refusal does not quote what the statement held', async () => {
    const found = await ask(session, "select 'hunter2'::int from parcel")
    expect(found).toMatchObject({ because: expect.stringContaining('22P02') })
    expect(JSON.stringify(found)).not.toContain('hunter2')
    expect(await ask(session, 'select * from parcel where weight = $1')).toHaveProperty('plan')
  })
})

describe('on the oldest supported server', () => {
  let server: LocalServer
  beforeAll(async () => {
    server = await startTestServer(14)
  })
  afterAll(() => server.stop('immediate'))

  test('generic plans are had as well', async () => {
    const database = await createDatabase(server.url())
    await database.run(...TABLES)
    await database.run('grant select on parcel, event to test_monitor')
    const session = await planSession(database.monitorUrl)
    expect(await ask(session, 'select * from parcel where weight = $1 and id > $2')).toMatchObject({
      plan: { 'Relation Name': 'parcel' },
    })
    expect(await ask(session, 'select * from event where at = $1')).toHaveProperty('plan')
    await session.close()
    await database.drop()
  })
})
