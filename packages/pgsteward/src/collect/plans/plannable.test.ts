import { describe, expect, test } from 'vitest'
import { loadParser } from '../../sql/parse/parse-statements.ts'
import { plannable } from './plannable.ts'

const parse = await loadParser()
const of = (text: string) => plannable(text, parse)

test('takes one plain statement, mended where pg_stat_statements left a hole', () => {
  expect(of('select * from shop.orders where at > now() - interval $1;  ')).toEqual({
    sql: 'select * from shop.orders where at > now() - ($1::interval)',
    parameters: 1,
    tables: [{ schema: 'shop', name: 'orders', privilege: 'SELECT' }],
    functions: [{ schema: null, name: 'now' }],
  })
})

describe('names tables with the privilege that planning needs', () => {
  const needs = (text: string) => {
    const found = of(text)
    return 'because' in found
      ? found.because
      : found.tables.map(({ name, privilege }) => `${privilege} ${name}`)
  }
  test.each([
    ['select 1 from a join b using (x) where exists (select from c)', ['SELECT a', 'SELECT b', 'SELECT c']],
    ['with w as (select * from a) select * from w join b on true', ['SELECT b', 'SELECT a']],
    ['insert into a select * from b', ['INSERT a', 'SELECT b']],
    ['update a set x = $1 from b where a.id = b.id', ['UPDATE a', 'SELECT b']],
    ['delete from a where id in (select id from a)', ['DELETE a']],
    ['select * from a where id = $1 for update', ['UPDATE a']],
    ['with gone as (delete from a returning *) select * from gone', ['DELETE a']],
  ])('%s', (text, expected) => {
    expect(needs(text)).toEqual(expected)
  })
})

test.each([
  ['select 1; drop table a', 'more than one'],
  ['select * into b from a', 'makes a table'],
  ['create table b as select * from a', 'no plan'],
  ['vacuum a', 'no plan'],
  ['explain analyze delete from a', 'no plan'],
  ['select * from a where text = (select', 'cut off'],
  ['begin', 'no plan'],
])('refuses %s', (text, because) => {
  expect(of(text)).toEqual({ because: expect.stringContaining(because) })
})
