import { expect, test } from 'vitest'
import { isMarked, marked } from './mark.ts'

test.each([
  ['\n  select 1', 'select /* pgsteward:wal */ 1'],
  ['with a as (select 1) select * from a', 'with /* pgsteward:wal */ a as (select 1) select * from a'],
])('the mark stands behind the first word: %j', (sql, expected) => {
  expect(marked('wal', sql)).toBe(expected)
})

test.each([
  ['select /* pgsteward:wal */ $1', true],
  ['/* pgsteward:wal */ select $1', true],
  ['select * from pg_stat_activity', false],
  ['select * from pgsteward', false],
  ['set statement_timeout = $1', false],
])("%j is pgsteward's own: %s", (text, isOwn) => {
  expect(isMarked(text)).toBe(isOwn)
})
