// Reads on a real streaming replica, and the application through a failover.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  type LocalReplica,
  startLocalReplica,
} from '../../../../packages/pgsteward/src/postgres/local-replica.ts'
import {
  type LocalServer,
  startLocalServer,
} from '../../../../packages/pgsteward/src/postgres/local-server.ts'
import { findRedis, startLocalRedis } from '../local-redis.ts'
import { type Browser, migrate, startTestApp, type TestApp } from '../testing/test-app.ts'

const until = (holds: () => unknown) => vi.waitFor(holds, { timeout: 60_000, interval: 30 })
const folders: string[] = []
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), 'messaging-replica-'))
  folders.push(dir)
  return dir
}
let primary: LocalServer
let replica: LocalReplica
beforeAll(async () => {
  primary = await startLocalServer({ dir: folder(), durable: false, settings: { max_connections: '40' } })
  replica = await startLocalReplica(primary, { dir: folder() })
  await migrate(primary.url())
  await replica.caughtUp()
})
afterAll(async () => {
  await replica.stop('immediate')
  await primary.stop('immediate')
  for (const dir of [...folders, primary.dir, replica.dir]) rmSync(dir, { recursive: true, force: true })
})

const groups = async (browser: Browser, cookie?: string) =>
  (await browser.request('GET', '/api/groups', undefined, cookie === undefined ? {} : { cookie })).body
/** What a browser keeps that did not write lately. */
const sessionOnly = (browser: Browser) =>
  browser
    .cookie()
    .split('; ')
    .find((each) => each.startsWith('session='))!

describe('reads', () => {
  let app: TestApp
  let owner: Browser
  beforeAll(async () => {
    app = await startTestApp(primary.url(), { REPLICA_URL: replica.url() })
    owner = await app.register('Grace')
    await replica.caughtUp()
    await until(async () => {
      await groups(app.browser(), sessionOnly(owner))
      expect(app.reads().replica).toBeGreaterThan(0)
    })
  })
  afterAll(() => app.stop())

  test('that tolerate lag are answered by the replica, others never (L5)', async () => {
    const before = app.reads()
    for (const path of ['/api/groups', '/api/dashboard', '/api/members'])
      expect((await owner.request('GET', path)).status).toBe(200)
    expect(app.reads()).toEqual({ ...before, replica: before.replica + 3 })
    await owner.request('GET', '/api/billing/subscription')
    await owner.request('GET', '/api/me')
    expect(app.reads()).toEqual({ ...before, replica: before.replica + 3 })
  })

  test('after an own write come from the primary, however far the replica is behind', async () => {
    const session = sessionOnly(owner)
    const { status, headers } = await owner.request('POST', '/api/groups', { name: 'Choir' })
    expect(status).toBe(201)
    const wrote = headers.getSetCookie().find((each) => each.startsWith('wrote='))
    expect(wrote).toMatch(/^wrote=1; Max-Age=5; .*HttpOnly/)
    const before = app.reads()
    expect(await groups(app.browser(), `${session}; wrote=1`)).toHaveLength(1)
    expect(app.reads()).toEqual({ ...before, primary: before.primary + 1 })
  })

  test('of a row that the replica does not have yet are answered by the primary', async () => {
    const client = await import('pg').then(({ default: pg }) => new pg.Client(replica.url()))
    await client.connect()
    await client.query('select pg_wal_replay_pause()')
    try {
      const member = { firstName: 'A', lastName: 'B', phone: '+12025550001' }
      const { id } = (await owner.request('POST', '/api/members', member)).body
      const found = await app
        .browser()
        .request('GET', `/api/members/${id}`, undefined, { cookie: sessionOnly(owner) })
      expect(found).toMatchObject({ status: 200, body: { firstName: 'A' } })
    } finally {
      await client.query('select pg_wal_replay_resume()')
      await client.end()
    }
  })

  test('of what a church has just written are not kept as the replica still has them', async () => {
    if (findRedis() === null) return
    const redis = await startLocalRedis()
    const both = await startTestApp(primary.url(), { REPLICA_URL: replica.url(), REDIS_URL: redis.url })
    const client = await import('pg').then(({ default: pg }) => new pg.Client(replica.url()))
    await client.connect()
    try {
      const writer = await both.register('Hope')
      await replica.caughtUp()
      await client.query('select pg_wal_replay_pause()')
      const member = { firstName: 'A', lastName: 'B', phone: '+12025550002' }
      const { id: memberId } = (await writer.request('POST', '/api/members', member)).body
      await until(async () => {
        const { status } = await writer.request('POST', '/api/conversations', { memberId })
        expect(status).toBe(201)
        // another one of the church, whose browser knows nothing of the write
        const inbox = await both
          .browser()
          .request('GET', '/api/conversations', undefined, { cookie: sessionOnly(writer) })
        expect(inbox.body.rows.length).toBeGreaterThan(0)
        expect(both.measured.counts.get('cache.misses') ?? 0).toBeGreaterThan(0)
      })
    } finally {
      await client.query('select pg_wal_replay_resume()')
      await client.end()
      await both.stop()
      await redis.stop()
    }
  })

  test('of half of them, when half is asked for', async () => {
    const half = await startTestApp(primary.url(), { REPLICA_URL: replica.url(), REPLICA_SHARE: '0.5' })
    try {
      const browser = await half.register('Peace')
      await replica.caughtUp()
      const session = { cookie: sessionOnly(browser) }
      await until(async () => {
        await half.browser().request('GET', '/api/groups', undefined, session)
        expect(half.reads().replica).toBeGreaterThan(0)
      })
      const before = half.reads()
      for (let n = 0; n < 10; n++) await half.browser().request('GET', '/api/groups', undefined, session)
      expect(half.reads()).toEqual({ replica: before.replica + 5, primary: before.primary + 5 })
    } finally {
      await half.stop()
    }
  })
})

test('a replica that is not there costs nothing but its relief', async () => {
  const app = await startTestApp(primary.url(), { REPLICA_URL: 'postgres://u:p@127.0.0.1:1/x' })
  try {
    const browser = await app.register('Alone')
    expect(await groups(browser)).toEqual([])
    expect(app.reads().replica).toBe(0)
  } finally {
    await app.stop()
  }
})

test('after a failover the application writes to the promoted replica, by itself (L5)', async () => {
  const own = await startLocalServer({ dir: folder(), durable: false, settings: { max_connections: '40' } })
  await migrate(own.url())
  const standby = await startLocalReplica(own, { dir: folder() })
  const app = await startTestApp(own.url(), { FAILOVER_URL: standby.url(), REPLICA_URL: standby.url() })
  try {
    const browser = await app.register('Moving')
    await browser.request('POST', '/api/groups', { name: 'Before' })
    await standby.caughtUp()
    await own.stop('immediate')
    await standby.promote()
    await until(async () => {
      const { status } = await browser.request('POST', '/api/groups', { name: 'After' })
      expect(status).toBe(201)
    })
    expect((await groups(browser)).map(({ name }: { name: string }) => name)).toEqual(['After', 'Before'])
    expect(app.logged).toContainEqual(expect.stringContaining('the primary is now at'))
  } finally {
    await app.stop()
    await standby.stop('immediate')
    await own.stop('immediate')
    for (const dir of [own.dir, standby.dir]) rmSync(dir, { recursive: true, force: true })
  }
})
