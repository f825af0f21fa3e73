// Tables that are written straight into a twin's catalogs plan as those that DDL makes, on every host.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AskedStatement, measureAgreement, planningTarget } from '../../src/twin/agreement.ts'
import { plainTables } from '../../src/twin/schema/plain-tables.ts'
import type { StatisticsFile } from '../../src/twin/statistics/statistics-file.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { readStatisticsOf, type TestTwin, twinOf, withSession } from './twin-of.ts'

const SHOPS = ['north', 'south', 'East Side', 'größe', 'values'] as const
const name = (shop: string) => `"${shop}"`

const schemaOf = (shop: string): readonly string[] => {
  const of = name(shop)
  return [
    `create schema ${of}`,
    `create type ${of}.state as enum ('new', 'paid', 'gone')`,
    `create domain ${of}.mail as text check (value ~ '@')`,
    `create table ${of}.customer (id bigint generated always as identity primary key, mail ${of}.mail not null unique,
       code varchar(12) collate "C", tags text[] not null default '{}', attrs jsonb default '{"a": 1}'::jsonb,
       at timestamptz not null default now(), "Odd, name" char(3) default 'x,)')`,
    `create table ${of}.orders (id bigserial primary key, customer bigint not null references ${of}.customer on delete cascade,
       small integer, state ${of}.state not null default 'new', total numeric(12,2) not null, note text,
       constraint once unique (customer, id) include (total))`,
    `create table ${of}.line (orders bigint, customer bigint, "time" smallint, at date, price float8,
       primary key (orders, "time"), foreign key (customer, orders) references ${of}.orders (customer, id),
       foreign key ("time") references ${of}.customer)`,
    `create table ${of}.folder (id integer primary key, parent integer references ${of}.folder, path name, size interval, shape box)`,
    `create index on ${of}.customer (code varchar_pattern_ops)`,
    `create index on ${of}.customer (code desc nulls last, at desc)`,
    `create index on ${of}.customer ("Odd, name" nulls first) include (code)`,
    // which pages of a pending list are free again depends on what other databases of the server do meanwhile
    `create index on ${of}.customer using gin (tags) with (fastupdate = off)`,
    `create index on ${of}.customer (lower(mail))`,
    `create index on ${of}.orders (state, total) where state = 'new'`,
    `create unique index on ${of}.orders (small) nulls not distinct where small > 0`,
    `create index on ${of}.orders (note collate "C")`,
    `create index on ${of}.folder (path)`,
    `create index on ${of}.folder (parent) with (fillfactor = 70)`,
    `insert into ${of}.customer (mail, code, tags, "Odd, name")
       select i || '@x', md5(i::text)::varchar(12), array['t' || i % 7], i % 9 from generate_series(1, 4000) i`,
    `insert into ${of}.orders (customer, small, state, total, note)
       select 1 + i % 4000, i, (array['new', 'paid', 'gone'])[1 + i % 3]::${of}.state, i % 99, 'n' || i from generate_series(1, 9000) i`,
    `insert into ${of}.line select id, customer, 1 + small % 30, date '2026-01-01' + small % 200, total from ${of}.orders`,
    `insert into ${of}.folder select i, nullif(i / 10, 0), 'p' || i, i * interval '1 hour', box(point(i, i), point(0, 0)) from generate_series(1, 3000) i`,
  ]
}

