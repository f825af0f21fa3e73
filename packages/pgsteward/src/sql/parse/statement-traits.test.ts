import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser, type Parser } from './parse-statements.ts'
import { type StatementTraits, traitsOf } from './statement-traits.ts'

let parse: Parser
beforeAll(async () => {
  parse = await loadParser()
})
const traits = (text: string): StatementTraits => traitsOf(text, parse)!
const wrapped = (condition: string) =>
  traits(`select 1 from parcel p where ${condition}`).wrapped.map(
    ({ sketch, by, name, operator }) => `${by} ${name}: ${sketch} ${operator}`,
  )

describe('columns inside an expression (A4)', () => {
  test.each([
    ['lower(email) = $1', 'function lower: lower(email) ='],
    ['date(sent_at) = $1', 'function date: date(sent_at) ='],
    ['$1 = date_trunc($2, p.sent_at)', 'function date_trunc: date_trunc(…, sent_at) ='],
    ['sent_at::date >= $1', 'cast date: sent_at::date >='],
    ['cast(id as text) = $1', 'cast text: id::text ='],
    ['coalesce(lost, $1) = $2', 'coalesce coalesce: coalesce(lost, …) ='],
    ['weight + $1 > $2', 'arithmetic +: weight + … >'],
    ['lower(email) like $1', 'function lower: lower(email) ~~'],
    ['lower(email) in ($1, $2)', 'function lower: lower(email) ='],
    ['(lower(email) = $1 or id = $2)', 'function lower: lower(email) ='],
  ])('%s', (condition, expected) => {
    expect(wrapped(condition)).toEqual([expected])
  })

  test.each([
    'email = lower($1)',
    'id = $1',
    'width_of(a, b) = $1',
    'email <> $1',
    'not lost',
    'exists (select 1)',
  ])('%s has none', (condition) => {
    expect(wrapped(condition)).toEqual([])
  })

  test('finds them in sub-selects, CTEs, arms of a union and writes', () => {
    const all = (text: string) => traits(text).wrapped.map(({ sketch, on }) => `${on.of[0]?.name}.${sketch}`)
    expect(all('select 1 from a where id in (select a_id from b where upper(x) = $1)')).toEqual([
      'b.upper(x)',
    ])
    expect(all('with w as (select * from b where upper(x) = $1) select * from w')).toEqual(['b.upper(x)'])
    expect(all('select x from a union select y from b where upper(y) = $1')).toEqual(['b.upper(y)'])
    expect(all('update b set x = 1 where upper(y) = $1')).toEqual(['b.upper(y)'])
    expect(all('delete from b where upper(y) = $1')).toEqual(['b.upper(y)'])
  })
})

test('tells the type that the text gives a value', () => {
  const types = (condition: string) =>
    traits(`select 1 from parcel where ${condition}`).compared.map(({ on, type }) => [on.column, type])
  expect(types('id = $1')).toEqual([['id', null]])
  expect(types('id = 3000000000')).toEqual([['id', null]])
  expect(types('id = $1::numeric')).toEqual([['id', 'numeric']])
  expect(types('id = 5.0 and weight in ($1::numeric, $2)')).toEqual([
    ['id', 'numeric'],
    ['weight', 'numeric'],
  ])
  expect(types('id = any ($1::bigint[])')).toEqual([['id', 'int8']])
})

test('tells joins by the tables of both sides', () => {
  const { joined } = traits('select 1 from a join b x on x.a_id = a.id where a.id = $1')
  expect(joined.map((pair) => pair.map(({ of, column }) => `${of[0]?.name}.${column}`))).toEqual([
    ['b.a_id', 'a.id'],
  ])
})

test('tells whole rows, columns by name, limits and aggregates', () => {
  expect(traits('select * from a').output?.wholeRowsOf).toMatchObject([{ name: 'a' }])
  expect(traits('select b.* from a join b on b.id = a.b_id').output?.wholeRowsOf).toMatchObject([
    { name: 'b' },
  ])
  expect(traits('select "public"."a"."id", "public"."a"."note" from "public"."a"').output).toMatchObject({
    wholeRowsOf: [],
    columns: [{ names: 'id\0note' }],
  })
  expect(traits('select depot, count(*) from a group by depot').output).toBeNull()
  expect(traits('select 1 from a limit $1 offset $2')).toMatchObject({ hasLimit: true, hasOffset: true })
})

test('tells counters', () => {
  const counted = (text: string) => traits(text).increments.map(({ column }) => column)
  expect(counted('update a set n = n + $1, m = a.m - 1, x = y + 1 where id = $2')).toEqual(['n', 'm'])
  expect(counted('update a set n = coalesce(n, 0) + 1 where id = $1')).toEqual(['n'])
  expect(counted('update a set n = $1 where id = $2')).toEqual([])
})

test('lists of other lengths leave the fingerprint as it is', () => {
  const [two, three] = [2, 3].map((length) =>
    traits(`select 1 from a where id in (${Array.from({ length }, (_, i) => `$${i + 1}`).join(', ')})`),
  )
  expect(three!.longestList).toBe(3)
  expect(three!.fingerprint).toBe(two!.fingerprint)
})

test('a prepared statement is what it prepares', () => {
  expect(traits('prepare p (int) as select id from a where id = $1')).toMatchObject({
    kind: 'select',
    compared: [{}],
  })
})

test('a text that was cut off has none', () => {
  expect(traitsOf('select * from a where', parse)).toBeNull()
})
