import { beforeAll, expect, test } from 'vitest'
import { column, surroundingsOf, tableOf } from '../../test/advise/surroundings.ts'
import { loadParser, type Parser } from '../sql/parse/parse-statements.ts'
import { shapeOf } from '../sql/parse/shape-of.ts'
import { tableFinder } from '../sql/parse/table-names.ts'
import { habitsOf } from './habits.ts'

const { tables } = surroundingsOf([
  tableOf('parcel', [column('id', 'bigint'), column('depot_id', 'bigint'), column('deleted_at', 'date')]),
])
let parse: Parser
beforeAll(async () => {
  parse = await loadParser()
})

const habits = (...statements: readonly string[]) =>
  habitsOf(
    statements.map((sql) => {
      const shape = shapeOf(sql, parse, tableFinder(tables, ['public']))
      if ('problem' in shape) throw new Error(shape.problem)
      return { uses: shape.blocks.flatMap(({ uses }) => uses), callsPerMinute: 10 }
    }),
  )

const LIVE = 'select 1 from parcel where depot_id = $1 and deleted_at is null'
const ANY = 'select 1 from parcel where id = $1'

test('a condition of three statements is a convention, of two it is not, nor one that a third goes without', () => {
  const conventions = (...statements: readonly string[]) => [
    ...(habits(...statements).conventions.get('public.parcel') ?? []),
  ]
  expect(conventions(LIVE, LIVE, LIVE)).toEqual(['deleted_at is null'])
  expect(conventions(LIVE, LIVE)).toEqual([])
  expect(conventions(LIVE, LIVE, LIVE, LIVE, ANY, ANY)).toEqual(['deleted_at is null'])
  expect(conventions(LIVE, LIVE, LIVE, ANY, ANY)).toEqual([])
})

test('a key is shared by the calls of all that ask for it by equality', () => {
  const { sharing } = habits(LIVE, LIVE, ANY)
  expect([...sharing]).toEqual([
    ['public.parcel\0depot_id', 20],
    ['public.parcel\0id', 10],
  ])
})
