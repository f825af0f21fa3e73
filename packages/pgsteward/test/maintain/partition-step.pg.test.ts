// Partitions made and detached by maintenance (M1, A6): as the owner, out of the way when somebody waits, judged by what is there.

import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { undoOf } from '../../src/app/maintenance/job-of-finding.ts'
import { allowedStep } from '../../src/maintain/allowed-step.ts'
import { recoverStep } from '../../src/maintain/recover-step.ts'
import { runStep, type StepRequest } from '../../src/maintain/run-step.ts'
import type { MaintenanceJob, MaintenanceStep, RunMark } from '../../src/model/maintenance.ts'
import { createPartitionSql, detachPartitionSql } from '../../src/sql/partition/partition-sql.ts'
import { rangeFrom } from '../../src/sql/partition/ranges.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const PLAIN = { schema: 'depot', name: 'letter' }
const WITH_DEFAULT = { schema: 'depot', name: 'Parcel Nö' }
const month = (text: string) =>
  rangeFrom({ by: 'time', every: 'month' }, 'timestamp with time zone', BigInt(Date.parse(`${text}-01Z`)))

const STORAGE = { options: [], tablespace: null, replicaIdentity: 'default' } as const

let database: TestDatabase
let client: pg.Client
/** As a role that may do what the owner may, and is not superuser. */
let url: string

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    `do $$ begin create role depot_keeper; create role depot_upkeep login password 'upkeep' in role depot_keeper, pg_monitor;
     exception when duplicate_object then null; end $$`,
    'create schema depot authorization depot_keeper',
    ...['depot.letter', 'depot."Parcel Nö"'].flatMap((table) => [
      `create table ${table} (id bigint generated always as identity, at timestamptz not null, note text check (note <> ''), primary key (id, at)) partition by range (at)`,
      `alter table ${table} owner to depot_keeper`,
    ]),
    'create table depot.parcel_rest partition of depot."Parcel Nö" default',
    'alter table depot.parcel_rest owner to depot_keeper',
  )
  url = database.url.replace(/\/\/[^@]+@/, '//depot_upkeep:upkeep@')
  client = await database.connect()
})
// the roles are left to others of this server: they own nothing once the database is gone
afterAll(() => database?.drop())
beforeEach(() => client.query('rollback'))

const stepOf = async (sql: string): Promise<MaintenanceStep> => {
  const allowed = await allowedStep(sql)
  if ('refused' in allowed) throw new Error(allowed.refused)
  return allowed.step
}
async function run(sql: string | MaintenanceStep, over: Partial<StepRequest> = {}) {
  return runStep({
    url,
    step: typeof sql === 'string' ? await stepOf(sql) : sql,
    warrant: { decisionId: '1', until: new Date(Date.now() + 60_000) },
    limits: { blockedMs: 200, activeSessions: 50, replayLagMs: 30_000 },
    waitMs: 30_000,
    now: () => new Date(),
    signal: new AbortController().signal,
    earlier: null,
    onStart: async () => {},
    onProgress: () => {},
    ...over,
  })
}
const create = (table: typeof PLAIN, text: string) =>
  createPartitionSql(
    table,
    { schema: table.schema, name: `${table.name}_${month(text).suffix}` },
    month(text),
    STORAGE,
  )
const partitions = async (table: typeof PLAIN) =>
  (
    await database.query<{ name: string }>(
      `select c.relname || case when i.inhdetachpending then ' (detaching)' else '' end as name
         from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = '${table.schema}."${table.name}"'::regclass order by 1`,
    )
  ).map(({ name }) => name)

