// Lock levels and work as PostgreSQL's manual has them; test/review/locks.pg.test.ts holds the same against real servers.

import { beforeAll, expect, test } from 'vitest'
import { loadScriptReader, type ScriptReader } from '../sql/parse/read-script.ts'
import { operationsOf } from './operations-of.ts'

let read: ScriptReader
beforeAll(async () => {
  read = await loadScriptReader()
})

function shown(sql: string): string {
  const [statement] = read(sql)
  expect(statement?.problem).toBeNull()
  return operationsOf(statement!.node!, statement!.sql)
    .map(({ kind, locks, work }) =>
      [
        kind,
        ...locks.map(({ on, mode }) => `${on.name}: ${mode}`),
        ...work.map((each) => `${each.kind}${each.isCertain ? '' : '?'}`),
      ].join(', '),
    )
    .join(' + ')
}

test.each([
  ['alter table t add column x int', 'add-column, t: access exclusive'],
  ['alter table t add column x timestamptz not null default now()', 'add-column, t: access exclusive'],
  ['alter table t add column x uuid default gen_random_uuid()', 'add-column, t: access exclusive, rewrite?'],
  ['alter table t add column x bigserial', 'add-column, t: access exclusive, rewrite'],
  [
    'alter table t add column x int generated always as (y + 1) stored',
    'add-column, t: access exclusive, rewrite',
  ],
  [
    'alter table t add column x int references u (id)',
    'add-column, t: access exclusive + add-foreign-key, t: access exclusive, u: share row exclusive',
  ],
  ['alter table t drop column x', 'drop-column, t: access exclusive'],
  ['alter table t alter column x type text', 'alter-column-type, t: access exclusive, rewrite?'],
  ['alter table t alter x set not null', 'set-not-null, t: access exclusive, scan?'],
  ['alter table t add constraint c check (x > 0)', 'add-check, t: access exclusive, scan'],
  ['alter table t add constraint c check (x > 0) not valid', 'add-check-not-valid, t: access exclusive'],
  ['alter table t validate constraint c', 'validate-constraint, t: share update exclusive, scan'],
  [
    'alter table t add foreign key (x) references u',
    'add-foreign-key, t: share row exclusive, u: share row exclusive, scan',
  ],
  [
    'alter table t add foreign key (x) references u not valid',
    'add-foreign-key-not-valid, t: share row exclusive, u: share row exclusive',
  ],
  ['alter table t add unique (x)', 'add-unique, t: access exclusive, index-build'],
  ['alter table t add primary key using index i', 'add-primary-key-using-index, t: access exclusive, scan?'],
  ['alter table t set (fillfactor = 70)', 'set-option, t: share update exclusive'],
  ['alter table t set unlogged', 'set-unlogged, t: access exclusive, rewrite'],
  [
    'alter table t attach partition p for values in (1)',
    'attach-partition, t: share update exclusive, p: access exclusive, scan?',
  ],
  [
    'alter table t detach partition p concurrently',
    'detach-partition, t: share update exclusive, p: access exclusive',
  ],
  ['create index i on t (x)', 'create-index, t: share, index-build'],
  [
    'create index concurrently i on t (x)',
    'create-index-concurrently, t: share update exclusive, index-build',
  ],
  ['drop index a, s.b', 'drop-index, a: access exclusive + drop-index, b: access exclusive'],
  ['drop index concurrently a', 'drop-index-concurrently, a: share update exclusive'],
  ['drop table t', 'drop-table, t: access exclusive'],
  ['drop trigger g on s.t', 'drop-trigger, t: access exclusive'],
  ['alter table t rename column a to b', 'rename-column, t: access exclusive'],
  ['alter index i rename to j', 'rename-index, i: share update exclusive'],
  ['truncate a, b', 'truncate, a: access exclusive + truncate, b: access exclusive'],
  ['create trigger g after insert on t execute function f()', 'create-trigger, t: share row exclusive'],
  ["alter type mood add value 'calm'", 'alter-enum'],
  ['reindex table t', 'reindex, t: share, index-build'],
  ['refresh materialized view concurrently v', 'refresh-materialized-view, v: exclusive, rewrite'],
  ['vacuum full t', 'vacuum-full, t: access exclusive, rewrite'],
  ['cluster t using i', 'cluster, t: access exclusive, rewrite'],
  ["comment on column s.t.x is 'y'", 'comment, t: share update exclusive'],
  ['update t set x = 1', 'update, t: row exclusive, update'],
  ['delete from t where x = 1', 'delete, t: row exclusive, update?'],
  ['create table p partition of t for values in (1)', 'create-table, t: access exclusive'],
  ['create table n (a int references t)', 'create-table, t: share row exclusive'],
  ['lock table t in share mode', 'lock-table, t: share'],
  ['create function f() returns int language sql as $$select 1$$', ''],
])('%s', (sql, expected) => {
  expect(shown(sql)).toBe(expected)
})

test('each action of one ALTER TABLE is an operation of its own', () => {
  expect(shown('alter table t add column a int, alter b drop not null, add check (a > 0)')).toBe(
    'add-column, t: access exclusive + drop-not-null, t: access exclusive + add-check, t: access exclusive, scan',
  )
})

test('a column that may not be null needs a default where there are rows', () => {
  const fails = (sql: string) =>
    operationsOf(read(sql)[0]!.node!, sql).some(({ failsOnRows }) => failsOnRows !== undefined)
  expect(fails('alter table t add column x int not null')).toBe(true)
  expect(fails('alter table t add column x int not null default 0')).toBe(false)
  expect(fails('alter table t add column x int generated always as identity not null')).toBe(false)
})
