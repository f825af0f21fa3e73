import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { replicationLag } from '../../src/checks/availability/replication-lag.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { otherSession } from '../postgres/other-session.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const SOON = { timeout: 30_000, interval: 100 }
const [create, publish, slot, createThere, subscribe, begin, lock, write] = reproductionOf('replication-lag')
let server: OwnServer
let subscriber: TestDatabase

beforeAll(async () => {
  server = await startOwnServer({ wal_level: 'logical' })
  subscriber = await createDatabase(server.url())
  await server.database().run(create!, publish!, slot!)
  await subscriber.run(createThere!, subscribe!.replace('CONNECTION', server.database().url))
})
afterAll(async () => {
  await subscriber.run(
    'alter subscription warehouse disable',
    'alter subscription warehouse set (slot_name = none)',
    'drop subscription warehouse',
  )
  const isActive = () => server.database().query('select from pg_replication_slots where active')
  await vi.waitUntil(async () => (await isActive()).length === 0, SOON)
  await server.database().run("select pg_drop_replication_slot('warehouse')")
  await subscriber.drop()
  await server.stop()
})

const findings = (options = {}) =>
  findingsOf(replicationLag, server.database(), { options: { warnBytes: '1MB', ...options } })

// no remedy: here the lock that keeps the subscriber waiting is released
test('a subscriber that waits is found, quiet once it caught up, and found again when it waits again', async () => {
  const streaming = () => server.database().query("select from pg_stat_replication where state = 'streaming'")
  await expect.poll(streaming, SOON).toHaveLength(1)
  for (const round of [1, 2]) {
    await expect.poll(findings, SOON).toEqual([])
    const blocker = await otherSession(subscriber)
    await blocker.query(begin!)
    await blocker.query(lock!)
    await server.database().run('truncate parcel', write!)
    await expect
      .poll(findings, SOON)
      .toMatchObject([{ subject: { kind: 'replica', name: 'warehouse' }, severity: 'warning' }])
    if (round === 1) {
      // the same delay is small to the defaults
      expect(await findings({ warnBytes: '100MB' })).toEqual([])
      expect(await findings({ criticalBytes: '2MB' })).toMatchObject([{ severity: 'critical' }])
    }
    await blocker.query('rollback')
    await blocker.end()
    await expect.poll(findings, SOON).toEqual([])
  }
})
