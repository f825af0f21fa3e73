import { expect, test } from 'vitest'
import { isOneStatement } from './one-statement.ts'

test.each([
  'select 1',
  "select ';' || E'\\';' -- ; drop table x",
  'select $$ a; b $$, $tag$ ; $tag$, "a;b" /* ; */',
  'select 1;',
  'select 1 ;  ',
  'select 1 ; -- no more; really /* none */',
  'select 1 as a$b$, 2 as "c;""d"',
  'select /* one /* in another ; */ ; */ 1',
  "select n'it''s ; one', 1.5e3, $1, caf\u00e9 from t",
  'select $\u00e9$ ; $\u00e9$',
])('%j is one statement', (sql) => {
  expect(isOneStatement(sql)).toBe(true)
})

test.each([
  'select 1; delete from x',
  "select ''; select 2",
  "select 'a\\'; drop table x; --'",
  'select 1 /* a */; /* b */ select 2',
  // a name that holds dollars quotes nothing
  'select 1 as a$b$; drop table t; --$b$',
  // a carriage return ends a comment
  'select 1 --\r; drop table t',
  // comments nest, so that this quote opens none
  "select 1 /* /* */ ' */ ; drop table t --'",
  // a letter beyond ASCII makes the E part of a name
  "select \u00e9E'a\\'; drop table t; --'",
  "select a$E'a\\'; drop table t; --'",
  // an escape string that goes on in the next line
  "select E'a'\n'b\\' || ' ; drop table t --'",
  "select 'not finished; drop table t",
  'select /* not finished',
  ';select 1',
])('%j is more than one', (sql) => {
  expect(isOneStatement(sql)).toBe(false)
})
