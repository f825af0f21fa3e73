import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/postgres/database.ts'
import { databaseEvidenceSchema, environmentSchema } from '../../model/load-run.ts'
import { environmentOf } from './environment-of.ts'
import { startDatabaseMeasurement } from './measure-database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension if not exists pg_stat_statements',
    'create table parcel (id int primary key, city text, body text)',
    `insert into parcel select i, 'city ' || i % 100, repeat('x', 100) from generate_series(1, 5000) i`,
    'grant select on parcel to test_monitor',
  )
  // counted before, or what ANALYZE counted would have these rows added
  await database.flushStatistics()
  await database.run('analyze parcel')
})

afterAll(() => database.drop())

const BY_CITY = `select count(*) from parcel where city = $1 /*method='GET',route='%2Fparcels'*/`

test('L4: increases of the run alone, with the plan and the route of the heaviest statement', async () => {
  const client = await database.connect()
  for (let i = 0; i < 5; i++) await client.query(BY_CITY, ['city 1'])
  await database.flushStatistics()
  const measurement = await startDatabaseMeasurement(database.monitorUrl)
  for (let i = 0; i < 20; i++) await client.query(BY_CITY, [`city ${i}`])
  await database.flushStatistics()
  const evidence = await measurement.finish()
  expect(databaseEvidenceSchema.parse(evidence)).toEqual(evidence)
  const found = evidence.statements.find(({ text }) => text.includes('from parcel'))
  expect(found).toMatchObject({ calls: 20, rows: 20, route: 'GET /parcels' })
  expect(found!.planText).toContain('Seq Scan on parcel')
  expect(evidence.tables.find(({ name }) => name === 'public.parcel')).toMatchObject({
    rows: 5000,
    sequentialScans: 20,
    sequentialRows: 100_000,
  })
  expect(evidence.totals!.calls).toBeGreaterThanOrEqual(20)
  expect(evidence.connections!.peak).toBeGreaterThan(0)
  expect(evidence.notes ?? []).toEqual([])
})

test('L4: what came before restart() is a warm-up and does not count', async () => {
  const client = await database.connect()
  const measurement = await startDatabaseMeasurement(database.monitorUrl)
  for (let i = 0; i < 7; i++) await client.query('select body from parcel where id = $1', [i])
  await measurement.restart()
  for (let i = 0; i < 3; i++) await client.query('select body from parcel where id = $1', [i])
  const evidence = await measurement.finish()
  expect(evidence.statements.find(({ text }) => text.includes('select body'))).toMatchObject({ calls: 3 })
})

test('a copy of a database has the rows of the original, though nothing counted them there', async () => {
  await database.run("select pg_stat_reset_single_table_counters('parcel'::regclass)")
  const client = await database.connect()
  await database.flushStatistics()
  const measurement = await startDatabaseMeasurement(database.monitorUrl)
  await client.query("insert into parcel select 9000 + i, 'city', 'x' from generate_series(1, 15) i")
  await client.query(BY_CITY, ['city 1'])
  await database.flushStatistics()
  const { tables } = await measurement.finish()
  expect(tables.find(({ name }) => name === 'public.parcel')).toMatchObject({ rows: 5000 })
})

test('V6: the environment names what of the schema decides, and changes with an index', async () => {
  const request = {
    env: {},
    cwd: '/',
    hostBusyRatio: 0.5,
    hostStolenRatio: 0.01,
    databaseUrl: database.monitorUrl,
  }
  const before = await environmentOf(request)
  expect(environmentSchema.parse(before)).toEqual(before)
  expect(before.postgres!.schemaObjects).toMatchObject({
    'index public.parcel_pkey': 'unique on public.parcel (id)',
  })
  await database.run('create index parcel_city on parcel (city)')
  const after = await environmentOf(request)
  expect(after.postgres!.schemaHash).not.toBe(before.postgres!.schemaHash)
  expect(after.postgres!.settingsHash).toBe(before.postgres!.settingsHash)
  expect(after.hostClass).toBe(before.hostClass)
  await database.run('drop index parcel_city')
  expect((await environmentOf(request)).postgres!.schemaHash).toBe(before.postgres!.schemaHash)
})

test('an unreachable database leaves the environment without it, and refuses a measurement', async () => {
  const url = 'postgres://nobody@127.0.0.1:9/none'
  const environment = await environmentOf({
    env: {},
    cwd: '/',
    hostBusyRatio: null,
    hostStolenRatio: null,
    databaseUrl: url,
  })
  expect(environment.postgres).toBeNull()
  await expect(startDatabaseMeasurement(url)).rejects.toMatchObject({ code: 'target-refused' })
})

test('without pg_stat_statements the evidence lacks statements and says so; the rest is there', async () => {
  const bare = await createDatabase()
  try {
    await bare.run('create table parcel (id int)', 'insert into parcel select generate_series(1, 2000)')
    await bare.flushStatistics()
    const measurement = await startDatabaseMeasurement(bare.monitorUrl)
    for (let i = 0; i < 5; i++) await bare.query('select count(*) from parcel')
    await bare.flushStatistics()
    const evidence = await measurement.finish()
    expect(evidence.statements).toEqual([])
    expect(evidence.notes).toEqual([expect.stringContaining('pg_stat_statements is not installed')])
    expect(evidence.tables).toEqual([expect.objectContaining({ name: 'public.parcel', sequentialScans: 5 })])
  } finally {
    await bare.drop()
  }
})

test('a role without rights leaves notes and no error', async () => {
  await database.run(
    `do $$ begin create role test_plain login password 'plain'; exception when duplicate_object then null; end $$`,
  )
  const url = database.url.replace(/\/\/[^@]+@/, '//test_plain:plain@')
  const measurement = await startDatabaseMeasurement(url)
  await database.query('select count(*) from parcel')
  const evidence = await measurement.finish()
  expect(databaseEvidenceSchema.parse(evidence)).toEqual(evidence)
  expect(evidence.statements.every(({ text }) => !text.includes('parcel'))).toBe(true)
})

test('S5: values in texts do not reach the evidence', async () => {
  const client = await database.connect()
  const measurement = await startDatabaseMeasurement(database.monitorUrl)
  await client.query(`select id from parcel where city = 'planted-secret-4711' and id = 815`)
  await client.query(`comment on table parcel is 'planted-secret-4711'`)
  const evidence = await measurement.finish()
  expect(evidence.statements.length).toBeGreaterThan(0)
  expect(JSON.stringify(evidence)).not.toContain('planted-secret')
})

test('a database that goes away in mid-run leaves what is known, and a note', async () => {
  const gone = await createDatabase()
  const measurement = await startDatabaseMeasurement(gone.monitorUrl)
  await gone.drop()
  const evidence = await measurement.finish()
  expect(databaseEvidenceSchema.parse(evidence)).toEqual(evidence)
  expect(evidence.notes?.join(' ')).toContain('did not answer')
})
