// What indexes that appear did (V2), on a real target: load, an index, load; the same statements before and after.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { IndexWatch } from '../../src/app/effect/index-watch.ts'
import { textKeeper } from '../../src/app/text-keeper.ts'
import { tick } from '../../src/app/tick.ts'
import { Collector } from '../../src/collect/collector.ts'
import { indexes } from '../../src/facts/indexes.ts'
import { statementTexts } from '../../src/facts/statement-texts.ts'
import { statements } from '../../src/facts/statements.ts'
import type { IndexEffect } from '../../src/model/index-effect.ts'
import { openSession } from '../../src/postgres/connect.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { adviceReport, advisedIndex, servedStatement } from '../advice-rows.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const TARGET = 'shop'
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-effect-'))
let database: TestDatabase
let store: Store
let collector: Collector
let watch: IndexWatch

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    'create table parcel (id bigint primary key, place text, weight int)',
    "insert into parcel select i, 'shelf ' || i, i % 10 from generate_series(1, 60000) i",
    'create table letter (id bigint primary key, weight int, note text)',
    "insert into letter select i, i % 10, 'n' from generate_series(1, 60000) i",
    'vacuum analyze parcel',
    'vacuum analyze letter',
  )
  store = await openStore({ dir: join(dir, 'store') })
  collector = new Collector({
    target: { id: TARGET, url: database.monitorUrl, labels: {} },
    facts: [statements, statementTexts, indexes],
    open: (target) => openSession(target.url),
    intervalMs: 600_000,
    everyMs: 0,
  })
  watch = new IndexWatch(store)
})
afterAll(async () => {
  await collector.close()
  await store.close()
  await database.drop()
  rmSync(dir, { recursive: true, force: true })
})

async function read(): Promise<void> {
  await database.flushStatistics()
  const { snapshot } = await tick(
    {
      targetId: TARGET,
      collector,
      store,
      keepTexts: textKeeper(TARGET, collector, store),
      checks: [],
      options: new Map(),
      notify: async () => undefined,
    },
    new Date(),
    { everything: true },
  )
  await watch.notice(snapshot)
}

async function load(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (let call = 0; call < 10; call++)
      await database.run(
        `select id from parcel where place = 'shelf ${call}'`,
        'select sum(weight) from letter where weight > 2',
      )
    await read()
  }
}

const effectOf = async (name: string): Promise<IndexEffect | undefined> =>
  (await store.indexEffects(TARGET)).find(({ index }) => index === name)

test('an index that was advised improves its statement as predicted, one that serves nothing changes nothing', async () => {
  await read()
  await load(4)
  expect(await store.indexEffects(TARGET)).toEqual([])
  const [{ queryid }] = (await database.query(
    "select queryid::text from pg_stat_statements where query like 'select id from parcel where place%'",
  )) as [{ queryid: string }]
  const run = await store.startAdvice(TARGET, new Date())
  const advised = advisedIndex({
    name: 'parcel_place_idx',
    definition: '(place)',
    statements: [servedStatement({ id: queryid, costBefore: 1000, costAfter: 10 })],
  })
  await store.finishAdvice(
    run,
    { status: 'done', because: null, workload: null, report: adviceReport([advised]) },
    new Date(),
  )
  await database.run('create index mine on parcel (place)', 'create index letter_note on letter (note)')
  await read()
  await load(6)

  const effect = (await effectOf('mine'))!
  expect(effect).toMatchObject({
    schema: 'public',
    table: 'parcel',
    advisedBy: run,
    predictedCostRatio: 0.01,
    verdict: 'improved',
    because: null,
    statements: [{ queryId: queryid, verdict: 'improved', predictedCostRatio: 0.01 }],
  })
  expect(effect.measuredRatio).toBeLessThan(0.3)
  const [statement] = effect.statements
  // a sequential scan of some 400 pages against a path of three or four
  expect(statement!.before.blocksPerCall).toBeGreaterThan(300)
  expect(statement!.after.blocksPerCall).toBeLessThan(10)
  // ten a round, of the rounds that a window as long as the one after it holds
  expect([20, 30, 40]).toContain(statement!.before.calls)
  expect(effect.before.to.getTime() - effect.before.from.getTime()).toBe(
    effect.after.to.getTime() - effect.after.from.getTime(),
  )

  const useless = (await effectOf('letter_note'))!
  expect(useless).toMatchObject({ advisedBy: null, predictedCostRatio: null })
  expect(useless.statements.map(({ text }) => text)).toEqual([
    expect.stringContaining('select sum(weight) from letter'),
  ])
  // its time varies with whatever else this machine does; what it reads does not
  expect(useless).toMatchObject({ verdict: 'no-change', statements: [{ verdict: 'no-change' }] })
})

test('two indexes of one table at once, of which nobody knows which serves what, disturb each other', async () => {
  await database.run(
    'create index a on letter (weight) include (id)',
    'create index b on letter (id, weight)',
  )
  await read()
  await load(3)
  expect(await effectOf('a')).toMatchObject({
    verdict: 'disturbed',
    because: 'the index b appeared as well',
  })
})

test('a table that is new has nothing to compare', async () => {
  await database.run('create table news (id int primary key)', 'create index news_id on news (id)')
  await read()
  await database.run('select id from news where id = 1')
  await read()
  expect(await effectOf('news_id')).toBe(undefined)
})
