import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { run } from './run.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    'create table parcel (id int primary key, place text)',
    "insert into parcel select i, 'shelf ' || i from generate_series(1, 20000) i",
    'create table secret (id int)',
    'analyze',
    'grant select on parcel to test_monitor',
    "select count(*) from parcel where place = 'shelf 7'",
    'select count(*) from secret',
  )
})
afterAll(() => database.drop())

test('shows the plans of the heaviest statements in words, and says what it may not plan', async () => {
  const { exitCode, out } = await run('plans', database.monitorUrl, '--top', '100')
  expect(exitCode).toBe(0)
  expect(out).toContain('Aggregate(Seq Scan on parcel)')
  expect(out).toMatch(/- .*Seq Scan on parcel/)
  expect(out).toContain("no plan: SELECT on secret is not granted to pgsteward's role")
  expect(out).not.toContain('shelf 7')
  expect(out).not.toContain('pgsteward:')
})

test('prints JSON alone, of one statement too', async () => {
  const all = JSON.parse((await run('plans', database.monitorUrl, '--json')).out)
  const { queryId } = all.statements.find(({ text }: { text: string }) => text.includes('place'))
  const one = JSON.parse((await run('plans', database.monitorUrl, '--json', `--query-id=${queryId}`)).out)
  expect(one.statements).toMatchObject([{ queryId, because: null, plan: { 'Node Type': 'Aggregate' } }])
})

test.each([
  [['--query-id', 'x'], 'x is not a query id'],
  [['--query-id', '12'], 'knows no statement 12'],
  [['--top', '0'], '--top 0 is not a number'],
])('refuses %s', async (options, message) => {
  const { exitCode, note } = await run('plans', database.monitorUrl, ...options)
  expect(exitCode).toBe(2)
  expect(note).toContain(message)
})
