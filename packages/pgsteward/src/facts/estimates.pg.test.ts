// Estimates of fresh sizes against what PostgreSQL really builds.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../test/postgres/database.ts'
import type { StateFact } from '../model/fact.ts'
import { indexEstimates } from './index-estimates.ts'
import { tableEstimates } from './table-estimates.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create table parcel (id int, kind int, a int, b int, gone timestamptz, code text, price numeric, label name, loose text)',
    `insert into parcel
     select i, i % 20, i % 100, i % 100 / 10, case when i % 10 = 0 then now() end, md5(i::text), i % 5000 * 1.25, 'shelf ' || i % 10, 'x'
       from generate_series(1, 200000) i`,
    "create collation any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
    'create statistics parcel_both (ndistinct) on a, b from parcel',
    'create unique index unique_id on parcel (id)',
    'create index merged on parcel (kind)',
    'create index never_merged on parcel (kind) with (deduplicate_items = off)',
    'create index included on parcel (kind) include (id)',
    'create index of_numeric on parcel (price)',
    'create index of_any_case on parcel (code collate any_case)',
    'create index mostly_null on parcel (gone)',
    'create index combined on parcel (b, a)',
    'create index expression on parcel (upper(code))',
    'create index partial on parcel (code) where kind = 3',
    'create index of_name on parcel (label)',
    'alter table parcel drop column loose',
    'vacuum full parcel',
    'vacuum (analyze) parcel',
  )
})
afterAll(() => database.drop())

async function read<Row>(fact: StateFact<Row>): Promise<readonly Row[]> {
  return (await database.query(fact.variants[0]!.sql)).map(fact.parse)
}

test('fresh indexes of all kinds are estimated within a twentieth, those of type name not at all', async () => {
  const rows = await read(indexEstimates)
  expect(rows.map(({ name }) => name).toSorted()).toEqual([
    'combined',
    'expression',
    'included',
    'merged',
    'mostly_null',
    'never_merged',
    'of_any_case',
    'of_name',
    'of_numeric',
    'unique_id',
  ])
  for (const { name, sizeBytes, freshBytes } of rows)
    if (name === 'of_name') expect(freshBytes).toBeNull()
    else {
      expect(freshBytes! / sizeBytes, name).toBeGreaterThan(0.95)
      expect(freshBytes! / sizeBytes, name).toBeLessThan(1.05)
    }
})

test('combinations come from extended statistics', async () => {
  const combined = (await read(indexEstimates)).find(({ name }) => name === 'combined')
  expect(combined?.distinctKeys).toBeCloseTo(100, -1)
})

test('a fresh table is estimated within a fiftieth', async () => {
  const [table] = await read(tableEstimates)
  expect(Math.abs(table!.freshBytes! / table!.heapBytes - 1)).toBeLessThan(0.02)
})

test('what pgstattuple would read adds up, largest first', async () => {
  const rows = await read(indexEstimates)
  const sums = rows.map((_, n) => rows.slice(0, n + 1).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
  expect(rows.map(({ budgetBytes }) => budgetBytes).at(-1)).toBe(sums.at(-1))
})

test('avg_width is of values as they lie in the row: pointers to TOAST, compressed values', async () => {
  await database.run(
    'create table document (moved text, compressed text)',
    'alter table document alter column moved set storage external',
    "insert into document select repeat('x', 5000), repeat('x', 5000 + i) from generate_series(1, 200) i",
    'analyze document',
  )
  const widths = await database.query(
    `select s.attname, s.avg_width, (select round(avg(pg_column_size(d.compressed)))::int from document d) as compressed
       from pg_stats s where s.tablename = 'document' order by s.attname`,
  )
  const [compressed, moved] = widths as [{ avg_width: number; compressed: number }, { avg_width: number }]
  expect(moved.avg_width).toBe(18)
  expect(Math.abs(compressed.avg_width - compressed.compressed)).toBeLessThanOrEqual(1)
})
