import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDatabase, startTestServer, type TestDatabase } from '../../../test/postgres/database.ts'
import type { BlockingIncident } from '../../model/activity.ts'
import { openSession } from '../../postgres/connect.ts'
import { ActivityRollup } from './activity-rollup.ts'
import { IncidentTracker } from './incident-tracker.ts'
import { type ActivitySample, ActivitySampler } from './sampler.ts'
import { SeenStatements } from './seen-statements.ts'

const pidOf = async (client: pg.Client): Promise<number> =>
  (await client.query('select pg_backend_pid() as pid')).rows[0].pid

/** Samples without a pause until it is as wanted: what other sessions do shows with a little delay. */
async function sampleUntil(
  sampler: ActivitySampler,
  isWanted: (sample: ActivitySample) => boolean,
  note: (sample: ActivitySample) => void = () => undefined,
): Promise<ActivitySample> {
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const sample = await sampler.sample(new Date())
    note(sample)
    if (isWanted(sample)) return sample
  }
  throw new Error('no sample ever showed it')
}

const samplerOf = (url: string, slowMs = 0) =>
  new ActivitySampler({ open: () => openSession(url, { purpose: 'activity' }), everyMs: 1, slowMs })

describe('sampling by a role that has pg_monitor alone', () => {
  let database: TestDatabase
  let sampler: ActivitySampler
  beforeEach(async () => {
    database = await createDatabase()
    await database.run(
      'create table parcel (id int primary key, weight int)',
      'insert into parcel select i, i from generate_series(1, 10) i',
    )
    sampler = samplerOf(database.monitorUrl)
  })
  afterEach(async () => {
    await sampler.close()
    await database.drop()
  })

  test('sees who works and who keeps a transaction open, and neither the idle nor itself (O3, O7)', async () => {
    const [worker, idler] = [await database.connect(), await database.connect()]
    const [workerPid, idlerPid] = [await pidOf(worker), await pidOf(idler)]
    await idler.query("begin; update parcel set weight = 7 where id = 1 /*route='%2Fparcels'*/")
    const working = worker.query("select pg_sleep(60), 'secret'").catch((error: Error) => error)
    const sample = await sampleUntil(
      sampler,
      ({ sessions, texts }) =>
        sessions.some((each) => each.pid === workerPid && each.waitEvent === 'PgSleep') &&
        texts.has(workerPid) &&
        texts.has(idlerPid),
    )
    const of = (pid: number) => sample.sessions.find((each) => each.pid === pid)
    expect(of(workerPid)).toMatchObject({
      state: 'active',
      waitType: 'Timeout',
      database: database.name,
      user: 'postgres',
      application: 'test',
    })
    expect(of(workerPid)!.queryId).toMatch(/^-?\d+$/)
    expect(of(idlerPid)).toMatchObject({ state: 'idle in transaction', waitType: 'Client' })
    expect(sample.texts.get(workerPid)).toMatchObject({ text: 'select pg_sleep(?), ?', caller: null })
    expect(sample.texts.get(idlerPid)).toMatchObject({
      text: 'begin; update parcel set weight = ? where id = 1',
      route: '/parcels',
      caller: '/parcels',
    })
    expect(sample.sessions.filter((each) => each.application.startsWith('pgsteward'))).toEqual([])
    expect(sample.sessions.filter((each) => each.state === 'idle')).toEqual([])

    const rollup = new ActivityRollup(1_000)
    rollup.add(sample)
    const minute = rollup.current()!
    expect(minute.groups.find((each) => each.database === database.name)).toMatchObject({
      waitType: 'Timeout',
      waitEvent: 'PgSleep',
      sessions: 1,
    })
    expect(minute.idleInTransactionMean).toBeGreaterThanOrEqual(1)
    expect(minute.oldestXminAge).toBeGreaterThanOrEqual(0)
    await database.query(`select pg_cancel_backend(${workerPid})`)
    await working
    await idler.query('rollback')
  })

  test('follows a queue through several hops to its root, with both sides, until it is over', async () => {
    const [root, middle, tail] = [
      await database.connect(),
      await database.connect(),
      await database.connect(),
    ] as const
    const [rootPid, middlePid, tailPid] = [await pidOf(root), await pidOf(middle), await pidOf(tail)]
    await root.query("begin; update parcel set weight = 1 where id = 1 /*caller='src%2Fimport.ts:9'*/")
    await middle.query('begin; update parcel set weight = 2 where id = 2')
    const waiting = [middle.query('update parcel set weight = 3 where id = 1')]
    await sampleUntil(sampler, ({ edges }) => edges?.some((each) => each.pid === middlePid) ?? false)
    waiting.push(tail.query('update parcel set weight = 4444 where id = 2'))

    const tracker = new IncidentTracker({ fromMs: 200 })
    const changes: BlockingIncident[] = []
    const note = (sample: ActivitySample) => changes.push(...tracker.note(sample))
    await sampleUntil(sampler, () => (tracker.live()[0]?.peakWaiting ?? 0) >= 2, note)
    const [incident] = tracker.live()
    expect(incident!.root).toMatchObject({
      pid: rootPid,
      state: 'idle in transaction',
      query: 'begin; update parcel set weight = 1 where id = 1',
      caller: 'src/import.ts:9',
      database: database.name,
      waitsFor: null,
    })
    expect(incident!.waiting.map((each) => each.pid)).toEqual([middlePid, tailPid])
    expect(incident!.waiting[0]!.waitsFor).toMatchObject({
      lockType: 'transactionid',
      lockMode: 'ShareLock',
      relation: 'public.parcel',
      blockedBy: [rootPid],
    })
    expect(incident!.waiting[1]).toMatchObject({
      query: 'update parcel set weight = ? where id = ?',
      waitsFor: { blockedBy: [middlePid] },
    })
    expect(incident!.longestWaitMs).toBeGreaterThanOrEqual(200)

    // the root lets go: the one behind it is the root of what is left
    await root.query('rollback')
    await waiting[0]
    await sampleUntil(sampler, () => tracker.live().some((each) => each.root.pid === middlePid), note)
    expect(tracker.live()).toMatchObject([
      { handedOverFrom: incident!.id, waiting: [{ pid: tailPid }], endedAt: null },
    ])
    await middle.query('rollback')
    await waiting[1]
    await sampleUntil(sampler, () => tracker.live().length === 0, note)
    expect(changes.map((each) => [each.root.pid, each.endedAt === null])).toEqual([
      [rootPid, true],
      [rootPid, false],
      [middlePid, true],
      [middlePid, false],
    ])
    const [, ended] = changes
    expect(ended!.endedAt!.getTime()).toBeGreaterThanOrEqual(ended!.startedAt.getTime())
    expect(ended!.lostMs).toBeGreaterThanOrEqual(ended!.longestWaitMs)
  })

  test('finds a root that does nothing but hold a lock of its session', async () => {
    const [holder, waiter] = [await database.connect(), await database.connect()]
    const [holderPid, waiterPid] = [await pidOf(holder), await pidOf(waiter)]
    await holder.query('select pg_advisory_lock(42)')
    const waiting = waiter.query('select pg_advisory_lock(42)')
    const tracker = new IncidentTracker({ fromMs: 50 })
    await sampleUntil(
      sampler,
      () => tracker.live().length > 0,
      (sample) => tracker.note(sample),
    )
    expect(tracker.live()).toMatchObject([
      {
        root: { pid: holderPid, state: 'idle', query: 'select pg_advisory_lock(?)' },
        waiting: [{ pid: waiterPid, waitsFor: { lockType: 'advisory', relation: null } }],
      },
    ])
    await holder.query('select pg_advisory_unlock(42)')
    await waiting
  })

  test('tells how long a statement ran at least, and what it waited for, once it has ended (S3)', async () => {
    const worker = await database.connect()
    const pid = await pidOf(worker)
    const seen = new SeenStatements(100)
    const ended: string[] = []
    const note = (sample: ActivitySample) => {
      for (const each of seen.note(sample))
        if (each.session.pid === pid)
          ended.push(
            `${each.text?.text} ${each.waitEvent} ${each.durationMs >= 100 && each.durationMs < 500}`,
          )
    }
    const working = worker.query('select pg_sleep(0.4)')
    await sampleUntil(sampler, () => ended.length > 0, note)
    await working
    expect(ended).toEqual(['select pg_sleep(?) Timeout:PgSleep true'])
  })

  test('when its connection was ended it connects anew', async () => {
    await sampler.sample(new Date())
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'pgsteward activity' and datname = current_database()`,
    )
    const tried: unknown[] = []
    const next = () => sampler.sample(new Date()).catch((error: unknown) => tried.push(error))
    await expect.poll(next).toMatchObject({ edges: [] })
    // whether the end was noticed before it asked or by asking
    for (const error of tried) expect(error).toMatchObject({ code: 'target-lost' })
  })
})

describe('a prepared transaction', () => {
  let server: Awaited<ReturnType<typeof startTestServer>>
  beforeAll(async () => {
    server = await startTestServer(14, { max_prepared_transactions: '5' })
  })
  afterAll(() => server.stop('immediate'))

  test('is the root of those that wait for it, by its name, on the oldest supported server', async () => {
    const clients = await Promise.all(
      [...Array(3)].map(async () => {
        const client = new pg.Client({ connectionString: server.url() })
        client.on('error', () => undefined)
        await client.connect()
        return client
      }),
    )
    const [holder, row, table] = clients as [pg.Client, pg.Client, pg.Client]
    await holder.query('create table parcel (id int primary key, weight int)')
    await holder.query('insert into parcel values (1, 1)')
    for (const [gid, sql] of [
      ['other', 'insert into parcel values (2, 2)'],
      ["ship 'it'", 'update parcel set weight = 2 where id = 1'],
    ] as const) {
      await holder.query('begin')
      await holder.query(sql)
      await holder.query(`prepare transaction ${pg.escapeLiteral(gid)}`)
    }
    const sampler = samplerOf(server.url())
    const tracker = new IncidentTracker({ fromMs: 50 })
    const note = (sample: ActivitySample) => tracker.note(sample)
    const waiting = [row.query('update parcel set weight = 3 where id = 1')]
    await sampleUntil(sampler, () => tracker.live().length > 0, note)
    expect(tracker.live()).toMatchObject([
      {
        root: { pid: 0, preparedAs: "ship 'it'", state: 'prepared transaction', user: 'postgres' },
        waiting: [{ waitsFor: { lockType: 'transactionid', blockedBy: [0] } }],
      },
    ])
    waiting.push(table.query('alter table parcel add column note text'))
    await sampleUntil(
      sampler,
      () => tracker.live().some((each) => each.waiting.some((one) => one.waitsFor?.lockType === 'relation')),
      note,
    )
    await holder.query("rollback prepared 'other'")
    await holder.query("rollback prepared 'ship ''it'''")
    await Promise.all(waiting)
    await sampler.close()
    for (const client of clients) await client.end()
  })
})
