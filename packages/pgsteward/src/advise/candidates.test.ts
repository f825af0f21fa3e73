import { beforeAll, describe, expect, test } from 'vitest'
import { column, indexOn, surroundingsOf, tableOf } from '../../test/advise/surroundings.ts'
import { loadParser, type Parser } from '../sql/parse/parse-statements.ts'
import { tableFinder } from '../sql/parse/table-names.ts'
import { candidatesFor } from './candidates.ts'
import { NO_HABITS } from './habits.ts'
import { definitionOf } from './index-design.ts'
import { prepareStatement } from './prepare-statement.ts'
import type { Surroundings } from './surroundings.ts'

const STATES = [
  { value: 'DONE', share: 0.9 },
  { value: 'NEW', share: 0.06 },
  { value: 'FAILED', share: 0.04 },
]
const PARCEL = [
  column('id', 'bigint', { distinct: 100_000 }),
  column('depot_id', 'bigint', { distinct: 200 }),
  column('customer_id', 'bigint', { distinct: 20_000 }),
  column('state', 'text', { distinct: 3, mostCommon: STATES, averageWidth: 5 }),
  column('sent_at', 'timestamp with time zone', { distinct: 100_000 }),
  column('label', 'text', { distinct: 90_000, averageWidth: 30 }),
  column('code', 'text', { distinct: 90_000, isByteOrdered: true }),
  column('doc', 'jsonb', { averageWidth: 120 }),
  column('tags', 'text[]'),
  column('words', 'tsvector'),
  column('open_during', 'tstzrange'),
  column('claimed_by', 'bigint', { distinct: 500, nullShare: 0.98 }),
  column('lost', 'boolean', {
    distinct: 2,
    mostCommon: [
      { value: 'f', share: 0.99 },
      { value: 't', share: 0.01 },
    ],
  }),
]
const DEPOT = [column('id', 'bigint', { distinct: 50 }), column('city', 'text')]
const surroundings = surroundingsOf(
  [tableOf('parcel', PARCEL), tableOf('depot', DEPOT, { rows: 50 })],
  [indexOn('parcel', ['id'], { isUnique: true, isConstraint: true })],
)

let parse: Parser
beforeAll(async () => {
  parse = await loadParser()
})

function definitions(
  sql: string,
  variants: readonly (readonly string[])[] = [],
  around: Surroundings = surroundings,
  habits = NO_HABITS,
) {
  const prepared = prepareStatement(
    { id: 'q', sql, callsPerMinute: 1, variants, rowsPerCall: null },
    parse,
    () => null,
    tableFinder(around.tables, around.searchPath),
    around,
  )
  if ('because' in prepared) throw new Error(prepared.because)
  return [
    ...new Set(prepared.sources.flatMap((source) => candidatesFor(source, around, habits).map(definitionOf))),
  ]
}

