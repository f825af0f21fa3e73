// A primary and a real standby of it, on the oldest and the newest major: what each says of the other, and what a promotion
// does to counting.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Collector } from '../../src/collect/collector.ts'
import { ALL_FACTS } from '../../src/facts/all.ts'
import { databases } from '../../src/facts/databases.ts'
import { type IdentityRow, identity } from '../../src/facts/identity.ts'
import { type ReplicationRow, replication } from '../../src/facts/replication.ts'
import { type ReplicationSlotRow, replicationSlots } from '../../src/facts/replication-slots.ts'
import { type StandbyRow, standby } from '../../src/facts/standby.ts'
import type { Interval, PgFact, Snapshot } from '../../src/model/fact.ts'
import { openSession } from '../../src/postgres/connect.ts'
import { reachableFolder } from '../../src/postgres/local-binaries.ts'
import { type LocalServer, startLocalServer } from '../../src/postgres/local-server.ts'

describe.each([14, 18] as const)('on PostgreSQL %i', (major) => {
  const dirs = [0, 1].map(() => mkdtempSync(join(tmpdir(), `pgsteward-standby-${major}-`)))
  let primary: LocalServer
  let replica: LocalServer
  let watching: Collector
  let rounds = 0

  beforeAll(async () => {
    primary = await startLocalServer({ dir: dirs[0]!, major, durable: false })
    await run(
      primary,
      "create role watcher login password 'watcher'",
      'grant pg_monitor to watcher',
      "select pg_create_physical_replication_slot('for_replica', true)",
      "select pg_create_physical_replication_slot('forgotten', true)",
      'create table parcel as select generate_series(1, 1000) as id',
    )
    replica = await cloneAsStandby()
    watching = collectorOf(replica, ALL_FACTS)
    await waitFor(async () => (await rowsOf<ReplicationRow>(primary, replication))[0]?.state === 'streaming')
  })
  afterAll(async () => {
    await watching?.close()
    await replica?.stop('immediate')
    await primary.stop('immediate')
    for (const dir of [...dirs, primary.dir, replica?.dir ?? ''])
      rmSync(dir, { recursive: true, force: true })
  })

  async function run(server: LocalServer, ...sql: readonly string[]): Promise<void> {
    const client = new pg.Client({ connectionString: server.url() })
    await client.connect()
    for (const each of sql) await client.query(each)
    await client.end()
  }

  /** Copies the stopped cluster, which is a base backup without its tools. */
  async function cloneAsStandby(): Promise<LocalServer> {
    const { port } = primary
    await primary.stop()
    const dir = reachableFolder(dirs[1]!)
    mkdirSync(dirname(dir), { recursive: true, mode: 0o755 })
    execFileSync('cp', ['-a', `${primary.dir}/.`, dir])
    writeFileSync(join(dir, 'data', 'standby.signal'), '', { mode: 0o666 })
    primary = await startLocalServer({ dir: dirs[0]!, port, major, durable: false })
    const { password, username } = new URL(primary.url())
    return startLocalServer({
      dir: dirs[1]!,
      major,
      durable: false,
      settings: {
        primary_conninfo: `host=127.0.0.1 port=${port} user=${username} password=${password} application_name=replica`,
        primary_slot_name: 'for_replica',
        wal_receiver_status_interval: '1s',
      },
    })
  }

  function collectorOf(server: LocalServer, facts: readonly PgFact[]): Collector {
    const url = server.url().replace(/\/\/[^@]+@/, '//watcher:watcher@')
    return new Collector({
      target: { id: 'test', url, labels: {} },
      facts,
      open: (target) => openSession(target.url),
      intervalMs: 600_000,
      everyMs: 0,
    })
  }

  async function rowsOf<Row>(server: LocalServer, fact: PgFact): Promise<readonly Row[]> {
    const collector = collectorOf(server, [fact])
    try {
      const reading = (await collector.collect(new Date())).readings.get(fact.id)
      if (reading?.status !== 'rows') throw new Error(JSON.stringify(reading))
      return reading.rows as readonly Row[]
    } finally {
      await collector.close()
    }
  }

  async function waitFor(isSo: () => Promise<boolean>): Promise<void> {
    for (const until = Date.now() + 30_000; !(await isSo()); ) {
      if (Date.now() > until) throw new Error('it did not come about within 30 s')
    }
  }

  const watch = () => watching.collect(new Date(Date.UTC(2026, 0, 1) + rounds++ * 60_000))
  const latestOf = (snapshot: Snapshot, fact: PgFact) =>
    (snapshot.readings.get(fact.id) as { latest: Interval<unknown> }).latest

  test('every fact is read on a standby, but what only the primary or the extension can answer', async () => {
    await watch()
    const { readings, server } = await watch()
    expect(server.role).toBe('standby')
    const missing = ALL_FACTS.flatMap((fact) => {
      const reading = readings.get(fact.id)
      if (reading === undefined) return [`${fact.id}: not read`]
      if (reading.status !== 'unavailable' || fact.extension !== undefined) return []
      const isExpected =
        reading.because === 'only the primary can answer this' || (fact.id === 'io' && major < 16)
      return isExpected ? [] : [`${fact.id}: ${reading.because}`]
    })
    expect(missing).toEqual([])
  })

  test('both are known as one cluster, each with its own count of statistics', async () => {
    const [[main], [other]] = await Promise.all([
      rowsOf<IdentityRow>(primary, identity),
      rowsOf<IdentityRow>(replica, identity),
    ])
    expect(other?.systemIdentifier).toBe(main?.systemIdentifier)
    expect([main?.isStandby, other?.isStandby]).toEqual([false, true])
    // a copy of a stopped cluster may go on with its counts, one of a running cluster begins anew
    expect(other!.countedSince!.getTime()).toBeGreaterThanOrEqual(main!.countedSince!.getTime())
  })

  test('the primary tells how far its standby is, and what each slot retains', async () => {
    await run(primary, 'insert into parcel select generate_series(1, 20000)')
    await waitFor(async () => (await rowsOf<ReplicationRow>(primary, replication))[0]?.unreplayedBytes === 0)
    expect(await rowsOf<ReplicationRow>(primary, replication)).toMatchObject([
      { application: 'replica', slot: 'for_replica', state: 'streaming', syncState: 'async', unsentBytes: 0 },
    ])
    const slots = await rowsOf<ReplicationSlotRow>(primary, replicationSlots)
    expect(slots.map((slot) => [slot.name, slot.isActive, slot.walStatus])).toEqual([
      ['for_replica', true, 'reserved'],
      ['forgotten', false, 'reserved'],
    ])
    expect(slots[1]!.retainedBytes).toBeGreaterThan(slots[0]!.retainedBytes!)
    expect(slots[1]!.inactiveSince instanceof Date).toBe(major >= 17)
    expect(await rowsOf<StandbyRow>(primary, standby)).toEqual([])
  })

  test('the standby tells whether it receives, and how far its replay is behind', async () => {
    expect(await rowsOf<StandbyRow>(replica, standby)).toMatchObject([
      { receiverStatus: 'streaming', slot: 'for_replica', isReplayPaused: false, replayDelayMs: 0 },
    ])
    await run(replica, 'select pg_wal_replay_pause()')
    await run(primary, 'insert into parcel select generate_series(1, 20000)')
    await waitFor(
      async () => ((await rowsOf<StandbyRow>(replica, standby))[0]?.unreplayedBytes ?? 0) > 100_000,
    )
    const [row] = await rowsOf<StandbyRow>(replica, standby)
    expect(row).toMatchObject({ isReplayPaused: true })
    expect(row!.replayDelayMs).toBeGreaterThan(0)
    await run(replica, 'select pg_wal_replay_resume()')
  })

  test('a promotion is a failover: the interval is empty, the next one counts again', async () => {
    await watch()
    await run(replica, 'select pg_promote()')
    const promoted = await watch()
    expect(promoted.server.role).toBe('primary')
    expect(latestOf(promoted, databases)).toMatchObject({
      seconds: 0,
      rows: [],
      breaks: [{ cause: 'failover' }],
    })
    // the new timeline may show later than the role: one more interval is given up for it
    await waitFor(async () => latestOf(await watch(), databases).breaks.length === 0)
    expect(latestOf(await watch(), databases)).toMatchObject({ seconds: 60, breaks: [] })
  })
})
