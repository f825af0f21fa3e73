import { expect, test } from 'vitest'
import { isOneStatement } from './one-statement.ts'

test.each([
  'select 1',
  "select ';' || E'\\';' -- ; drop table x",
  'select $$ a; b $$, $tag$ ; $tag$, "a;b" /* ; */',
  'select 1;',
  'select 1 ;  ',
])('%j is one statement', (sql) => {
  expect(isOneStatement(sql)).toBe(true)
})

test.each([
  'select 1; delete from x',
  "select ''; select 2",
  "select 'a\\'; drop table x; --'",
  'select 1 /* a */; /* b */ select 2',
])('%j is more than one', (sql) => {
  expect(isOneStatement(sql)).toBe(false)
})