test("a partition is made like its table and belongs to the table's owner; again there is nothing to do", async () => {
  const sql = createPartitionSql(PLAIN, { schema: 'depot', name: 'letter_p2026_04' }, month('2026-04'), {
    options: ['fillfactor=90'],
    tablespace: 'pg_default',
    replicaIdentity: 'full',
  })
  expect(await run(sql)).toMatchObject({
    outcome: 'done',
    because: 'letter_p2026_04 is a partition of letter.',
    before: { oid: null },
    after: { partition: { of: PLAIN, isDetaching: false }, isUnwritten: true },
  })
  const [made] = await database.query(
    `select pg_get_userbyid(c.relowner) as owner, c.reloptions as options, c.relreplident as identity, pg_get_expr(c.relpartbound, c.oid) like '%2026-04-01%2026-05-01%' as fits,
            (select count(*)::int from pg_index where indrelid = c.oid) as indexes, (select count(*)::int from pg_constraint where conrelid = c.oid and contype = 'c') as checks
       from pg_class c where c.oid = 'depot.letter_p2026_04'::regclass`,
  )
  expect(made).toEqual({
    owner: 'depot_keeper',
    options: ['fillfactor=90'],
    identity: 'f',
    fits: true,
    indexes: 1,
    checks: 1,
  })
  await database.run(`insert into depot.letter (at, note) values ('2026-04-02Z', 'hello')`)
  expect(await run(sql)).toMatchObject({ outcome: 'done', because: expect.stringMatching(/already/) })
})

test('beside a default partition too, unless rows of its range are in there', async () => {
  expect(await run(create(WITH_DEFAULT, '2026-04'))).toMatchObject({ outcome: 'done' })
  await database.run(`insert into depot."Parcel Nö" (at) values ('2026-05-02Z')`)
  expect(await run(create(WITH_DEFAULT, '2026-05'))).toMatchObject({
    outcome: 'failed',
    because: expect.stringMatching(/in the default partition of Parcel Nö.*move them first.*23514/),
  })
  // both statements or none
  expect(await database.query(`select to_regclass('depot."Parcel Nö_p2026_05"')::text as it`)).toEqual([
    { it: null },
  ])
  await database.run('delete from depot."Parcel Nö"')
})

test("others' table of the name, and what is in use, keep it from being made", async () => {
  await database.run('create table depot.letter_p2026_08 as select 1 as id')
  expect(await run(create(PLAIN, '2026-08'))).toMatchObject({
    outcome: 'failed',
    because: expect.stringMatching(/already that is no partition/),
  })
  await database.run('drop table depot.letter_p2026_08')
  // a reader of the default partition has it locked
  await client.query('begin; select * from depot.parcel_rest')
  expect(await run(create(WITH_DEFAULT, '2026-06'))).toMatchObject({
    outcome: 'gave-way',
    because: expect.stringMatching(/waited too long/),
  })
  await client.query('rollback')
  expect(await partitions(WITH_DEFAULT)).toEqual(['Parcel Nö_p2026_04', 'parcel_rest'])
})

test('taken back: what was made is detached while it is empty, and stays when it has rows', async () => {
  const sql = create(PLAIN, '2026-05')
  const undo = [detachPartitionSql(PLAIN, { schema: 'depot', name: 'letter_p2026_05' }, 'plain')]
  expect(await run(sql)).toMatchObject({ outcome: 'done' })
  const job = {
    id: '7',
    state: 'done',
    steps: [await stepOf(sql)],
    undo,
    caution: '',
  } as unknown as MaintenanceJob
  const [step] = (await undoOf(job)).steps
  expect(step).toMatchObject({ kind: 'detach-partition', onlyEmpty: true })
  await database.run(`insert into depot.letter (at) values ('2026-05-02Z')`)
  expect(await run(step!)).toMatchObject({
    outcome: 'failed',
    because: expect.stringMatching(/has rows by now/),
  })
  expect(await partitions(PLAIN)).toContain('letter_p2026_05')
  await database.run(`delete from depot.letter where at >= '2026-05-01Z'`)
  expect(await run(step!)).toMatchObject({ outcome: 'done' })
  expect(await partitions(PLAIN)).not.toContain('letter_p2026_05')
  // it had a row once, so somebody should look at it before it comes in again
  expect(await run(sql)).toMatchObject({ outcome: 'failed' })
  await database.run('truncate depot.letter_p2026_05')
  expect(await run(sql)).toMatchObject({ outcome: 'done' })
})

