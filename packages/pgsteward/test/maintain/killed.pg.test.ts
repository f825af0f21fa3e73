// kill -9 at random moments of index builds and rebuilds (must show): nothing invalid stays, and nothing is done twice. The same with fifty
// kills is bench/maintain.ts.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { Random } from '../../src/load/engine/random.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { OpenedStore } from '../../src/store/postgres-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { addJobs, killAgainAndAgain, unrecordedChanges } from './killed.ts'

let target: TestDatabase
let history: TestDatabase
let store: OpenedStore

beforeAll(async () => {
  target = await createDatabase()
  history = await createDatabase()
  store = await openStore({ url: history.url })
  await target.run(
    'create table parcel (id int primary key, day int, note text)',
    'insert into parcel select i, i % 300, md5(i::text) from generate_series(1, 250000) i',
    'create index by_day on parcel (day)',
    'create index by_note on parcel (note)',
  )
})
afterAll(async () => {
  await store?.close()
  await target?.drop()
  await history?.drop()
})

test('killed eight times in the middle of builds, it leaves nothing invalid and does nothing twice (M2)', async () => {
  const ids = await addJobs(store, [
    'reindex index concurrently public.by_note',
    'create index concurrently new_note on public.parcel (note, day)',
    'reindex index concurrently public.by_day',
    'reindex index concurrently public.parcel_pkey',
    'create index concurrently new_day on public.parcel (day, note)',
    'drop index concurrently public.by_day',
  ])
  // holds the first builds up at their end, so that they are surely killed in the middle
  const old = await target.connect()
  await old.query('begin isolation level repeatable read; select 1')
  const random = new Random(7, 0)
  const { jobs, interrupted } = await killAgainAndAgain(ids, {
    store,
    storeUrl: history.url,
    targetUrl: target.url,
    kills: 8,
    random: () => random.next(),
    withinMs: 400,
    onKill: async (kills) => kills === 3 && old.query('rollback'),
  })
  expect(jobs.map(({ job }) => [job.because, job.state, job.last])).toEqual(
    jobs.map(({ job }) => [job.because, 'done', { outcome: 'done', because: expect.any(String) }]),
  )
  expect(await target.query('select indexrelid::regclass::text from pg_index where not indisvalid')).toEqual(
    [],
  )
  expect(
    await target.query("select relname from pg_class where relkind = 'i' and relname ~ '_cc(new|old)'"),
  ).toEqual([])
  expect(
    await target.query(
      "select indexrelid::regclass::text as name from pg_index where indrelid = 'parcel'::regclass order by 1",
    ),
  ).toEqual(['by_note', 'new_day', 'new_note', 'parcel_pkey'].map((name) => ({ name })))
  expect(interrupted).toBeGreaterThanOrEqual(2)
  const cleaned = jobs.flatMap(({ runs }) => runs).flatMap(({ result }) => result?.cleaned ?? [])
  expect(cleaned).toContain('by_note_ccnew')
  expect(unrecordedChanges(jobs)).toBe(0)
  for (const { runs } of jobs) {
    expect(runs.filter(({ result }) => result?.outcome === 'done')).toHaveLength(1)
    expect(runs.every(({ endedAt }) => endedAt !== null)).toBe(true)
  }
}, 240_000)
