// `pgsteward advise` on a real server, over a real twin: what is advised is there, is used once built, and nothing else happened.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdviceReport } from '../../src/model/advice.ts'
import { EXIT } from '../../src/model/error.ts'
import { run } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

let database: TestDatabase
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-advise-'))
const file = (name: string, content: unknown) => {
  const path = join(dir, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension pg_trgm',
    'create extension pg_stat_statements',
    `create table depot (id bigint primary key, "Straße" text)`,
    `create table "Parcel Nö" (id bigint primary key, depot_id bigint not null references depot (id) on delete cascade,
       state text not null, label text not null, weight int not null, sent_at timestamptz not null)`,
    'create index redundant on "Parcel Nö" (id)',
    `insert into depot select i, 'street ' || i from generate_series(1, 2000) i`,
    `insert into "Parcel Nö" select i, 1 + i % 2000, case when i % 50 = 0 then 'FAILED' else 'DONE' end,
       'label ' || md5(i::text), i % 30, timestamptz '2026-01-01' + i * interval '1 minute' from generate_series(1, 60000) i`,
    'vacuum analyze',
    'grant select on all tables in schema public to test_monitor',
  )
}, 240_000)
afterAll(async () => {
  await database.drop()
  rmSync(dir, { recursive: true, force: true })
})

const WORKLOAD = [
  {
    id: 'recent',
    template: 'select * from "Parcel Nö" where depot_id = $1 order by sent_at desc limit 10',
    callsPerMinute: 100,
    variants: [['3'], ['1999']],
  },
  {
    id: 'failed',
    sql: `select id from "Parcel Nö" where state = 'FAILED' order by sent_at limit 20`,
    calls_per_minute: 60,
  },
  { id: 'search', sql: `select id from "Parcel Nö" p where p.label ilike '%c4ca42%'`, callsPerMinute: 60 },
  { id: 'close', sql: 'delete from depot where id = 7', callsPerMinute: 2 },
  { id: 'weigh', sql: 'update "Parcel Nö" set weight = weight + 1 where id = 5', callsPerMinute: 3000 },
  { id: 'heavy', sql: 'select id from "Parcel Nö" where weight = 29', callsPerMinute: 0.01 },
  { id: 'broken', sql: 'select id from "Parcel Nö" where', callsPerMinute: 1 },
  { id: 'elsewhere', sql: 'select 1 from not_here', callsPerMinute: 1 },
]

async function advise(...args: string[]): Promise<AdviceReport> {
  const { out, exitCode, note } = await run('advise', database.monitorUrl, '--json', ...args)
  expect(exitCode, note).toBe(EXIT.clean)
  return JSON.parse(out)
}

describe('advise URL --workload FILE (A1, A2)', () => {
  test('advises what the workload needs, says why, and leaves the target as it was', async () => {
    const catalog = () => database.query('select count(*)::int as n from pg_class')
    const before = await catalog()
    const sql = join(dir, 'indexes.sql')
    const report = await advise(
      '--workload',
      file('workload.json', WORKLOAD),
      '--budget',
      '50MB',
      '--sql',
      sql,
    )
    const definitions = report.indexes.map(({ definition }) => definition)
    expect(definitions).toContainEqual(expect.stringMatching(/^\(depot_id, sent_at\)/))
    expect(definitions).toContainEqual(expect.stringMatching(/^\(sent_at\).* where state = 'FAILED'$/))
    expect(definitions.join()).toContain('gin_trgm_ops')
    expect(definitions.join()).not.toContain('weight')
    expect(report.leftOut.map(({ id }) => id).sort()).toEqual(['broken', 'elsewhere'])
    expect(report.redundant.map(({ name }) => name)).toEqual(['redundant'])
    expect(report.cost.afterPerMinute).toBeLessThan(report.cost.beforePerMinute / 5)
    const deletes = report.indexes
      .flatMap(({ statements }) => statements)
      .find(({ foreignKey }) => foreignKey !== null)
    expect(deletes?.costAfter).toBeLessThan(deletes!.costBefore)
    expect(await catalog()).toEqual(before)

    const statements = readFileSync(sql, 'utf8').split(';\n').filter(Boolean)
    expect(statements.every((statement) => statement.startsWith('create index concurrently '))).toBe(true)
    await database.run(...statements, 'analyze "Parcel Nö"')
    const built = await database.query<{ relname: string }>(
      'select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid where i.indisvalid',
    )
    const names = built.map(({ relname }) => relname)
    expect(names).toEqual(expect.arrayContaining(report.indexes.map(({ name }) => name)))
    const [plan] = await database.query<{ 'QUERY PLAN': unknown }>(
      `explain (format json) ${WORKLOAD[1]!.sql}`,
    )
    expect(JSON.stringify(plan)).toContain(
      report.indexes.find(({ definition }) => definition.includes('FAILED'))!.name,
    )
    await database.run(...report.indexes.map(({ undo }) => undo))
  })

  test('a plain SQL file will do, and people read the answer', async () => {
    const workload = file('workload.sql', 'select id from "Parcel Nö" where depot_id = 3;\n-- done\n')
    const { out, exitCode, note } = await run(
      'advise',
      database.url,
      '--workload',
      workload,
      '--budget',
      '25%',
    )
    expect(exitCode, note).toBe(EXIT.clean)
    expect(out).toContain('create index concurrently')
    expect(out).toContain('Parcel Nö')
    expect(out).toMatch(/1 index, .* of .*: the workload's planned cost falls to/)
  })
})

test('without a file the workload is what pg_stat_statements saw, parameters sampled from statistics (A1)', async () => {
  // the rows of this test's own making would be most of the workload
  await database.run('select pg_stat_statements_reset()')
  const client = await database.connect()
  for (let i = 0; i < 30; i += 1)
    await client.query(
      'select label from "Parcel Nö" where depot_id = $1 and sent_at > now() - interval \'3 days\'',
      [i],
    )
  const report = await advise('--budget', '100%')
  expect(report.indexes.map(({ definition }) => definition).join()).toMatch(/\(depot_id/)
  const served = report.indexes[0]!.statements[0]!
  expect(served.callsPerMinute).toBeGreaterThan(0)
  expect(report.statements.find(({ id }) => id === served.id)?.valuesFrom).toMatch(/statistics|generic/)
  expect(report.planner.agreement?.statements).toBeGreaterThan(0)
})

describe('what is not understood', () => {
  test.each([
    ['a missing file', ['--workload', '/nowhere/at.json'], 'cannot be read'],
    ['a budget', ['--budget', 'much'], 'neither a size nor a share'],
    ['a planner', ['--planner', 'oracle'], '--planner oracle is not known'],
    ['a time', ['--time', 'soon'], 'not a duration'],
  ])('%s ends in a usage error that names it', async (_, args, message) => {
    const { exitCode, note } = await run('advise', database.url, ...args)
    expect([exitCode, note]).toEqual([EXIT.usage, expect.stringContaining(message)])
  })

  test('JSON that is no workload, and a workload of which nothing can be read', async () => {
    for (const content of ['{ "a": ', '{ "a": 1 }', '[]', [{ id: 'x', sql: '' }]]) {
      const { exitCode, note } = await run('advise', database.url, '--workload', file('bad.json', content))
      expect(exitCode, note).toBe(EXIT.usage)
    }
  })
})
