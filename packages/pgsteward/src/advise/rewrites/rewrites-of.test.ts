import { beforeAll, expect, test } from 'vitest'
import { column, tableOf } from '../../../test/advise/surroundings.ts'
import { loadParser, type Parser } from '../../sql/parse/parse-statements.ts'
import { loadSourceReader, type SourceReader } from '../../sql/parse/source-text.ts'
import type { Surroundings } from '../surroundings.ts'
import { rewritesOf } from './rewrites-of.ts'

const SURROUNDINGS = {
  tables: [
    tableOf('parcel', [
      column('id', 'bigint'),
      column('sent_at', 'timestamp without time zone'),
      column('label', 'text'),
    ]),
    tableOf('sent', [column('id', 'bigint'), column('sent_at', 'timestamp without time zone')], {
      viewSql: 'select 1',
    }),
  ],
  searchPath: ['public'],
} as unknown as Surroundings
let parse: Parser
let read: SourceReader
beforeAll(async () => {
  parse = await loadParser()
  read = await loadSourceReader(parse)
})
const texts = (sql: string) => rewritesOf(sql, SURROUNDINGS, read, parse).map((each) => each.sql)

test('only the condition changes: names, comments, letters beyond ASCII and spelling stay as they were', () => {
  expect(
    texts(
      'SELECT  "id" -- Päckchen\nFROM parcel AS p\n WHERE p.label=\'ß\' AND (DATE(p.sent_at) = $1) LIMIT 5',
    ),
  ).toEqual([
    'SELECT  "id" -- Päckchen\nFROM parcel AS p\n WHERE p.label=\'ß\' AND ((p.sent_at >= $1::date and p.sent_at < $1::date + 1)) LIMIT 5',
  ])
})

test('a condition deep within is found: in a sub-select, a CTE, an UPDATE', () => {
  const day = '(sent_at >= $1::date and sent_at < $1::date + 1)'
  expect(texts('select (select max(id) from parcel where sent_at::date = $1)')).toEqual([
    `select (select max(id) from parcel where ${day})`,
  ])
  expect(texts('with p as (select * from parcel where sent_at::date = $1) select * from p')).toEqual([
    `with p as (select * from parcel where ${day}) select * from p`,
  ])
  expect(texts('update parcel set label = $2 where sent_at::date = $1')).toEqual([
    `update parcel set label = $2 where ${day}`,
  ])
})

test.each([
  ['no SQL', 'select from where'],
  ['two statements', 'select 1 from parcel where date(sent_at) = $1; select 2'],
  ['a table that is not known', 'select 1 from letter where date(sent_at) = $1'],
  ['a view', 'select 1 from sent where date(sent_at) = $1'],
  ['a column that two tables could have', 'select 1 from parcel, letter where date(sent_at) = $1'],
  ['a day that is computed from the row', 'select 1 from parcel where date(sent_at) = date(label)'],
  ['a function of the same name elsewhere', 'select 1 from parcel where mine.date(sent_at) = $1'],
])('leaves alone %s', (_, sql) => {
  expect(texts(sql)).toEqual([])
})