describe('proposes (A1, A2)', () => {
  test.each([
    [
      'equality before range',
      'select id from parcel where depot_id = $1 and sent_at > $2',
      '(depot_id, sent_at)',
    ],
    [
      'equality before order',
      'select * from parcel where depot_id = $1 order by sent_at desc limit 9',
      '(depot_id, sent_at)',
    ],
    [
      'mixed order as it is',
      'select * from parcel where depot_id = $1 order by sent_at desc, id limit 9',
      '(depot_id, sent_at, id desc)',
    ],
    [
      'nulls as they are asked for',
      'select * from parcel order by sent_at nulls first limit 9',
      '(sent_at nulls first)',
    ],
    ['a join column', 'select d.city from depot d join parcel p on p.depot_id = d.id', '(depot_id)'],
    [
      'own conditions and a join column',
      'select 1 from depot d join parcel p on p.depot_id = d.id where p.customer_id = $1',
      '(customer_id, depot_id)',
    ],
    [
      'grouping',
      'select depot_id, count(*) from parcel where customer_id = $1 group by 1',
      '(customer_id, depot_id)',
    ],
    ['an expression', 'select id from parcel where lower(label) = $1', '(lower(label))'],
    ['a key of a document', "select id from parcel where doc ->> 'ref' = $1", "((doc ->> 'ref'))"],
    [
      'a prefix with its operator class',
      "select id from parcel where label like 'ab%'",
      '(label text_pattern_ops)',
    ],
    ['a prefix in byte order without one', "select id from parcel where code like 'ab%'", '(code)'],
    [
      'a covering index',
      'select state, sent_at from parcel where customer_id = $1',
      '(customer_id) include (sent_at, state)',
    ],
    [
      'a partial index on a rare state',
      "select id from parcel where state = 'FAILED' order by sent_at limit 5",
      "(sent_at) where state = 'FAILED'",
    ],
    [
      'a partial index on a flag',
      'select id from parcel where depot_id = $1 and lost',
      '(depot_id) where lost',
    ],
    [
      'a partial index on what is mostly absent',
      'select id from parcel where claimed_by = $1',
      '(claimed_by) where claimed_by is not null',
    ],
    [
      'trigrams within a text',
      "select id from parcel where label ilike '%abc%'",
      'using gin (label gin_trgm_ops)',
    ],
    ['a document index', `select id from parcel where doc @> '{"a": 1}'`, 'using gin (doc jsonb_path_ops)'],
    ['an array index', "select id from parcel where tags && array['a']", 'using gin (tags)'],
    [
      'an index for words',
      "select id from parcel where words @@ plainto_tsquery('english', $1)",
      'using gin (words)',
    ],
    [
      'an index for ranges',
      'select id from parcel where open_during @> $1::timestamptz',
      'using gist (open_during)',
    ],
    [
      'a page by keyset',
      'select * from parcel where depot_id = $1 and (sent_at, id) < ($2, $3) order by sent_at desc, id desc limit 9',
      '(depot_id, sent_at, id)',
    ],
    ['DISTINCT', 'select distinct depot_id from parcel where customer_id = $1', '(customer_id, depot_id)'],
    [
      'the latest of each',
      'select distinct on (depot_id) depot_id, id from parcel order by depot_id, sent_at desc',
      '(depot_id, sent_at desc)',
    ],
    [
      'the latest of some, the identifier before the state',
      "select distinct on (depot_id) id from parcel where state = 'DONE' and depot_id = any ($1) order by depot_id, sent_at desc",
      '(depot_id, sent_at desc)',
    ],
    [
      'what another statement lacks',
      'select 1 from depot d where not exists (select from parcel p where p.depot_id = d.id)',
      '(depot_id)',
    ],
    [
      'the first of each, by LATERAL',
      'select 1 from depot d cross join lateral (select id from parcel where depot_id = d.id order by sent_at limit 1) p',
      '(depot_id, sent_at)',
    ],
    ['the end of an index', 'select max(sent_at) from parcel where depot_id = 3', '(depot_id, sent_at)'],
    ['each arm of an OR', 'select id from parcel where depot_id = 3 or customer_id = 4', '(customer_id)'],
  ])('%s', (_, sql, expected) => {
    expect(definitions(sql)).toContain(expected)
  })

  test('BRIN, where a large table lies in order', () => {
    const inOrder = PARCEL.map((each) => (each.name === 'sent_at' ? { ...each, correlation: 1 } : each))
    const large = surroundingsOf([tableOf('parcel', inOrder, { rows: 1e8, sizeBytes: 1e10 })])
    const sql = 'select count(*) from parcel where sent_at >= $1 and sent_at < $2'
    expect(definitions(sql, [], large)).toContain('using brin (sent_at)')
    expect(definitions(sql).join()).not.toContain('brin')
  })

  test('a partial index on a parameter that all captured samples agree on', () => {
    const sql = 'select id from parcel where state = $1 and depot_id = $2'
    expect(
      definitions(sql, [
        ["'NEW'", '1'],
        ["'NEW'", '2'],
      ]),
    ).toContain("(depot_id) where state = 'NEW'")
    expect(
      definitions(sql, [
        ["'NEW'", '1'],
        ["'DONE'", '2'],
      ]).join(),
    ).not.toContain('where state')
  })
})

