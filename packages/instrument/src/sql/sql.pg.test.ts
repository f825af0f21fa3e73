// What PostgreSQL itself makes of texts: pg_stat_statements shows one that meets the one that was sent.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createDatabase,
  startTestServer,
  type TestDatabase,
} from '../../../pgsteward/test/postgres/database.ts'
import { fingerprintOf } from './sql.ts'

const STATEMENTS = [
  "select id, name from member where id = 5 and name = 'x'",
  'select id from member where id in (1, 2, 3)',
  'select id from member where id in (1)',
  'select id from member where id = any(array[1, 2, 3])',
  "select id from member where name in ('a'::text, 'b'::text)",
  "insert into member (id, name) values (101, 'a'), (102, 'b'), (103, null)",
  'insert into member (id, flag) values (104, true)',
  'update member set name = null, flag = false where id = -5',
  'select id - 1, -id, -2, +3 from member where id > -1',
  "select name || e'\\n', $$x$$, $t$y$t$, U&'z', b'1', x'1f' from member",
  "select interval '1 day', date '2020-01-01', '1'::int, cast('2' as int), 1.5e-3, .5 from member",
  'select id from member where name is not null and flag is not true order by 1 limit 10 offset 5',
  "select count(*) from member where (id, name) in ((1, 'a'), (2, 'b'))",
  "select '{\"a\": 1}'::jsonb ? 'a', '{}'::jsonb @> '{}', (array[1, 2])[1]",
  'SELECT /* who */ "id" FROM "member" -- why\n WHERE id between 1 and 2;',
  "with x as (select 1 as a) select a, case when a = 1 then 'one' else 'many' end from x",
  "select id from member where id in (1, 2) /*route='%2Fa'*/",
  'select id from member where id in (select id from member where flag = true) and not flag',
  "select substring(name from 1 for 2), extract(year from now()), position('a' in name) from member",
  'delete from member where id in (1, 2, 3) returning id',
  'select id from member fetch first 5 rows only',
  "values (1, 'a'), (2, 'b')",
]

describe.each([
  ['18', null],
  ['14', 14],
] as const)('on PostgreSQL %s', (_name, major) => {
  let database: TestDatabase
  let stop = async (): Promise<unknown> => undefined

  beforeAll(async () => {
    const server =
      major === null ? null : await startTestServer(major, { shared_preload_libraries: 'pg_stat_statements' })
    stop = async () => server?.stop()
    database = await (server === null ? createDatabase() : createDatabase(server.url()))
    await database.run(
      'create table member (id int, name text, flag bool)',
      'create extension if not exists pg_stat_statements',
    )
  })
  afterAll(async () => {
    await database.drop()
    await stop()
  })

  it.each(STATEMENTS)('meets: %s', async (text) => {
    await database.query(
      'select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)',
    )
    await database.query(text)
    const rows = await database.query<{ query: string }>(
      `select query from pg_stat_statements where query !~ 'pg_stat_statements'
        and dbid = (select oid from pg_database where datname = current_database())`,
    )
    expect(rows.map(({ query }) => [query, fingerprintOf(query)])).toEqual([
      [expect.any(String), fingerprintOf(text)],
    ])
  })
})