const statementsOf = (shop: string): readonly string[] => {
  const of = name(shop)
  return [
    `select * from ${of}.customer where id = 7`,
    `select c from ${of}.customer c where code like 'ab%'`,
    `select row_to_json(c), array_agg(c) from ${of}.customer c group by c`,
    `select * from ${of}.customer order by code desc nulls last, at desc limit 5`,
    `select code from ${of}.customer where "Odd, name" = '3'`,
    `select * from ${of}.customer where tags @> array['t3']`,
    `select * from ${of}.customer where lower(mail) = '7@x'`,
    `select o.*, c.mail from ${of}.orders o join ${of}.customer c on c.id = o.customer where o.total > 90`,
    `select c.*, sum(o.total) from ${of}.orders o join ${of}.customer c on c.id = o.customer group by c.id`,
    `select * from ${of}.line l join ${of}.orders o on o.id = l.orders and o.customer = l.customer join ${of}.customer c on c.id = o.customer`,
    `select * from ${of}.orders where state = 'new' and total = 5`,
    `select * from ${of}.orders where small = 5`,
    `select total from ${of}.orders where customer = 5 and id > 100`,
    `select count(*) from ${of}.line l join ${of}.customer c on c.id = l."time"`,
    `with recursive up as (select * from ${of}.folder where id = 77 union all select f.* from ${of}.folder f join up on f.id = up.parent) select * from up`,
    `select * from ${of}.folder where path = 'p5' or parent = 7`,
    `select * from ${of}.folder where ctid = '(0,1)'`,
    `select tableoid, * from ${of}.folder where id > 2900 order by id`,
    `insert into ${of}.customer (mail) values ('a@b')`,
    `insert into ${of}.orders (customer, total) values (1, 2) on conflict on constraint once do nothing`,
    `insert into ${of}.line select 1, 2, 3 on conflict (orders, "time") do update set price = 1`,
    `update ${of}.orders set total = 1 where id = 5`,
    `delete from ${of}.customer where mail = '5@x'`,
    `select max(id), min(at) from ${of}.customer`,
    `select nextval('${of}.orders_id_seq'), last_value from ${of}.orders_id_seq`,
  ]
}

const STATEMENTS: readonly AskedStatement[] = SHOPS.flatMap(statementsOf).map((sql) => ({
  id: sql,
  sql,
  parameters: { kind: 'none' },
}))

let database: TestDatabase
let statistics: StatisticsFile

beforeAll(async () => {
  database = await createDatabase()
  await database.run(...SHOPS.flatMap(schemaOf), 'vacuum analyze')
  statistics = await readStatisticsOf(database.url)
})
afterAll(() => database?.drop())

test('the tables of the suite are plain ones, and the odd indexes are not', () => {
  const plain = plainTables(statistics)
  expect(plain).toHaveLength(statistics.tables.length)
  const indexes = plain.flatMap((table) => table.indexes)
  const odd = statistics.tables.flatMap((table) => table.indexes).length - indexes.length
  expect(odd).toBe(6 * SHOPS.length)
})

describe.each(['pglite', 'native'] as const)('on %s', (host) => {
  let twin: TestTwin
  beforeAll(async () => {
    twin = await twinOf(statistics, host)
  })
  afterAll(() => twin?.drop())

  test('nothing is left out, and the tables were written, not made one by one', async () => {
    expect(twin.leftOut).toEqual([])
    const { rows } = await twin.host.ask(
      `select count(*) from pg_catalog.pg_class where oid >= 1500000000 and relkind = 'r'`,
    )
    expect(Number(rows[0]![0])).toBe(statistics.tables.length)
    const sequences = await twin.host.ask(
      `select count(*) from pg_catalog.pg_class where oid between 1400000000 and 1499999999 and relkind = 'S'`,
    )
    expect(Number(sequences.rows[0]![0])).toBe(SHOPS.length)
  })

  test('every statement has the same plan at the same cost', async () => {
    const measured = await withSession(database.url, async (session) =>
      measureAgreement(await planningTarget(session), twin.planner, STATEMENTS),
    )
    expect(measured.failures).toEqual([])
    expect(measured.disagreements).toEqual([])
    expect(measured.sameCost).toBe(STATEMENTS.length)
  })

  test('keys, columns and indexes read as on the target', async () => {
    const definitions = `
      select c.oid::regclass::text || ' ' || concat(pg_get_indexdef(x.indexrelid), x.indisunique, x.indisprimary) as text
        from pg_index x join pg_class c on c.oid = x.indrelid where c.relnamespace::regnamespace::text !~ '^pg_|^pgsteward|^information_schema'
      union all
      select conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) from pg_constraint
       where contype in ('p', 'u', 'f') and connamespace::regnamespace::text !~ '^pg_|^pgsteward'
      union all
      select concat_ws(' ', a.attrelid::regclass, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                       pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attcollation::regcollation)
        from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where c.relkind in ('r', 'i') and c.relnamespace::regnamespace::text !~ '^pg_|^pgsteward|^information_schema'
       order by 1`
    await database.run(`set search_path = ''`)
    const expected = await database.query<{ text: string }>(definitions)
    const { rows, error } = await twin.host.ask(definitions)
    expect(error).toBeNull()
    // what DDL made is not validated
    expect(rows.map(([text]) => text!.replace(' NOT VALID', ''))).toEqual(expected.map(({ text }) => text))
  })
})
