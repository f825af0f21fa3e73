// Sampling on every supported major version: sessions, a queue with its root, texts, by a role that has pg_monitor alone.

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { IncidentTracker } from '../../src/collect/activity/incident-tracker.ts'
import { ActivitySampler } from '../../src/collect/activity/sampler.ts'
import { openSession } from '../../src/postgres/connect.ts'
import { createDatabase, startTestServer, type TestDatabase } from '../postgres/database.ts'

describe.each([14, 15, 16, 17, 18] as const)('PostgreSQL %i', (major) => {
  let server: Awaited<ReturnType<typeof startTestServer>>
  let database: TestDatabase
  beforeAll(async () => {
    server = await startTestServer(major, { compute_query_id: 'on' })
    database = await createDatabase(server.url())
    await database.run(
      'create table parcel (id int primary key, weight int)',
      'insert into parcel values (7, 1)',
    )
  })
  afterAll(async () => {
    await database.drop()
    await server.stop('immediate')
  })

  test('shows who waits for whom, for what, and with which statement', async () => {
    const [holder, waiter] = [await database.connect(), await database.connect()]
    await holder.query('begin; update parcel set weight = 2 where id = 7')
    const waiting = waiter.query('update parcel set weight = 3 where id = 7')
    const sampler = new ActivitySampler({
      open: () => openSession(database.monitorUrl, { purpose: 'activity' }),
      everyMs: 1,
      slowMs: 0,
    })
    const tracker = new IncidentTracker({ fromMs: 50 })
    for (const until = Date.now() + 20_000; tracker.live().length === 0 && Date.now() < until; )
      tracker.note(await sampler.sample(new Date()))
    const statement = 'update parcel set weight = ? where id = ?'
    expect(tracker.live()).toMatchObject([
      {
        root: { state: 'idle in transaction', query: `begin; ${statement}`, user: 'postgres' },
        waiting: [
          {
            query: statement,
            queryId: expect.any(String),
            database: database.name,
            waitsFor: { lockType: 'transactionid', relation: 'public.parcel' },
          },
        ],
      },
    ])
    await holder.query('rollback')
    await waiting
    await sampler.close()
  })

  test('without query ids sessions and their texts are there still', async () => {
    const direct = new pg.Client({ connectionString: database.url })
    await direct.connect()
    await direct.query('set compute_query_id = off')
    await direct.query('begin; select 1')
    const sampler = new ActivitySampler({
      open: () => openSession(database.monitorUrl, { purpose: 'activity' }),
      everyMs: 1,
      slowMs: 0,
    })
    await expect
      .poll(async () => [...(await sampler.sample(new Date())).texts.values()], { timeout: 20_000 })
      .toMatchObject([{ queryId: null, text: 'begin; select 1' }])
    await sampler.close()
    await direct.end()
  })
})
