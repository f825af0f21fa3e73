// The twin of a table that is divided only on paper, beside the table that really is: the same partitions are read, at much the same cost.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PartitionDesign } from '../../src/model/partition.ts'
import type { PlanNode } from '../../src/model/what-if.ts'
import { costOfPlan, partitionsScanned } from '../../src/plans/partitions-scanned.ts'
import { qualified } from '../../src/sql/quote.ts'
import { type PartitionedFile, partitionedFile } from '../../src/twin/partition/partitioned-file.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { readStatisticsOf, type TestTwin, twinOf } from '../twin/twin-of.ts'

const COLUMNS = `(id bigint not null, "Sent at" timestamptz not null, member integer not null, kind text not null, note text default 'none')`
const INDEXES = [
  'create index parcel_member on parcel (member, "Sent at" desc)',
  'create index parcel_sent on parcel ("Sent at")',
  `create index parcel_open on parcel (member) where kind = 'open'`,
  'create index parcel_kind on parcel (lower(kind))',
]
/** Two years, more of late. */
const ROWS = `insert into parcel select i, timestamptz '2024-01-03 10:00+00' + interval '731 days' * sqrt(i / 200000.0), i * 7919 % 5000,
  case when i % 50 = 0 then 'open' else 'kind ' || i % 6 end, 'note ' || i from generate_series(1, 200000) i`

/** Two more of the same rows: one is divided by a date of which many rows have each value, one by a number. */
const LEDGERS = ['by_day', 'by_id'] as const
const ledgerColumns = `(id bigint not null, day date not null, account integer not null, amount numeric)`
const ledgerRows = (name: string) =>
  `insert into ${name} select i, date '2024-03-01' + i / 300, i % 40, i % 1000 from generate_series(1, 100000) i`
const ledgerExtras = (name: string) => [
  `create index ${name}_account on ${name} (account)`,
  `create index ${name}_id on ${name} (id)`,
  `create statistics ${name}_known (ndistinct) on account, day from ${name}`,
]

let [whole, divided]: TestDatabase[] = []
let made: PartitionedFile
let twin: TestTwin

const DESIGN: PartitionDesign = {
  table: { schema: 'public', name: 'parcel' },
  key: { column: 'Sent at', type: 'timestamp with time zone' },
  step: { by: 'time', every: 'month' },
  keepMonths: null,
}

const BY_DAY: PartitionDesign = {
  table: { schema: 'public', name: 'by_day' },
  key: { column: 'day', type: 'date' },
  step: { by: 'time', every: 'quarter' },
  keepMonths: null,
}
const BY_ID: PartitionDesign = {
  table: { schema: 'public', name: 'by_id' },
  key: { column: 'id', type: 'bigint' },
  step: { by: 'number', size: 20_000 },
  keepMonths: null,
}
let partitions: PartitionedFile['partitions'] = []

beforeAll(async () => {
  ;[whole, divided] = await Promise.all([createDatabase(), createDatabase()])
  await whole!.run(
    `create table parcel ${COLUMNS.replace('member', 'gone integer, member')} with (fillfactor = '95', autovacuum_enabled = 'false')`,
    'alter table parcel drop column gone, add constraint sane check (member >= 0)',
    ROWS,
    'alter table parcel add primary key (id)',
    ...INDEXES,
    'create table complaint (id bigint primary key, parcel bigint references parcel (id))',
    ...LEDGERS.flatMap((name) => [
      `create table ${name} ${ledgerColumns}`,
      ledgerRows(name),
      ...ledgerExtras(name),
    ]),
    'vacuum analyze',
  )
  made = partitionedFile(await readStatisticsOf(whole!.url), DESIGN)!
  const withDays = partitionedFile(made.file, BY_DAY)!
  const withIds = partitionedFile(withDays.file, BY_ID)!
  partitions = [...made.partitions, ...withDays.partitions, ...withIds.partitions]
  made = { ...made, file: withIds.file }
  await divided!.run(
    `create table parcel ${COLUMNS} partition by range ("Sent at")`,
    ...made.partitions.map(
      ({ name, boundSql }) =>
        `create table ${qualified('public', name)} partition of parcel ${boundSql} with (fillfactor = '95', autovacuum_enabled = 'false')`,
    ),
    ROWS,
    'alter table parcel add primary key (id, "Sent at")',
    ...INDEXES,
    'create table complaint (id bigint primary key, parcel bigint)',
    ...[BY_DAY, BY_ID].flatMap(({ table: { name }, key }) => [
      `create table ${name} ${ledgerColumns} partition by range (${key.column})`,
      ...(key === BY_DAY.key ? withDays : withIds).partitions.map(
        (each) => `create table ${each.name} partition of ${name} ${each.boundSql}`,
      ),
      ledgerRows(name),
      ...ledgerExtras(name),
    ]),
    'vacuum analyze',
  )
  twin = await twinOf(made.file, 'pglite')
}, 120_000)
afterAll(async () => {
  await twin?.drop()
  await Promise.all([whole?.drop(), divided?.drop()])
})

