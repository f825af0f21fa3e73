import { expect, test } from 'vitest'
import { queryExcerpt, withoutLeadingComments } from './query-excerpt.ts'

const cases: Record<string, readonly [query: string, excerpt: string]> = {
  'string literals': [
    `select * from member where email = 'a@b.org' and note = 'it''s'`,
    `select * from member where email = '?' and note = '?'`,
  ],
  'escape strings': [`select E'it\\'s secret', 1`, `select '?', ?`],
  'dollar-quoted strings': ['do $x$ begin perform 1; end $x$', `do '?'`],
  numbers: ['select 42, 1.5, .5, 1e-3, 1_000 from t1 limit 10', 'select ?, ?, ?, ?, ? from t1 limit ?'],
  'a literal that the end cuts off': [
    `insert into token values ('very-secr`,
    `insert into token values ('?'`,
  ],
  'nothing in quoted identifiers': [`select "2fa"."it's" from "2fa"`, `select "2fa"."it's" from "2fa"`],
  'nothing in parameters': ['select $1, $12', 'select $1, $12'],
  'comments, which are dropped': [`/* user 'x' */ select 1 -- id 7\nfrom t`, 'select ? from t'],
}

test.each(Object.entries(cases))('masks %s', (_, [query, excerpt]) => {
  expect(queryExcerpt(query)).toBe(excerpt)
})

test('is one line of at most 300 characters', () => {
  const excerpt = queryExcerpt(`select\n\n   ${'a_column, '.repeat(100)} b`)
  expect(excerpt).toHaveLength(300)
  expect(excerpt).toMatch(/^select a_column, .* …$/)
})

test('finds the first word behind comments', () => {
  expect(withoutLeadingComments("/* route='/x' */ -- id 7\n  vacuum parcel /* last */")).toBe(
    'vacuum parcel /* last */',
  )
  expect(withoutLeadingComments('select 1')).toBe('select 1')
  expect(withoutLeadingComments('-- nothing else')).toBe('')
})
