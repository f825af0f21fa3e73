import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser, type Parser } from './parse-statements.ts'
import type { QueryShape, TableUse } from './query-shape.ts'
import { shapeOf } from './shape-of.ts'
import { type KnownTable, tableFinder } from './table-names.ts'

const table = (
  schema: string,
  name: string,
  columns: Readonly<Record<string, string>>,
  viewSql: string | null = null,
): KnownTable => ({
  schema,
  name,
  columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
  viewSql,
})
const TABLES = [
  table('public', 'parcel', {
    id: 'bigint',
    depot_id: 'bigint',
    state: 'text',
    weight: 'integer',
    sent_at: 'timestamp with time zone',
    label: 'text',
    tags: 'text[]',
    doc: 'jsonb',
    lost: 'boolean',
  }),
  table('public', 'depot', { id: 'bigint', name: 'text', city: 'text' }),
  table('archive', 'Parcel Nö', { id: 'bigint', 'Zu stand': 'text' }),
  table(
    'public',
    'heavy_parcel',
    { id: 'bigint', depot: 'bigint' },
    'select p.id, p.depot_id as depot from parcel p where p.weight > 20',
  ),
]
const find = tableFinder(TABLES, ['public'])
let parse: Parser
beforeAll(async () => {
  parse = await loadParser()
})

function shape(sql: string): QueryShape {
  const read = shapeOf(sql, parse, find)
  if ('problem' in read) throw new Error(read.problem)
  return read
}
const usesOf = (sql: string) => shape(sql).blocks.flatMap(({ uses }) => uses)
const useOf = (sql: string, name = 'parcel') => usesOf(sql).find((use) => use.table.name === name)!
const conditions = (use: TableUse) =>
  use.conditions.map(({ on, operator, operand }) => `${on.sql} ${operator} ${operand.kind}`)

describe('conditions (A1)', () => {
  test.each([
    ['weight = 3', 'weight equal constant'],
    ['weight = $1', 'weight equal parameter'],
    ['$1 = weight', 'weight equal parameter'],
    ['weight in (1, 2)', 'weight in constant'],
    ["state in ('NEW')", 'state equal constant'],
    ['weight = any ($1)', 'weight in parameter'],
    ['weight between $1 and $2', 'weight range parameter'],
    ["sent_at > now() - interval '1 day'", 'sent_at range computed'],
    ["label like 'ab%'", 'label like constant'],
    ["label ilike '%ab%'", 'label ilike constant'],
    ["label ~ 'x+'", 'label regex constant'],
    ['doc @> $1', 'doc contains parameter'],
    ["doc ? 'k'", 'doc has-key constant'],
    ["doc ->> 'k' = $1", "doc ->> 'k' equal parameter"],
    ['tags && $1', 'tags overlaps parameter'],
    ['lower(label) = $1', 'lower(label) equal parameter'],
    ['sent_at::date = $1', '(sent_at)::date equal parameter'],
    ['sent_at is null', 'sent_at is-null none'],
    ['lost', 'lost is-true none'],
    ['not lost', 'lost is-false none'],
    ['weight <> 3', 'weight not-equal constant'],
    ['(sent_at, id) < ($1, $2)', 'sent_at range parameter'],
  ])('%s', (sql, expected) => {
    expect(conditions(useOf(`select id from parcel where ${sql}`))).toEqual([expected])
  })

  test.each(['weight = id', 'weight + $1 = 3', 'random() < 0.5', 'sum(weight) > 3'])(
    '%s asks for no key',
    (sql) => {
      expect(useOf(`select id from parcel where ${sql}`).conditions).toEqual([])
    },
  )

  test('a row comparison keeps the keys behind its first', () => {
    const [condition] = useOf('select 1 from parcel where (sent_at, id) < ($1, $2)').conditions
    expect(condition!.rowKeys.map(({ sql }) => sql)).toEqual(['id'])
    expect(condition!.bound).toBe('upper')
  })

  test('an OR over one table is kept as alternatives', () => {
    const { alternatives, conditions: all } = useOf('select 1 from parcel where weight = 1 or state = $1')
    expect(all).toEqual([])
    expect(alternatives.map((arms) => arms.map(({ on }) => on.sql))).toEqual([['weight', 'state']])
  })

  test('constants become SQL over bare columns, parameters do not', () => {
    const use = useOf("select 1 from parcel p where p.state = 'NEW' and p.weight = $1 and p.sent_at is null")
    expect(use.conditions.map(({ sql }) => sql)).toEqual(["state = 'NEW'", null, 'sent_at is null'])
  })
})

