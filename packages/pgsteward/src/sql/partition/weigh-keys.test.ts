import { expect, test } from 'vitest'
import { loadParser } from '../parse/parse-statements.ts'
import { shapeOf } from '../parse/shape-of.ts'
import { tableFinder } from '../parse/table-names.ts'
import { isDeleteByAge, keyUseOf } from './key-use.ts'
import { type KeyColumn, weighKeys } from './weigh-keys.ts'

const parse = await loadParser()
const TABLE = { schema: 'public', name: 'parcel' }
const find = tableFinder(
  ['parcel', 'member'].map((name) => ({
    schema: 'public',
    name,
    columns: ['id', 'sent_at', 'due_at', 'member'].map((each) => ({ name: each, type: 'bigint' })),
    viewSql: null,
  })),
  ['public'],
)
const read = (sql: string) => {
  const shape = shapeOf(sql, parse, find)
  if ('problem' in shape) throw new Error(shape.problem)
  return shape
}

test.each([
  ['select * from parcel where sent_at > $1', 'bounded'],
  ['select * from parcel where sent_at between $1 and $2 and member = $3', 'bounded'],
  [`select * from parcel where sent_at > now() - interval '1 day' order by id`, 'bounded'],
  ['select * from parcel where (sent_at, id) < ($1, $2) order by sent_at desc, id desc limit 20', 'bounded'],
  ['select * from parcel where sent_at < $1 or sent_at > $2', 'bounded'],
  ['select * from parcel where sent_at = $1 and id = $2', 'point'],
  ['select * from parcel where id = $1', 'elsewhere'],
  ['select * from member m join parcel p on p.member = m.id', 'elsewhere'],
  ['select * from parcel where sent_at < $1 or id = $2', 'whole'],
  ['select * from parcel where date(sent_at) = $1', 'elsewhere'],
  ['select * from parcel order by sent_at desc limit 10', 'whole'],
  ['select count(*) from parcel', 'whole'],
  [
    'select * from parcel p where sent_at > $1 and exists (select from parcel q where q.id = $2)',
    'elsewhere',
  ],
  ['update parcel set member = 1 where id = $1', 'elsewhere'],
  ['select * from member where id = $1', null],
  ['insert into parcel (id) values ($1)', null],
] as const)('%s: %s', (sql, use) => {
  expect(keyUseOf(read(sql), TABLE, 'sent_at')).toBe(use)
})

test.each([
  [`delete from parcel where sent_at < now() - interval '90 days'`, true],
  ['delete from parcel where sent_at < $1', true],
  ['delete from parcel where id in (select id from parcel where sent_at < $1 limit 1000)', true],
  ['delete from parcel where sent_at < $1 and member = $2', false],
  ['delete from parcel where sent_at > $1', false],
  ['delete from parcel where id = $1', false],
  ['delete from parcel', false],
  ['delete from member where id in (select member from parcel where sent_at < $1)', false],
  ['select * from parcel where sent_at < $1', false],
])('%s is a delete by age: %s', (sql, isOne) => {
  expect(isDeleteByAge(read(sql), TABLE, 'sent_at')).toBe(isOne)
})

const column = (name: string, over: Partial<KeyColumn> = {}): KeyColumn => ({
  name,
  type: 'timestamp with time zone',
  isNotNull: true,
  isGenerated: false,
  nullShare: 0,
  correlation: 1,
  distinct: -1,
  buckets: [0, 1],
  ...over,
})
const weighed = (columns: readonly KeyColumn[], statements: Readonly<Record<string, number>>) =>
  weighKeys({
    table: TABLE,
    columns,
    statements: Object.entries(statements).map(([sql, shareOfTime]) => ({
      ...read(sql),
      id: sql,
      shareOfTime,
    })),
  })
const names = (...given: Parameters<typeof weighed>) => weighed(...given).map((each) => each.column.name)

test('the column that bounds most and is passed by least comes first', () => {
  const columns = [column('due_at'), column('sent_at'), column('id', { type: 'bigint' })]
  expect(
    names(columns, {
      'select * from parcel where sent_at > $1': 0.6,
      'select * from parcel where due_at > $1': 0.3,
      'select * from parcel where id = $1': 0.1,
    }),
  ).toEqual(['sent_at', 'due_at', 'id'])
})

test('what is deleted by age decides between columns that are asked alike', () => {
  const columns = [column('due_at'), column('sent_at')]
  const [best] = weighed(columns, {
    'select * from parcel where due_at > $1': 0.3,
    'select * from parcel where sent_at > $1': 0.2,
    'delete from parcel where sent_at < $1': 0.01,
  })
  expect(best).toMatchObject({
    column: { name: 'sent_at' },
    deletes: ['delete from parcel where sent_at < $1'],
  })
})

test.each([
  ['an integer that does not grow with the table', { type: 'integer', correlation: 0.3 }],
  ['one of few values', { type: 'integer', distinct: 50 }],
])('%s is no candidate', (_, over) => {
  expect(names([column('member', over)], {})).toEqual([])
})

test.each([
  ['nulls', { nullShare: 0.2 }, /20 % of its values are null/],
  ['a generated column', { isGenerated: true }, /generated/],
  ['values that are not known', { buckets: [] }, /never analyzed/],
])('%s can be no key, and come last with the reason', (_, over, because) => {
  const [first, second] = weighed([column('due_at', over), column('sent_at')], {
    'select * from parcel where due_at > $1': 1,
  })
  expect(first).toMatchObject({ column: { name: 'sent_at' }, refusedBecause: null })
  expect(second!.refusedBecause).toMatch(because)
})
