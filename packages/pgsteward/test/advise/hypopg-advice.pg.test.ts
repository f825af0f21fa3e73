// `pgsteward advise` with HypoPG on the target: as the planner, and as the second opinion on what a twin advised.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdviceReport } from '../../src/model/advice.ts'
import { EXIT } from '../../src/model/error.ts'
import type { LocalServer } from '../../src/postgres/local-server.ts'
import { run } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { HYPOPG_MAJORS, NO_HYPOPG, startHypopgServer } from '../twin/hypopg-server.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-hypopg-'))
const workload = join(dir, 'workload.json')
writeFileSync(
  workload,
  JSON.stringify([
    { id: 'sender', template: 'select * from parcel where sender = $1', callsPerMinute: 100 },
    { id: 'name', sql: `select sender from parcel where lower(label) = 'label 7'`, callsPerMinute: 50 },
    { id: 'tags', sql: `select sender from parcel where tags @> array['t7']`, callsPerMinute: 50 },
  ]),
)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test.skipIf(HYPOPG_MAJORS.length > 0)(`advice by HypoPG is not tested: ${NO_HYPOPG}`, () => undefined)

test('a target without HypoPG is told what else there is', async () => {
  const database = await createDatabase()
  await database.run('create table parcel (sender integer)')
  const { exitCode, note } = await run('advise', database.url, '--workload', workload, '--planner', 'hypopg')
  expect(exitCode).toBe(EXIT.usage)
  expect(note).toContain('the target has no extension hypopg')
  expect(note).toContain('--planner twin')
  await database.drop()
})

describe.each(HYPOPG_MAJORS.slice(0, 1))('HypoPG on PostgreSQL %d', (major) => {
  let server: LocalServer
  let database: TestDatabase
  beforeAll(async () => {
    server = await startHypopgServer(major, { autovacuum: 'off' })
    database = await createDatabase(server.url())
    await database.run(
      'create extension hypopg',
      'create table parcel (id bigint primary key, sender integer not null, label text not null, tags text[] not null)',
      `insert into parcel select i, i % 2000, 'Label ' || i, array['t' || i % 5000] from generate_series(1, 40000) i`,
      'create index redundant on parcel (id)',
      'vacuum analyze parcel',
      'grant select on all tables in schema public to test_monitor',
    )
  })
  afterAll(async () => {
    await database?.drop()
    await server?.stop('immediate')
  })

  async function advise(planner: string): Promise<AdviceReport> {
    const { out, exitCode, note } = await run(
      'advise',
      database.monitorUrl,
      '--workload',
      workload,
      '--planner',
      planner,
      '--budget',
      '20MB',
      '--json',
    )
    expect(exitCode, note).toBe(EXIT.clean)
    return JSON.parse(out)
  }

  test('--planner hypopg advises on the target itself, says what it can not, and writes nothing', async () => {
    const catalog = () => database.query('select count(*)::int as n from pg_class')
    const before = await catalog()
    const { planner, indexes, notes, redundant } = await advise('hypopg')
    expect(planner).toMatchObject({ kind: 'hypopg', agreement: null })
    const definitions = indexes.map(({ definition }) => definition)
    expect(definitions.join()).toMatch(/\(sender/)
    expect(definitions.join()).not.toContain('tags')
    expect(notes.join()).toMatch(/no GIN indexes/)
    expect(redundant.map(({ name }) => name)).toEqual([])
    expect(notes.join()).toMatch(/still needed was not looked at/)
    expect(await catalog()).toEqual(before)
  })

  test('auto advises on a twin and has the set checked on the target, but for what HypoPG can not have', async () => {
    const { planner, indexes, notes, statements } = await advise('auto')
    expect(planner.kind).toBe('native')
    const checked = Object.fromEntries(
      indexes.map(({ sketch, checkedWith }) => [sketch!.keys[0]!.replace(/ .*/, ''), checkedWith]),
    )
    expect(checked).toEqual({ sender: 'hypopg', 'lower(label)': null, tags: null })
    const byId = new Map(statements.map((each) => [each.id, each]))
    const { costAfter, costAfterChecked } = byId.get('sender')!
    expect(costAfterChecked! / costAfter).toBeCloseTo(1, 1)
    expect(byId.get('tags')!.costAfterChecked).toBeNull()
    expect(notes.join()).toContain('HypoPG on the target checked 1 of 3 indexes')
  })

  test('twin asks the target nothing of the kind', async () => {
    const { indexes, notes } = await advise('twin')
    expect(indexes.map(({ checkedWith }) => checkedWith)).toEqual([null, null, null])
    expect(notes.join()).not.toContain('HypoPG')
  })
})