test('one that was being made when its process ended is there or is not, and is never made twice', async () => {
  const sql = create(PLAIN, '2026-09')
  const step = await stepOf(sql)
  const recover = (mark: RunMark) => recoverStep({ url, step, mark, onProgress: () => {} })
  const marks: RunMark[] = []
  const killed = run(step, {
    onStart: async (mark) => {
      marks.push(mark)
      await database.run(`select pg_terminate_backend(${mark.pid})`)
    },
  }).catch((error: unknown) => error)
  expect(await killed).toMatchObject({ code: 'target-lost' })
  expect(await recover(marks[0]!)).toMatchObject({ outcome: 'interrupted', after: { oid: null } })
  await run(step, { onStart: async (mark) => void marks.push(mark) })
  expect(await recover(marks[1]!)).toMatchObject({
    outcome: 'done',
    because: expect.stringMatching(/interrupted/),
  })
  expect(await run(step)).toMatchObject({ outcome: 'done', because: expect.stringMatching(/already/) })
  await database.run('drop table depot.letter_p2026_09')
})

test('an old one is detached while the table is used, and attached again with its rows', async () => {
  const relation = { schema: 'depot', name: 'letter_p2026_04' }
  expect(await run(detachPartitionSql(PLAIN, relation, 'concurrently'))).toMatchObject({
    outcome: 'done',
    because: 'letter_p2026_04 is no partition of letter any more.',
  })
  expect(await database.query('select note from depot.letter_p2026_04')).toEqual([{ note: 'hello' }])
  expect(await database.query('select note from depot.letter')).toEqual([])
  const attach = create(PLAIN, '2026-04').split(';\n')[1]!
  expect(await run(attach)).toMatchObject({ outcome: 'done' })
  expect(await database.query('select note from depot.letter')).toEqual([{ note: 'hello' }])
})

test('beside a default one only with a short lock: it gives way, says why, and is done later', async () => {
  const sql = detachPartitionSql(WITH_DEFAULT, { schema: 'depot', name: 'Parcel Nö_p2026_04' }, 'plain')
  await client.query('begin; select * from depot."Parcel Nö"')
  expect(await run(sql)).toMatchObject({
    outcome: 'gave-way',
    because: expect.stringMatching(/waited too long/),
  })
  await client.query('rollback')
  expect(await run(sql)).toMatchObject({ outcome: 'done' })
  expect(await run(sql)).toMatchObject({ outcome: 'done', because: expect.stringMatching(/any more/) })
})

test('a DETACH CONCURRENTLY that was killed is not done, and the next attempt finishes it', async () => {
  const sql = detachPartitionSql(PLAIN, { schema: 'depot', name: 'letter_p2026_05' }, 'concurrently')
  const step = await stepOf(sql)
  // a transaction that uses the table holds up the second half
  await client.query('begin; select * from depot.letter')
  let mark: RunMark | undefined
  let isWaiting = false
  const killed = run(step, {
    onStart: async (each) => {
      mark = each
    },
    onProgress: () => {
      isWaiting = true
    },
  }).catch((error: unknown) => error)
  await expect.poll(() => isWaiting, { timeout: 20_000 }).toBe(true)
  await database.run(`select pg_terminate_backend(${mark!.pid})`)
  expect(await killed).toMatchObject({ code: 'target-lost' })
  expect(await partitions(PLAIN)).toEqual(['letter_p2026_04', 'letter_p2026_05 (detaching)'])
  const recovered = await recoverStep({ url, step, mark: mark!, onProgress: () => {} })
  expect(recovered).toMatchObject({
    outcome: 'interrupted',
    after: { partition: { isDetaching: true } },
  })
  await client.query('rollback')
  expect(await run(step)).toMatchObject({ outcome: 'done', before: { partition: { isDetaching: true } } })
  expect(await partitions(PLAIN)).toEqual(['letter_p2026_04'])
})
