import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../test/postgres/database.ts'
import { activity } from '../facts/activity.ts'
import { blocking } from '../facts/blocking.ts'
import { number } from '../facts/column.ts'
import { connections } from '../facts/connections.ts'
import { indexes } from '../facts/indexes.ts'
import { settings } from '../facts/settings.ts'
import { statementTexts } from '../facts/statement-texts.ts'
import { statements } from '../facts/statements.ts'
import { wal } from '../facts/wal.ts'
import { defineStateFact, type Interval, type PgFact, type Snapshot } from '../model/fact.ts'
import { openSession, type SessionOptions } from '../postgres/connect.ts'
import { collectFor } from './collect-for.ts'
import { Collector, type CollectorOptions } from './collector.ts'

const START = Date.UTC(2026, 0, 1)
const minute = (n: number) => new Date(START + n * 60_000)

function newCollector(
  url: string,
  facts: readonly PgFact[],
  { session, ...more }: Partial<CollectorOptions> & { readonly session?: SessionOptions } = {},
): Collector {
  return new Collector({
    target: { id: 'test', url, labels: {} },
    facts,
    open: (target) => openSession(target.url, session),
    intervalMs: 600_000,
    everyMs: 0,
    ...more,
  })
}

function latestOf<Row>(snapshot: Snapshot, fact: PgFact): Interval<Row> {
  const reading = snapshot.readings.get(fact.id)
  if (reading?.status !== 'interval') throw new Error(`${fact.id}: ${JSON.stringify(reading)}`)
  return reading.latest as Interval<Row>
}

describe('a target that does not behave', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createDatabase()
  })
  afterEach(() => database.drop())

  test('a server that accepts and never answers delays no other target, and is given up', async () => {
    const silent = createServer(() => undefined)
    const port = await new Promise<number>((resolve) =>
      silent.listen(0, '127.0.0.1', () => resolve((silent.address() as { port: number }).port)),
    )
    const session = { connectTimeoutMs: 1_500 }
    const hanging = newCollector(`postgres://any:any@127.0.0.1:${port}/any`, [activity], { session })
    const healthy = newCollector(database.monitorUrl, [activity])
    try {
      const order: string[] = []
      const hung = hanging.collect(minute(0)).catch((error) => {
        order.push('hanging')
        return error
      })
      for (let i = 0; i < 5; i++) await healthy.collect(minute(i))
      order.push('healthy')
      expect(await hung).toMatchObject({ code: 'target-timeout' })
      expect(order).toEqual(['healthy', 'hanging'])
    } finally {
      await Promise.all([hanging.close(), healthy.close()])
      silent.close()
    }
  })

  test('a server that stops answering in mid-session is given up, and found again', async () => {
    let isSilent = false
    const collector = newCollector(database.monitorUrl, [activity], {
      answerTimeoutMs: 300,
      open: async (target) => {
        const session = await openSession(target.url)
        const query: typeof session.query = (...asked) =>
          isSilent ? new Promise(() => undefined) : session.query(...asked)
        return { ...session, query }
      },
    })
    try {
      await collector.collect(minute(0))
      isSilent = true
      await expect(collector.collect(minute(1))).rejects.toMatchObject({ code: 'target-timeout' })
      isSilent = false
      expect((await collector.collect(minute(2))).refreshed.has('activity')).toBe(true)
    } finally {
      await collector.close()
    }
  })

  test('a server that lets us wait is dated when it answers, not when it was asked', async () => {
    const waitMs = 2_100
    const collector = newCollector(database.monitorUrl, [activity], {
      open: async (target) => {
        await new Promise((resolve) => setTimeout(resolve, waitMs))
        return openSession(target.url)
      },
    })
    try {
      const { takenAt, readings } = await collector.collect(minute(0))
      expect(takenAt.getTime()).toBeGreaterThanOrEqual(minute(0).getTime() + waitMs)
      expect(readings.get('activity')).toMatchObject({ at: takenAt })
    } finally {
      await collector.close()
    }
  })

  test('rights that come back are used at once, whatever the pace of a fact', async () => {
    await database.run(
      "create role watcher_of_rights login password 'watcher'",
      'grant pg_monitor to watcher_of_rights',
    )
    const url = database.url.replace(/\/\/[^@]+@/, '//watcher_of_rights:watcher@')
    const collector = newCollector(url, [settings, activity], { everyMs: 60_000 })
    const hasPreload = async (now: Date) => {
      const reading = (await collector.collect(now)).readings.get('settings')
      return reading?.status === 'rows' && JSON.stringify(reading.rows).includes('shared_preload_libraries')
    }
    try {
      expect(await hasPreload(minute(0))).toBe(true)
      await database.run('revoke pg_monitor from watcher_of_rights')
      expect(await hasPreload(minute(1))).toBe(false)
      await database.run('grant pg_monitor to watcher_of_rights')
      expect(await hasPreload(minute(2))).toBe(true)
    } finally {
      await collector.close()
      await database.run('drop role watcher_of_rights')
    }
  })

  test('between whole rounds what is urgent is read anew, and the rest is as it was', async () => {
    const facts = [wal, connections, blocking, activity]
    const collector = newCollector(database.monitorUrl, facts, { everyMs: 60_000 })
    const after = (seconds: number) => new Date(START + seconds * 1_000)
    try {
      await collector.collect(minute(0))
      const between = await collector.collect(after(15), { onlyUrgent: true })
      expect([...between.refreshed].sort()).toEqual(['blocking', 'connections'])
      expect(between.readings.get('activity')).toMatchObject({ status: 'rows', at: minute(0) })
      // a whole round leaves out nothing that was read in between
      const whole = await collector.collect(minute(1))
      expect([...whole.refreshed].sort()).toEqual(['activity', 'blocking', 'connections', 'wal'])
    } finally {
      await collector.close()
    }
  })

  test('a table under an exclusive lock makes one fact unavailable, its neighbours go on', async () => {
    await database.run('create table parcel (id int)', 'grant select on parcel to test_monitor')
    const parcels = defineStateFact<{ readonly count: number }>({
      id: 'parcels',
      title: 'Waits for the lock',
      scope: 'database',
      everyMs: 60_000,
      variants: [{ since: 140000, sql: 'select count(*) as count from public.parcel' }],
      keyOf: () => 'parcels',
      parse: (raw) => ({ count: number(raw, 'count') }),
    })
    const holder = await database.connect()
    await holder.query('begin; lock table parcel in access exclusive mode')
    const session = { lockTimeoutMs: 200 }
    const collector = newCollector(database.monitorUrl, [parcels, activity], { session })
    try {
      const { readings } = await collector.collect(minute(0))
      expect(readings.get('parcels')).toEqual({
        status: 'unavailable',
        because: 'a lock was not granted in time',
      })
      expect(readings.get('activity')?.status).toBe('rows')
      await holder.query('rollback')
      expect((await collector.collect(minute(1))).readings.get('parcels')?.status).toBe('rows')
    } finally {
      await collector.close()
    }
  })

  test('a session that the server ended is opened again, and counting goes on', async () => {
    const collector = newCollector(database.monitorUrl, [wal])
    try {
      await collector.collect(minute(0))
      await database.run(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'pgsteward%' and datname = current_database()",
        'create table written as select generate_series(1, 10000)',
      )
      await collector.collect(minute(1)).catch(() => undefined)
      const latest = latestOf<{ bytes: number }>(await collector.collect(minute(2)), wal)
      expect(latest.breaks).toEqual([])
    } finally {
      await collector.close()
    }
  })
})

