// Durations and transactions, on a table of a million rows, without a twin.

import { beforeAll, expect, test } from 'vitest'
import type { Runner } from '../model/review.ts'
import { loadScriptReader, type ScriptReader } from '../sql/parse/read-script.ts'
import { judgeStatements } from './judge-statements.ts'
import { readMigrations } from './read-migrations.ts'
import { reviewStatements } from './review-statements.ts'
import type { Sizes } from './sizes.ts'

let read: ScriptReader
beforeAll(async () => {
  read = await loadScriptReader()
})

const LARGE = {
  schema: 'public',
  name: 'large',
  rows: 10_000_000,
  sizeBytes: 2e9,
  indexes: 2,
  isWritten: true,
}
const SMALL = { schema: 'public', name: 'small', rows: 100, sizeBytes: 16_384, indexes: 1, isWritten: true }
const SIZES: Sizes = { find: ({ name }) => [LARGE, SMALL].find((each) => each.name === name) ?? null }

function review(sql: string, runner: Runner = 'psql') {
  const migrations = readMigrations([{ name: 'm', path: 'm', text: sql }], runner, read)
  const statements = reviewStatements(migrations, null, SIZES, new Map())
  const findings = judgeStatements(migrations, statements, SIZES).map(
    ({ rule, severity, line }) => `${severity} ${rule} ${line}`,
  )
  return { statements, findings }
}

test.each([
  ['a column without work', 'set lock_timeout = 1; alter table large add column x int', []],
  [
    'an index on a large table',
    'set lock_timeout = 1; create index i on large (a)',
    ['critical blocking-lock 1'],
  ],
  ['the same concurrently', 'create index concurrently i on large (a)', []],
  ['an index on a small table', 'set lock_timeout = 1; create index i on small (a)', []],
  ['no lock_timeout on a large table', 'alter table large add column x int', ['warning no-lock-timeout 1']],
  ['no lock_timeout on a small one', 'alter table small add column x int', ['info no-lock-timeout 1']],
  ['every row of a large table', 'update large set a = 1', ['warning backfill 1']],
  [
    'a table that is made here',
    'create table n (a int); create index i on n (a); alter table n add column b serial',
    [],
  ],
  [
    'rows that have no value',
    'set lock_timeout = 1; alter table small add column b int not null',
    ['critical fails-on-rows 1'],
  ],
  ['a table that goes', 'set lock_timeout = 1; drop table large', ['warning data-loss 1']],
])('judges %s', (_, sql, expected) => {
  expect(review(sql).findings).toEqual(expected)
})

test('a short lock is kept while later statements of its transaction work', () => {
  const sql =
    'set lock_timeout = 1;\nalter table small add column x int;\nalter table large validate constraint c;'
  expect(review(sql, 'psql').findings).toEqual([])
  const { statements, findings } = review(sql, 'prisma')
  expect(findings).toEqual(['critical lock-held 2'])
  const [, short, long] = statements
  expect(short).toMatchObject({
    transaction: 'shared',
    takes: { highMs: 0 },
    held: { highMs: long!.takes!.highMs },
  })
})

test('begin and commit make a transaction where the runner makes none', () => {
  const sql = 'begin;\nalter table small add column x int;\ncommit;\nalter table small add column y int;'
  expect(review(sql).statements.map(({ number }) => number)).toEqual([1, 1, 1, 3])
})
