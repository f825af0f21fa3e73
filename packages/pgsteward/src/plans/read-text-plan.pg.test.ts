// The text format read back says what the JSON format says, on real servers.

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer } from '../../test/postgres/database.ts'
import type { LocalServer } from '../postgres/local-server.ts'
import { readTextPlan } from './read-text-plan.ts'

const SETUP = [
  'create schema "My Shop"',
  'create table "My Shop"."Big Orders" (id int primary key, customer int, state text, at timestamptz)',
  'create table customer (id int primary key, name text)',
  `insert into "My Shop"."Big Orders" select i, i % 100, (array['open','paid'])[1 + i % 2], now() - i * interval '1 s' from generate_series(1, 20000) i`,
  `insert into customer select i, 'c' || i from generate_series(1, 100) i`,
  'create index "Orders by time" on "My Shop"."Big Orders" (at)',
  'create index orders_customer on "My Shop"."Big Orders" (customer)',
  'create table part (id int, at date) partition by range (at)',
  `create table part_1 partition of part for values from ('2026-01-01') to ('2026-02-01')`,
  `create table part_2 partition of part for values from ('2026-02-01') to ('2026-03-01')`,
  `insert into part select i, '2026-01-01'::date + i % 50 from generate_series(1, 2000) i`,
  'analyze',
]

const STATEMENTS = [
  `select * from "My Shop"."Big Orders" o where state = 'it''s, (odd)' and id > 5`,
  'select * from "My Shop"."Big Orders" where id = 7',
  'select * from "My Shop"."Big Orders" order by at desc limit 5',
  'select at from "My Shop"."Big Orders" order by at limit 5',
  'select * from "My Shop"."Big Orders" where customer = 5 or id < 10',
  'select c.name, count(*), max(o.at) from "My Shop"."Big Orders" o join customer c on c.id = o.customer group by c.name order by 2 desc, 1',
  'select c.name from customer c left join "My Shop"."Big Orders" o on o.customer = c.id and o.id < 50 where o.id is null',
  'select * from customer c where exists (select 1 from "My Shop"."Big Orders" o where o.customer = c.id)',
  'select *, (select max(o.id) from "My Shop"."Big Orders" o where o.customer = c.id) from customer c where c.id < (select avg(id) from customer)',
  'with recent as materialized (select * from "My Shop"."Big Orders" where id < 100) select * from recent r join recent s on r.id = s.customer',
  'with recursive n(i) as (select 1 union all select i + 1 from n where i < 10) select * from n',
  'select id, rank() over (partition by customer order by at) from "My Shop"."Big Orders"',
  'select distinct state from "My Shop"."Big Orders"',
  'select customer, state, count(*) from "My Shop"."Big Orders" group by grouping sets ((customer), (state))',
  'select id from customer except select customer from "My Shop"."Big Orders"',
  'select id from customer union all select customer from "My Shop"."Big Orders" where id < 5',
  'select * from generate_series(1, 10) g(x), (values (1, 2), (3, 4)) v(a, b) where g.x = v.a',
  `select * from part where at >= '2026-01-15' order by at, id`,
  'select * from "My Shop"."Big Orders" order by customer, state limit 50',
  'select * from "My Shop"."Big Orders" order by state, at, id',
  `update "My Shop"."Big Orders" set state = 'paid' where id < 10`,
  `delete from part where at < '2026-01-03'`,
  `insert into customer select 1000 + i, 'x' from generate_series(1, 3) i on conflict (id) do nothing`,
  'select * from customer where false',
  `select * from customer where name = E'two\nlines'`,
]

describe.each([14, 16, 18] as const)('PostgreSQL %i', (major) => {
  let server: LocalServer
  let client: pg.Client
  beforeAll(async () => {
    server = await startTestServer(major)
    client = new pg.Client({ connectionString: server.url() })
    await client.connect()
    for (const statement of SETUP) await client.query(statement)
  })
  afterAll(async () => {
    await client.end()
    await server.stop('immediate')
  })

  const explain = async (options: string, sql: string) => {
    await client.query('begin')
    const { rows } = await client.query<{ 'QUERY PLAN': unknown }>(`explain (${options}) ${sql}`)
    await client.query('rollback')
    return rows.map((row) => row['QUERY PLAN'])
  }
  const both = async (options: string, sql: string) => {
    const text = (await explain(`${options}, format text`, sql)).join('\n')
    const [json] = (await explain(`${options}, format json`, sql)) as [readonly { Plan: unknown }[]]
    return { text, read: readTextPlan(text), told: json[0]!.Plan }
  }

  test.each(STATEMENTS)('reads the plan of %s', async (sql) => {
    for (const options of ['costs on', 'verbose on']) {
      const { text, read, told } = await both(options, sql)
      expect(comparable(read), text).toEqual(comparable(told))
    }
  })

  test.each(STATEMENTS)('reads what happened when it ran: %s', async (sql) => {
    const { text, read, told } = await both('analyze on, buffers on, timing off, summary off', sql)
    expect(measured(read), text).toEqual(measured(told))
  })

  test('reads workers', async () => {
    for (const setting of [
      'parallel_setup_cost = 0',
      'parallel_tuple_cost = 0',
      'min_parallel_table_scan_size = 0',
    ])
      await client.query(`set ${setting}`)
    const sql = 'select state, count(*) from "My Shop"."Big Orders" group by state'
    const { text, read, told } = await both('costs on', sql)
    expect(text).toContain('Parallel')
    expect(comparable(read), text).toEqual(comparable(told))
    const ran = await both('analyze on, verbose on, timing on', sql)
    expect(keysOf(ran.read), ran.text).toEqual(
      expect.arrayContaining(['Workers Planned', 'Workers Launched']),
    )
    await client.query('reset all')
  })
})

/** Of JSON alone: what the text says nowhere; and what is false or 0, which it leaves out. */
const UNTOLD = new Set(['Inner Unique', 'Async Capable', 'Single Copy', 'Target Tables', 'Grouping Sets'])
/** Differs from run to run. */
const UNSTEADY = /Time$|Blocks$|Memory|Sort Space|Batches|Buckets|Disk Usage|Storage|Workers$/

function comparable(value: unknown, leftOut: (field: string) => boolean = () => false): unknown {
  if (Array.isArray(value)) return value.map((each) => comparable(each, leftOut))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([field, of]) => !UNTOLD.has(field) && !leftOut(field) && of !== false && of !== 0)
      .map(([field, of]) => [field, comparable(of, leftOut)]),
  )
}

const measured = (plan: unknown): unknown => comparable(plan, (field) => UNSTEADY.test(field))

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([field, of]) => [field, ...keysOf(of)])
}