describe('names', () => {
  test('aliases stand for their tables, not for tables whose name they resemble', () => {
    const [parcel, depot] = usesOf(
      'select d.weight from parcel d join depot parcel on parcel.id = d.depot_id',
    )
    expect([parcel!.table.name, depot!.table.name]).toEqual(['parcel', 'depot'])
    expect(parcel!.columns).toEqual(['depot_id', 'weight'])
  })

  test('quoted, non-ASCII and schema-qualified names are found and quoted', () => {
    const use = useOf('select id from archive."Parcel Nö" x where x."Zu stand" = \'a\'', 'Parcel Nö')
    expect(use.conditions.map(({ sql }) => sql)).toEqual(['"Zu stand" = \'a\''])
  })

  test('a table that is not there is named', () => {
    expect(shape('select * from nowhere.at_all').unknownTables).toEqual(['nowhere.at_all'])
  })

  test('views, sub-selects and CTEs are seen through to their tables', () => {
    expect(conditions(useOf('select id from heavy_parcel v where v.depot = $1'))).toEqual([
      'weight range constant',
      'depot_id equal parameter',
    ])
    expect(
      conditions(useOf('with w as (select depot_id as d from parcel) select * from w where d = 3')),
    ).toEqual(['depot_id equal constant'])
    expect(conditions(useOf('select * from (select depot_id from parcel) s (d) where s.d = 3'))).toEqual([
      'depot_id equal constant',
    ])
  })

  test('a correlated sub-select joins both sides', () => {
    const sql = 'select * from depot d where exists (select * from parcel p where p.depot_id = d.id)'
    expect(conditions(useOf(sql))).toEqual(['depot_id equal join'])
    expect(conditions(useOf(sql, 'depot'))).toEqual(['id equal join'])
    expect(useOf(sql).readsWholeRow).toBe(false)
  })

  test('an outer join can be entered from its preserved side alone', () => {
    const sql = 'select 1 from depot d left join parcel p on p.depot_id = d.id'
    expect(conditions(useOf(sql))).toEqual(['depot_id equal join'])
    expect(conditions(useOf(sql, 'depot'))).toEqual([])
  })
})

describe('order, grouping and output', () => {
  test('keeps direction and nulls, by name, position and alias', () => {
    const { order, isWholeOrder } = useOf(
      'select id, sent_at as s from parcel order by s desc nulls last, 1 limit 3',
    )
    expect(order.map(({ on, isDescending, areNullsFirst }) => [on.sql, isDescending, areNullsFirst])).toEqual(
      [
        ['sent_at', true, false],
        ['id', false, false],
      ],
    )
    expect(isWholeOrder).toBe(true)
  })

  test('an aggregate gives no order', () => {
    expect(useOf('select depot_id, count(*) c from parcel group by depot_id order by c desc').order).toEqual(
      [],
    )
    expect(
      useOf('select depot_id, sum(weight) from parcel group by 1 order by sum(weight)').group.map(
        ({ sql }) => sql,
      ),
    ).toEqual(['depot_id'])
  })

  test('knows whole rows, locks and extremes', () => {
    expect(useOf('select * from parcel').readsWholeRow).toBe(true)
    expect(useOf('select count(*) from parcel').readsWholeRow).toBe(false)
    expect(useOf('select id from parcel for update skip locked').visitsRows).toBe(true)
    expect(useOf('select max(sent_at) from parcel').extremes.map(({ sql }) => sql)).toEqual(['sent_at'])
  })
})

describe('writes', () => {
  test.each([
    ['insert into parcel (id) values (1), (2)', [['insert', [], 2]]],
    ['insert into parcel (id) select g from generate_series(1, 9) g', [['insert', [], 1]]],
    ['insert into parcel (id) select id from depot', [['insert', [], null]]],
    [
      'insert into parcel (id) values (1) on conflict (id) do update set weight = 3',
      [
        ['insert', [], 1],
        ['update', ['weight'], 1],
      ],
    ],
    ['update parcel set state = $1, weight = 2 where id = 3', [['update', ['state', 'weight'], null]]],
    ['delete from parcel where id = 3', [['delete', [], null]]],
    ['with gone as (delete from parcel where lost returning id) select * from gone', [['delete', [], null]]],
  ])('%s', (sql, expected) => {
    expect(shape(sql).writes.map(({ kind, columns, rows }) => [kind, columns, rows])).toEqual(expected)
  })
})

describe('texts that are no SQL', () => {
  test.each(['', 'select id from parcel where', "select 'unfinished", 'selec 1'])(
    'names the problem of %j',
    (sql) => {
      expect(shapeOf(sql, parse, find)).toMatchObject({ problem: expect.any(String) })
    },
  )

  test('what pg_stat_statements makes of typed literals parses again', () => {
    const use = useOf('select 1 from parcel where sent_at > now() - interval $1 and sent_at < timestamptz $2')
    expect(use.conditions).toHaveLength(2)
  })
})
