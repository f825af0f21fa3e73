import { beforeAll, expect, test } from 'vitest'
import { columnUse } from './column-use.ts'
import { loadParser, type Parser } from './parse-statements.ts'

let parse: Parser
beforeAll(async () => {
  parse = await loadParser()
})
const sought = (text: string) => columnUse(text, parse).sought.split('\0').filter(Boolean).sort()

test.each([
  ['select * from parcel where a = $1', ['a']],
  ['select a, b from parcel where a = $1 order by c', ['a', 'c']],
  ['select lower(b) from parcel', ['b']],
  ['select count(*) from parcel group by a', ['a']],
  ['select distinct a from parcel', ['a']],
  ['select a, b from parcel order by 2', ['a', 'b']],
  ['select b as z from parcel order by z', ['b', 'z']],
  ['select x.b from (select a, b from parcel) x', ['a', 'b']],
  ['select p.id from parcel p join depot d using (depot_id)', ['depot_id']],
  ['select a from parcel union select b from parcel', ['a', 'b']],
  ['update parcel set b = 1 where a = $1 returning a, b, c', ['a']],
  ['update parcel set b = c + 1', ['c']],
  ['insert into parcel (a, b) values ($1, $2) on conflict (a) do update set b = excluded.b returning b', []],
  ['delete from parcel using depot d where d.id = parcel.a', ['a', 'id']],
  ['select 1 from depot d where exists (select from parcel p where p.b = d.id)', ['b', 'id']],
  ['copy (select a from parcel where b = 1) to stdout', ['a', 'b']],
  ['declare c cursor for select 1 from parcel where b = 1', ['b']],
  ['create table kept as select a from parcel where b = 1', ['a', 'b']],
  ['create view parcel_list as select a from parcel where b = 1', []],
  ['vacuum parcel', []],
] as const)('%s', (text, names) => {
  expect(sought(text)).toEqual(names)
})

test('what is not SQL, or holds SQL as a text, is taken word by word', () => {
  expect(sought('select from where "Weight Nö" = b !')).toEqual(
    expect.arrayContaining(['Weight Nö', 'b']) as never,
  )
  expect(sought('do $$ begin perform from parcel where b = 1; end $$')).toContain('b')
})

test('names that a text hides are told', () => {
  const hides = (text: string) => columnUse(text, parse).hidesNames
  expect(hides('select 1 from parcel natural join depot')).toBe(true)
  expect(hides('select 1 from parcel as p (x, y) where x = 1')).toBe(true)
  expect(hides('with w (x) as (select b from parcel) select 1 from w where x = 1')).toBe(true)
  expect(hides('select 1 from parcel p where p.a = 1')).toBe(false)
})

test('what is only returned is told apart, with its table', () => {
  const { output } = columnUse('select p.a, p.b from parcel p join depot d on d.id = p.a', parse)
  expect(output?.columns.map(({ of, names }) => [of.map(({ name }) => name), names])).toEqual([
    [['parcel'], 'a\0b'],
  ])
  expect(columnUse('select a, b from parcel order by 2', parse).output).toBeNull()
})