test('extensions are found in whatever schema they were created in', async () => {
  const database = await createDatabase()
  await database.run('create schema extensions', 'create extension pg_stat_statements schema extensions')
  await database.run('grant usage on schema extensions to test_monitor')
  const collector = newCollector(database.monitorUrl, [statements, statementTexts])
  try {
    await collector.collect(minute(0))
    expect((await collector.collect(minute(1))).readings.get('statements')?.status).toBe('interval')
    await database.run('revoke usage on schema extensions from test_monitor')
    await collector.close()
    expect((await collector.collect(minute(2))).readings.get('statements')).toMatchObject({
      status: 'unavailable',
      because: expect.stringMatching(
        /does not exist; grant usage on the schema of extension pg_stat_statements to the role$/,
      ),
    })
  } finally {
    await collector.close()
    await database.drop()
  }
})

test('an idle database is left to sleep: no session stays open', async () => {
  const database = await createDatabase()
  const rest = { idleAfterMs: 5 * 60_000, everyMs: 60 * 60_000 }
  const collector = newCollector(database.monitorUrl, [], { rest })
  try {
    await collector.collect(minute(0))
    expect(collector.restUntil(minute(0))).toBeNull()
    await collector.collect(minute(5))
    expect(collector.restUntil(minute(5))).toEqual(minute(65))
    const open = await database.query(
      "select from pg_stat_activity where datname = current_database() and application_name like 'pgsteward%'",
    )
    expect(open).toEqual([])
  } finally {
    await collector.close()
    await database.drop()
  }
})

test('a short watch reads at the start and at the end, tells its progress, and can be ended early', async () => {
  const database = await createDatabase()
  const collector = newCollector(database.monitorUrl, [wal, indexes], { everyMs: 60_000 })
  const watch = { everyMs: 100, clock: () => new Date() }
  try {
    const elapsed: number[] = []
    const onProgress = (elapsedMs: number) => void elapsed.push(elapsedMs)
    const watched = await collectFor(collector, { ...watch, forMs: 450, onProgress })
    expect(watched.watchedMs).toBeGreaterThanOrEqual(450)
    expect(watched.failedRounds).toBe(0)
    expect([...watched.snapshot.refreshed]).toEqual(['wal', 'indexes'])
    expect(latestOf(watched.snapshot, wal).seconds).toBeGreaterThan(0.4)
    expect(elapsed.at(-1)).toBe(450)

    const early = await collectFor(collector, { ...watch, forMs: 600_000, signal: AbortSignal.timeout(150) })
    expect(early.watchedMs).toBeLessThan(10_000)
  } finally {
    await collector.close()
    await database.drop()
  }
})
