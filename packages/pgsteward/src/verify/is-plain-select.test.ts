import { beforeAll, expect, test } from 'vitest'
import { loadParser, type Parser } from '../sql/parse/parse-statements.ts'
import { reasonNotToRun } from './is-plain-select.ts'

let parse: Parser
beforeAll(async () => {
  parse = await loadParser()
})

test.each([
  'select 1',
  'select a from t where b = (select max(b) from u) order by c limit 3;',
  'with x as (select 1) select * from x union all select 2',
  'values (1)',
  "select pg_size_pretty(pg_relation_size('t'))",
])('V1: %s may be run', (sql) => {
  expect(reasonNotToRun(sql, parse)).toBeNull()
})

test.each([
  ['delete from t', 'only SELECT'],
  ['explain analyze delete from t', 'only SELECT'],
  ['select 1; drop table t', 'more than one'],
  ['with x as (insert into t values (1) returning 1) select * from x', 'writes'],
  ['select * from (with x as (update t set a = 1 returning 1) select * from x) y', 'writes'],
  ['select * into u from t', 'makes a table'],
  ['select * from t for update', 'locks rows'],
  ['select * from (select * from t for share) x', 'locks rows'],
  ["select nextval('s')", 'nextval()'],
  ['select pg_catalog.pg_terminate_backend(1)', 'pg_terminate_backend()'],
  ['select a from t where pg_try_advisory_xact_lock(1)', 'beyond'],
  ["select dblink_exec('x', 'drop table t')", 'dblink_exec()'],
  ["select * from ts_stat('select pg_terminate_backend(1)')", 'ts_stat()'],
  ["select set_config('transaction_read_only', 'off', true)", 'set_config()'],
  ["select lo_export(1, '/tmp/x')", 'lo_export()'],
  ["copy t to program 'touch /tmp/x'", 'only SELECT'],
  ['set role postgres', 'only SELECT'],
  ['explain (analyze) select 1', 'only SELECT'],
  ['selec', "can't be read"],
  ['', "can't be read"],
])('V1: %s may not: %s', (sql, because) => {
  expect(reasonNotToRun(sql, parse)).toContain(because)
})
