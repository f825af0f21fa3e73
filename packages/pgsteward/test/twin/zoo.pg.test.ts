// Fidelity on the zoo of hard schemas: a twin plans as its target does, on each host, and the target notices nothing.

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { measureAgreement, planningTarget } from '../../src/twin/agreement.ts'
import type { StatisticsFile } from '../../src/twin/statistics/statistics-file.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { readStatisticsOf, type TestTwin, twinOf, withSession } from './twin-of.ts'
import { fillZoo, ZOO_STATEMENTS } from './zoo.ts'

let database: TestDatabase
let statistics: StatisticsFile
const twins: Partial<Record<'pglite' | 'native', TestTwin>> = {}

beforeAll(async () => {
  database = await createDatabase()
  await fillZoo(database)
  statistics = await readStatisticsOf(database.url)
  twins.pglite = await twinOf(statistics, 'pglite')
  twins.native = await twinOf(statistics, 'native')
})

afterAll(async () => {
  await twins.pglite?.drop()
  await twins.native?.drop()
  await database?.drop()
})

const agreementOf = (twin: TestTwin, settings: Readonly<Record<string, string>> = {}) =>
  withSession(database.url, async (session) =>
    measureAgreement(await planningTarget(session, settings), twin.planner, ZOO_STATEMENTS),
  )

test.each(['pglite', 'native'] as const)(
  'A1 the %s twin plans the zoo in the same shape (995 of 1000) and at the same cost (95 of 100)',
  async (host) => {
    const { statements, sameShape, sameCost, disagreements, failures } = await agreementOf(twins[host]!)
    expect(failures).toEqual([])
    expect(statements).toBeGreaterThan(100)
    expect(sameShape / statements, JSON.stringify(disagreements)).toBeGreaterThanOrEqual(0.995)
    expect(sameCost / statements, JSON.stringify(disagreements)).toBeGreaterThanOrEqual(0.95)
  },
)

test('settings of the planner are part of it', async () => {
  const settings = {
    random_page_cost: '1.1',
    work_mem: '64kB',
    enable_hashjoin: 'off',
    max_parallel_workers_per_gather: '4',
    jit: 'off',
  }
  const twin = await twinOf(statistics, 'pglite', { settings })
  try {
    const { statements, sameShape, sameCost, disagreements } = await agreementOf(twin, settings)
    expect(sameShape / statements, JSON.stringify(disagreements)).toBeGreaterThanOrEqual(0.995)
    expect(sameCost / statements, JSON.stringify(disagreements)).toBeGreaterThanOrEqual(0.95)
  } finally {
    await twin.drop()
  }
})

test('nothing of the zoo is left out', () => {
  expect(twins.pglite!.leftOut).toEqual([])
  expect(twins.native!.leftOut).toEqual([])
})

test('indexes made for a twin are sound to amcheck, as far as they go', async () => {
  const { host } = twins.native!
  await host.ask('create extension amcheck schema public')
  const { rows, error } = await host.ask(
    `select c.relname, public.bt_index_check(c.oid) from pg_catalog.pg_index x
       join pg_catalog.pg_class c on c.oid = x.indexrelid and c.relkind = 'i'
       join pg_catalog.pg_am a on a.oid = c.relam and a.amname = 'btree'
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'sales'
      where x.indisvalid`,
  )
  expect(error).toBeNull()
  expect(rows.length).toBeGreaterThan(20)
})

test('reading a target scans none of its tables and uses none of its indexes', async () => {
  const counts = `select coalesce(sum(seq_scan), 0) as seq, coalesce(sum(idx_scan), 0) as idx, coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) as written
                    from pg_stat_user_tables`
  await database.flushStatistics()
  const before = await database.query(counts)
  await readStatisticsOf(database.url)
  await database.flushStatistics()
  expect(await database.query(counts)).toEqual(before)
})

test('a table whose type the host lacks is left out by name and reason, and the others stay', async () => {
  const edited: StatisticsFile = {
    ...statistics,
    extensions: [...statistics.extensions, { name: 'postgis', version: '3.5.0', schema: 'public' }],
    tables: statistics.tables.map((table) =>
      table.name === 'point_of_sale'
        ? {
            ...table,
            sql: table.sql.replace('box box', 'box public.geometry'),
            plainSql: table.plainSql.replace('box box', 'box public.geometry'),
          }
        : table,
    ),
  }
  const twin = await twinOf(edited, 'pglite')
  try {
    expect(twin.leftOut).toContainEqual({
      kind: 'extension',
      name: 'postgis',
      because: expect.stringContaining('not available'),
    })
    expect(twin.leftOut).toContainEqual({
      kind: 'table',
      name: 'sales.point_of_sale',
      because: expect.stringContaining('public.geometry'),
    })
    expect(await twin.planner.explain('select * from sales.orders where id = 7')).toHaveProperty('plan')
    expect(await twin.planner.explain('select * from sales.point_of_sale')).toMatchObject({
      error: { sqlState: '42P01' },
    })
  } finally {
    await twin.drop()
  }
})

test('a table of a terabyte costs no disk', async () => {
  const terabyte = 2 ** 40 / 8192
  const edited: StatisticsFile = {
    ...statistics,
    tables: statistics.tables
      .filter((table) => table.name === 'scratch')
      .map((table) => ({ ...table, blocks: terabyte, pages: terabyte, rows: 1e10 })),
    extendedStatistics: [],
  }
  const twin = await twinOf(edited, 'pglite')
  try {
    const answer = await twin.planner.explain('select * from sales.scratch')
    expect(answer).toMatchObject({ plan: { 'Plan Rows': 1e10 } })
    const files = readdirSync(twin.dir, { recursive: true }).map((name) =>
      statSync(join(twin.dir, String(name))),
    )
    expect(files.reduce((sum, file) => sum + file.size, 0)).toBeGreaterThan(2 ** 40)
    expect(files.reduce((sum, file) => sum + file.blocks * 512, 0)).toBeLessThan(100 * 2 ** 20)
  } finally {
    await twin.drop()
  }
})
