import { expect, test } from 'vitest'
import { splitScript } from './split-script.ts'

test.each([
  ['nothing', ' \n-- only a comment\n/* another; */ ;', []],
  ['two statements with lines', 'select 1;\n\n-- why\nselect 2', ['1 select 1', '4 select 2']],
  [
    'semicolons in quotes',
    `select ';', e'\\';', ";" ; select 1`,
    [`1 select ';', e'\\';', ";"`, '1 select 1'],
  ],
  [
    'dollar quotes',
    'do $a$ begin; $$ ; $$ end $a$; select 1',
    ['1 do $a$ begin; $$ ; $$ end $a$', '1 select 1'],
  ],
  ['nested comments', '/* a /* ; */ ; */ select 1 /* ; */; select 2', ['1 select 1', '1 select 2']],
  [
    'bodies in standard SQL',
    'create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3',
    [
      '1 create function f() returns int begin atomic select case when true then 1 end; select 2; end',
      '1 select 3',
    ],
  ],
  ['commands of psql', '\\connect app\nselect 1;', ['1 \\connect app', '2 select 1']],
  ['a parameter is no dollar quote', 'select $1; select $2', ['1 select $1', '1 select $2']],
])('splits a script at the ends of statements: %s', (_, text, expected) => {
  expect(splitScript(text).map(({ sql, line }) => `${line} ${sql}`)).toEqual(expected)
})