describe('states that leave most rows in', () => {
  const NEW = STATES.map((each) => ({ ...each, share: each.value === 'NEW' ? 0.5 : 0.25 }))
  const half = surroundingsOf([
    tableOf('parcel', [
      ...PARCEL.filter(({ name }) => name !== 'state'),
      column('state', 'text', { distinct: 3, mostCommon: NEW }),
      column('deleted_at', 'timestamp with time zone', { nullShare: 0.9 }),
    ]),
  ])

  test('are a predicate for the first rows of all, whose order may go with the state', () => {
    const sql = "select id from parcel where state = 'NEW' and deleted_at is null order by sent_at limit 5"
    expect(definitions(sql, [], half)).toContain("(sent_at) where state = 'NEW' and deleted_at is null")
    const within =
      "select id from parcel where customer_id = $1 and state = 'NEW' and deleted_at is null order by sent_at limit 5"
    expect(definitions(within, [], half).join()).not.toContain('where')
  })

  test('are a predicate where they are a convention, but for those that nearly all rows have', () => {
    const sql = 'select id from parcel where customer_id = $1 and deleted_at is null'
    const conventions = new Map([['public.parcel', new Set(['deleted_at is null'])]])
    expect(definitions(sql, [], half).join()).not.toContain('where')
    expect(definitions(sql, [], half, { ...NO_HABITS, conventions })).toContain(
      '(customer_id) where deleted_at is null',
    )
    const none = surroundingsOf([
      tableOf('parcel', [...PARCEL, column('deleted_at', 'timestamp with time zone', { nullShare: 0.99 })]),
    ])
    expect(definitions(sql, [], none, { ...NO_HABITS, conventions }).join()).not.toContain('where')
  })
})

describe('leaves alone', () => {
  test.each([
    ['small tables', 'select id from depot where city = $1'],
    ['what the primary key serves', 'select label from parcel where id = $1'],
    ['a handful of values', 'select id from parcel where state = $1'],
    ['the common value of a state', "select id from parcel where state = 'DONE'"],
    ['patterns without three letters', "select id from parcel where label ilike '%a%'"],
  ])('%s', (_, sql) => {
    expect(definitions(sql)).toEqual([])
  })

  test('a prefix of an existing index, in whatever order its equalities stand', () => {
    const have = { ...surroundings, indexes: [indexOn('parcel', ['customer_id', 'depot_id', 'sent_at'])] }
    expect(definitions('select * from parcel where depot_id = $1 and customer_id = $2', [], have)).toEqual([
      '(depot_id)',
    ])
  })

  test('a tenant as a predicate, though each captured sample has one', () => {
    expect(definitions('select id from parcel where depot_id = 4 and customer_id = $1').join()).not.toContain(
      'where depot_id',
    )
  })

  test('wide rows and locked rows as INCLUDE', () => {
    expect(definitions('select * from parcel where customer_id = $1').join()).not.toContain('include')
    expect(definitions('select state from parcel where customer_id = $1 for update').join()).not.toContain(
      'include',
    )
  })
})

describe('which rows of another table are meant', () => {
  test('is no predicate, however few there are; a state is', () => {
    const depots = [column('depot_id', 'bigint', { distinct: 12, mostCommon: [{ value: '7', share: 0.1 }] })]
    const around = surroundingsOf(
      [
        tableOf('parcel', [...PARCEL.filter(({ name }) => name !== 'depot_id'), ...depots]),
        tableOf('depot', DEPOT, { rows: 12 }),
      ],
      [],
      [
        {
          name: 'parcel_depot',
          child: { schema: 'public', table: 'parcel', columns: ['depot_id'] },
          parent: { schema: 'public', table: 'depot', columns: ['id'] },
          onDelete: 'restrict',
          onUpdate: 'restrict',
        },
      ],
    )
    const found = definitions(
      "select 1 from parcel where depot_id = 7 and state = 'FAILED' order by sent_at",
      [],
      around,
    )
    expect(found).toContain("(depot_id, sent_at) where state = 'FAILED'")
    for (const each of found) expect(each).not.toMatch(/where .*depot_id/)
  })

  test('an array written as text is a list of values', () => {
    const found = definitions(`select 1 from parcel where state = any ('{NEW,FAILED}') order by sent_at`)
    expect(found).toContain(`(sent_at) where state = any ('{NEW,FAILED}')`)
  })

  test('an identifier leads, a state follows', () => {
    const found = definitions('select 1 from parcel where state = $1 and depot_id = $2', [["'NEW'", '3']])
    expect(found).toContain('(depot_id, state)')
    expect(found).not.toContain('(state, depot_id)')
  })
})
