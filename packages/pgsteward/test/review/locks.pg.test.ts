// What the review says of locks and work, against what PostgreSQL does: each statement is run on a real server of the oldest and the
// newest major, in a transaction, and its locks, new files and scans are read before it ends (A10).

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { LocalServer } from '../../src/postgres/local-server.ts'
import { observe } from '../../src/review/observe.ts'
import { operationsOf } from '../../src/review/operations-of.ts'
import { loadScriptReader, type ScriptReader } from '../../src/sql/parse/read-script.ts'
import type { TwinHost } from '../../src/twin/hosts/host.ts'
import { createDatabase, startTestServer, type TestDatabase } from '../postgres/database.ts'

let read: ScriptReader
beforeAll(async () => {
  read = await loadScriptReader()
})

const SCHEMA = [
  'create table parent (id int primary key, code varchar(10), body text)',
  'create table t (id int primary key, a int, b int not null, name varchar(10), body text, at timestamptz)',
  'alter table t add constraint t_checked check (a is not null) not valid',
  'create index t_a_idx on t (a)',
  'create unique index t_b_idx on t (b)',
  'create table part (id int, k int) partition by list (k)',
  'create table part_1 partition of part for values in (1)',
  'create table loose (id int, k int)',
  'create materialized view v as select 1 as id',
  'create function f() returns trigger language plpgsql as $$ begin return null; end $$',
  'create trigger g after insert on t execute function f()',
]

/** Each on the schema as it is. */
const STATEMENTS = [
  'alter table t add column x int',
  'alter table t add column x timestamptz not null default now()',
  'alter table t add column x float default random()',
  'alter table t add column x bigserial',
  'alter table t add column x int generated always as (a + 1) stored',
  'alter table t add column x int references parent (id)',
  'alter table t drop column body',
  'alter table t alter column a type bigint',
  'alter table t alter column name type varchar(20)',
  'alter table t alter column a set default 5',
  'alter table t alter column a set not null',
  'alter table t alter column a set statistics 500',
  'alter table t add constraint c check (b > 0)',
  'alter table t add constraint c check (b > 0) not valid',
  'alter table t validate constraint t_checked',
  'alter table t drop constraint t_checked',
  'alter table t add constraint k foreign key (a) references parent (id)',
  'alter table t add constraint k foreign key (a) references parent (id) not valid',
  'alter table t add constraint u unique (a)',
  'alter table t add constraint u unique using index t_b_idx',
  'alter table t set (fillfactor = 70)',
  'alter table t set (autovacuum_enabled = off)',
  'alter table t set unlogged',
  'alter table t enable row level security',
  'alter table t replica identity full',
  'alter table t disable trigger g',
  'alter table part attach partition loose for values in (2)',
  'alter table part detach partition part_1',
  'create index i on t (b)',
  'drop index t_a_idx',
  'drop table t',
  'drop trigger g on t',
  'alter table t rename column a to z',
  'alter table t rename to z',
  'alter index t_a_idx rename to z',
  'create trigger h after insert on t execute function f()',
  'create table n (id int references parent (id))',
  'create table part_3 partition of part for values in (3)',
  'create policy p on t',
  'create statistics s on a, b from t',
  "comment on column t.a is 'x'",
  'truncate t',
  'reindex table t',
  'refresh materialized view v',
  'lock table t in share mode',
]

describe.each([14, 18] as const)('on PostgreSQL %i', (major) => {
  let server: LocalServer | null = null
  let database: TestDatabase
  let host: TwinHost

  beforeAll(async () => {
    server = major === 18 ? null : await startTestServer(major)
    database = await createDatabase(server?.url() ?? inject('serverUrl'))
    await database.run(...SCHEMA)
    const client = await database.connect()
    const ask: TwinHost['ask'] = async (sql) => {
      try {
        const { rows } = await client.query({ text: sql, rowMode: 'array' })
        const text = (value: unknown) => (value === null ? null : String(value))
        return { rows: (rows as unknown[][]).map((row) => row.map(text)), error: null }
      } catch (error) {
        return { rows: [], error: { sqlState: null, message: (error as Error).message } }
      }
    }
    // what was observed is taken back
    host = { ask: (sql: string) => ask(sql === 'commit' ? 'rollback' : sql) } as TwinHost
  }, 60_000)
  afterAll(async () => {
    await database?.drop()
    await server?.stop()
  })

  test.each(STATEMENTS)('%s', async (sql) => {
    const operations = operationsOf(read(sql)[0]!.node!, sql)
    const seen = await observe(host, sql)
    expect(seen.error).toBeNull()
    const told = new Map<string, string>()
    for (const { on, mode } of operations.flatMap(({ locks }) => locks)) {
      const known = told.get(on.name)
      if (known === undefined || STRENGTH.indexOf(mode) > STRENGTH.indexOf(known)) told.set(on.name, mode)
    }
    const isTable = ({ kind }: { kind: string }) => kind === 'r' || kind === 'p' || kind === 'm'
    const strong = (mode: string) => STRENGTH.indexOf(mode) >= STRENGTH.indexOf('share update exclusive')
    for (const [name, mode] of told)
      expect.soft(`${name}: ${seen.locks.find(({ on }) => on.name === name)?.mode}`).toBe(`${name}: ${mode}`)
    // what was not told blocks nobody, but for the table of an index that goes, and the parts of a table
    const index = /^(drop|alter) index/.test(sql)
    const untold = seen.locks.filter(({ on, mode }) => isTable(on) && strong(mode) && !told.has(on.name))
    if (!index) expect.soft(untold.map(({ on, mode }) => `${on.name}: ${mode}`)).toEqual([])

    const work = operations.flatMap((operation) => operation.work)
    const rewrites = work.filter(({ kind }) => kind === 'rewrite')
    const rewritten = seen.rewritten.map(({ name }) => name)
    if (sql.startsWith('truncate')) return
    for (const { on } of rewrites.filter(({ isCertain }) => isCertain))
      expect.soft(rewritten).toContain(on.name)
    for (const name of rewritten) expect.soft(rewrites.map(({ on }) => on.name)).toContain(name)
    const busy = work.map(({ on }) => on.name)
    for (const { on } of work.filter(({ kind, isCertain }) => kind === 'scan' && isCertain))
      expect.soft(seen.scanned.map(({ name }) => name)).toContain(on.name)
    // a foreign key looks its parents up, which a scan of an empty table may do
    const scanned = seen.scanned.filter(({ name }) => !busy.includes(name) && name !== 'parent')
    expect.soft(scanned.map(({ name }) => name)).toEqual([])
  })
})

const STRENGTH: readonly string[] = [
  'access share',
  'row share',
  'row exclusive',
  'share update exclusive',
  'share',
  'share row exclusive',
  'exclusive',
  'access exclusive',
]
