// Statements that would write, leave or look around, through each way by which a text reaches a target: nothing of them happens (D2). The
// ways to a twin are in src/app/what-if/what-if-desk.pg.test.ts.

import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openSession, type Session } from '../../src/postgres/connect.ts'
import { loadParser, type Parser } from '../../src/sql/parse/parse-statements.ts'
import { planningTarget } from '../../src/twin/agreement.ts'
import { reasonNotToRun } from '../../src/verify/is-plain-select.ts'
import { measureQuery } from '../../src/verify/measure-query.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const MARK = join(tmpdir(), `pgsteward-hostile-${process.pid}`)

/** A second statement behind what only looks like a comment or a string: the lexer of PostgreSQL sees it. */
const SMUGGLED = (second: string): readonly string[] => [
  `select 1; ${second}`,
  `select 1 as a$b$; ${second}; --$b$`,
  `select 1 --\r; ${second}`,
  `select 1 /* /* */ ' */ */ ; ${second} --'`,
  `select E'a'\n'b\\' || ' ; ${second} --'`,
  `select caféE'a\\'; ${second}; --'`,
  `select a$E'a\\'; ${second}; --'`,
]

let database: TestDatabase
let session: Session
let parse: Parser
beforeAll(async () => {
  parse = await loadParser()
  database = await createDatabase()
  await database.run(
    'create table precious (id int primary key)',
    'insert into precious select generate_series(1, 100)',
    'create sequence counted',
    'create domain "caféE" as text',
    'create domain "a$e" as text',
    `create function scribble() returns int language plpgsql as $$ begin insert into precious values (0); return 1; end $$`,
    'analyze precious',
  )
})
beforeEach(async () => {
  // with all rights: nothing but pgsteward itself stands in the way
  session = await openSession(database.url, { purpose: 'hostile' })
  return () => session.close()
})
afterAll(async () => {
  rmSync(MARK, { force: true })
  await database.drop()
})

const tables = async () =>
  (
    await database.query<{ name: string }>(
      "select relname as name from pg_class where relname like 'got\\_in%'",
    )
  ).map(({ name }) => name)
async function expectUntouched(): Promise<void> {
  expect(await tables()).toEqual([])
  expect(await database.query('select count(*)::int as rows, min(id) as least from precious')).toEqual([
    { rows: 100, least: 1 },
  ])
  expect(await database.query('select is_called from counted')).toEqual([{ is_called: false }])
  expect(existsSync(MARK)).toBe(false)
}

test('the texts do carry a second statement: sent as they are, PostgreSQL runs it', async () => {
  for (const [number, sql] of SMUGGLED(`create table got_in_X (id int)`).entries())
    await database.run(sql.replace('got_in_X', `got_in_${number}`)).catch(() => undefined)
  expect((await tables()).length).toBeGreaterThanOrEqual(5)
  for (const name of await tables()) await database.run(`drop table ${name}`)
})

test('EXPLAIN on a target takes one statement, whatever it is dressed as', async () => {
  const target = await planningTarget(session)
  const second = 'commit; set default_transaction_read_only = off; create table got_in (id int)'
  for (const sql of SMUGGLED(second))
    for (const parameters of [{ kind: 'none' }, { kind: 'generic' }, { kind: 'values', values: [] }] as const)
      expect(await target.explain(sql, parameters), sql).toMatchObject({ error: expect.anything() })
  await expectUntouched()
})

const WRITING = [
  'delete from precious',
  'with gone as (delete from precious returning 1) select * from gone',
  "select nextval('counted')",
  'select scribble()',
  `copy precious to program 'touch ${MARK}'`,
  `select lo_export(1, '${MARK}')`,
  "select pg_read_file('/etc/passwd')",
  "select set_config('default_transaction_read_only', 'off', false)",
  'set role pg_execute_server_program',
  'analyze) delete from precious; explain (format json',
  '(analyze) delete from precious',
  'analyze delete from precious',
  'vacuum precious',
]

test('EXPLAIN on a target plans what writes, and runs none of it', async () => {
  const target = await planningTarget(session)
  for (const sql of WRITING) {
    await target.explain(sql, { kind: 'none' })
    await target.explain(sql, { kind: 'generic' })
  }
  expect(
    (await session.query('test', "select pg_catalog.current_setting('default_transaction_read_only') as it"))
      .rows,
  ).toEqual([{ it: 'on' }])
  await expectUntouched()
})

test('verify times none of them', async () => {
  const passed = [...WRITING, ...SMUGGLED('drop table precious')].filter(
    (sql) => reasonNotToRun(sql, parse) === null,
  )
  // a function of the user's own, of which its name tells nothing, and one that reads: the transaction and the role's rights bound both
  expect(passed).toEqual(['select scribble()', "select pg_read_file('/etc/passwd')"])
  const options = { runs: 1, timeoutMs: 1_000, lockTimeoutMs: 100 }
  const measured = measureQuery(session, 'select scribble()', null, options, new AbortController().signal)
  await expect(measured).rejects.toMatchObject({ code: '25006' })
  await expectUntouched()
})

test('what is read as a role with pg_monitor alone reads no file', async () => {
  const monitor = await openSession(database.monitorUrl, { purpose: 'hostile' })
  const options = { runs: 1, timeoutMs: 1_000, lockTimeoutMs: 100 }
  const sql = "select pg_read_file('/etc/passwd')"
  const measured = measureQuery(monitor, sql, null, options, new AbortController().signal)
  await expect(measured).rejects.toMatchObject({ code: '42501' })
  await monitor.close()
})