test('the twin lacks nothing, and each partition holds the rows that it really would', async () => {
  expect(twin.leftOut).toEqual([])
  const real = await divided!.query<{ name: string; rows: number; pages: number }>(
    `select relname as name, reltuples::float8 as rows, relpages::int as pages from pg_class where relispartition and relkind = 'r' and relname like 'parcel%' order by 1`,
  )
  expect(real).toHaveLength(25 + 3 + 1)
  for (const { name, rows, pages } of real) {
    const own = made.file.tables.find((table) => table.name === name)!
    // half a bucket of the histogram on either side, and what the sample errs
    expect(Math.abs(own.rows - rows)).toBeLessThan(1000 + rows * 0.1)
    expect(Math.abs(own.blocks - pages)).toBeLessThan(10 + pages * 0.1)
  }
})

const STATEMENTS: Readonly<Record<string, readonly [sql: string, partitions: number]>> = {
  'a day': [`select * from parcel where "Sent at" >= '2025-06-10' and "Sent at" < '2025-06-11'`, 1],
  'a quarter, counted': [
    `select count(*) from parcel where "Sent at" between '2025-04-01 00:00+00' and '2025-06-30 23:59+00'`,
    3,
  ],
  'since last winter, with the partitions ahead': [
    `select kind, count(*) from parcel where "Sent at" > '2025-12-05' group by kind`,
    6,
  ],
  'since last winter, by the clock': [
    `select kind, count(*) from parcel where "Sent at" > now() - (now() - timestamptz '2025-12-05') group by kind`,
    6,
  ],
  'one member, lately': [
    `select * from parcel where member = 77 and "Sent at" > '2025-11-20' order by "Sent at" desc limit 20`,
    7,
  ],
  'one member, whenever': ['select * from parcel where member = 77', 29],
  'by id': ['select * from parcel where id = 177000', 29],
  'by id and time': [`select * from parcel where id = 177000 and "Sent at" = '2025-11-29 10:00+00'`, 1],
  'what is open': [`select * from parcel where kind = 'open' and member = 50`, 29],
  'the newest': ['select * from parcel order by "Sent at" desc limit 10', 29],
  'old rows deleted': [`delete from parcel where "Sent at" < '2024-03-01'`, 3],
  'a change': [`update parcel set note = '' where "Sent at" = '2025-06-10 10:00+00' and member = 5`, 1],
  'a join': ['select * from complaint c join parcel p on p.id = c.parcel where c.id = 5', 29],
  'by date, two quarters': [
    `select sum(amount) from by_day where day >= '2024-05-01' and day < '2024-08-01'`,
    2,
  ],
  'by date, one day': [`select * from by_day where day = '2024-06-07'`, 1],
  'by date, an account': ['select * from by_day where account = 7', 9],
  'by number, a page': ['select * from by_id where id > 55000 order by id limit 20', 8],
  'by number, one': ['select * from by_id where id = 55000', 1],
  'by number, groups': ['select account, day, count(*) from by_id group by account, day', 10],
  'before all of it': [`select * from parcel where "Sent at" < '2023-06-01' and "Sent at" > '2023-05-01'`, 1],
}

test.each(Object.entries(STATEMENTS))(
  '%s: the same partitions, at much the same cost',
  async (_, [sql, count]) => {
    const names = new Set(partitions.map(({ name }) => name))
    const [row] = await divided!.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
      `explain (format json) ${sql}`,
    )
    const real = row!['QUERY PLAN'][0]!.Plan
    const planned = await twin.planner.explain(sql)
    if ('error' in planned) throw new Error(planned.error.message)
    const scanned = [...partitionsScanned(real, names)].sort()
    expect([...partitionsScanned(planned.plan, names)].sort()).toEqual(scanned)
    expect(scanned).toHaveLength(count)
    // an empty partition costs nothing; the oldest rows are less than a bucket of the histogram, which tells their number by a third
    const ratio = (costOfPlan(planned.plan) + 1) / (costOfPlan(real) + 1)
    expect(ratio).toBeGreaterThan(0.7)
    expect(ratio).toBeLessThan(1.4)
  },
)
