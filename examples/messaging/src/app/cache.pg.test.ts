// The cache in front of the application, with a real Redis and a real database.

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../../packages/pgsteward/test/postgres/database.ts'
import { findRedis, type LocalRedis, startLocalRedis } from '../local-redis.ts'
import { type Browser, migrate, startTestApp, type TestApp } from '../testing/test-app.ts'
import { type Cache, openCache } from './cache.ts'

/** A read that hangs in the database until it is released. */
function held() {
  let release = (_: string) => {}
  const value = new Promise<string>((resolve) => {
    release = resolve
  })
  return { load: vi.fn(() => value), release }
}

const until = (holds: () => unknown) => vi.waitFor(holds, { timeout: 20_000, interval: 20 })

describe.skipIf(findRedis() === null)('with Redis', () => {
  let redis: LocalRedis
  beforeAll(async () => {
    redis = await startLocalRedis()
  })
  afterAll(() => redis.stop())

  describe('the cache', () => {
    const caches: Cache[] = []
    const open = async (url = redis.url, lifetimeSeconds = 60) => {
      const counted = new Map<string, number>()
      const logged: string[] = []
      const cache = openCache({
        url,
        lifetimeSeconds,
        recentMs: 5_000,
        metrics: { count: (name, by = 1) => void counted.set(name, (counted.get(name) ?? 0) + by) },
        log: (message) => void logged.push(message),
      })
      caches.push(cache)
      return { cache, counted, logged }
    }
    /** Redis comes after the cache: until then nothing is kept. */
    const ready = async (cache: Cache, churchId: number) => {
      await until(async () => {
        await cache.read(churchId, 'probe', async () => 1)
        expect(cache.counts().hits).toBeGreaterThan(0)
      })
    }
    afterEach(async () => {
      await Promise.all(caches.splice(0).map((cache) => cache.close()))
    })
    let churches = 0
    const church = () => ++churches

    test('answers the second reader without the database, and counts hits and misses by name (L5)', async () => {
      const { cache, counted } = await open()
      const id = church()
      await ready(cache, id)
      const before = cache.counts()
      const load = vi.fn(async () => ({ n: 7n, at: new Date(0) }))
      const texts = [await cache.read(id, 'dashboard', load), await cache.read(id, 'dashboard', load)]
      expect(texts).toEqual(Array(2).fill('{"n":"7","at":"1970-01-01T00:00:00.000Z"}'))
      expect(load).toHaveBeenCalledTimes(1)
      expect(cache.counts()).toEqual({ ...before, hits: before.hits + 1, misses: before.misses + 1 })
      expect(counted.get('cache.hits')).toBe(cache.counts().hits)
      expect(counted.get('cache.misses')).toBe(cache.counts().misses)
    })

    test('a hundred readers at once of what nobody has read ask the database once', async () => {
      const { cache } = await open()
      const id = church()
      await ready(cache, id)
      const { load, release } = held()
      const before = cache.counts().misses
      const readers = Array.from({ length: 100 }, () => cache.read(id, 'inbox', load))
      await until(() => expect(cache.counts().misses).toBe(before + 100))
      release('once')
      expect(new Set(await Promise.all(readers))).toEqual(new Set(['"once"']))
      expect(load).toHaveBeenCalledTimes(1)
    })

    test('a failed read is passed on to all who waited for it, and kept by nobody', async () => {
      const { cache } = await open()
      const id = church()
      await ready(cache, id)
      const failing = () => Promise.reject(new Error('no connection'))
      await expect(
        Promise.all([cache.read(id, 'inbox', failing), cache.read(id, 'inbox', failing)]),
      ).rejects.toThrow('no connection')
      expect(await cache.read(id, 'inbox', async () => 'fine')).toBe('"fine"')
    })

    test('what was read before a write is not shown after it, not even by another instance or a slow reader', async () => {
      const [one, other] = [(await open()).cache, (await open()).cache]
      const [id, neighbour] = [church(), church()]
      await ready(one, id)
      await ready(other, id)
      await one.read(neighbour, 'inbox', async () => 'theirs')
      // the write happens while a slow reader holds what was before it
      const { load, release } = held()
      const slow = one.read(id, 'inbox', load)
      await until(() => expect(load).toHaveBeenCalled())
      await other.forget(id)
      release('before')
      expect(await slow).toBe('"before"')
      expect(await one.read(id, 'inbox', async () => 'after')).toBe('"after"')
      expect(await other.read(id, 'inbox', async () => 'later')).toBe('"after"')
      expect(await other.read(neighbour, 'inbox', async () => 'not asked')).toBe('"theirs"')
    })

    test('says that a church wrote a moment ago, so that no lagging replica fills the cache', async () => {
      const { cache } = await open()
      const id = church()
      await ready(cache, id)
      await cache.forget(id)
      const load = vi.fn(async () => 1)
      await cache.read(id, 'inbox', load)
      expect(load).toHaveBeenCalledWith(true)
    })

    test('values end with their lifetime', async () => {
      const { cache } = await open(redis.url, 1)
      const id = church()
      await ready(cache, id)
      let n = 0
      await until(async () => expect(await cache.read(id, 'inbox', async () => ++n)).not.toBe('1'))
    })

    test('a hung Redis is passed by, and what was written meanwhile is not shown old', async () => {
      const own = await startLocalRedis()
      try {
        const { cache } = await open(own.url)
        const id = church()
        await ready(cache, id)
        await cache.read(id, 'inbox', async () => 'old')
        own.pause(true)
        expect(await cache.read(id, 'inbox', async () => 'new')).toBe('"new"')
        await cache.forget(id)
        const bypassed = cache.counts().bypassed
        expect(await cache.read(id, 'inbox', async () => 'new')).toBe('"new"')
        expect(cache.counts().bypassed).toBe(bypassed + 1)
        own.pause(false)
        const hits = cache.counts().hits
        await until(async () => {
          expect(await cache.read(id, 'inbox', async () => 'new')).toBe('"new"')
          expect(cache.counts().hits).toBeGreaterThan(hits)
        })
      } finally {
        await own.stop()
      }
    })

    test('Redis may go and come back', async () => {
      const first = await startLocalRedis()
      const { cache, logged } = await open(first.url)
      const id = church()
      await ready(cache, id)
      await first.stop()
      expect(await cache.read(id, 'inbox', async () => 'from the database')).toBe('"from the database"')
      await cache.forget(id)
      await until(() => expect(logged).toHaveLength(1))
      const password = new URL(first.url).password
      const second = await startLocalRedis({ port: first.port, password })
      try {
        await ready(cache, id)
      } finally {
        await second.stop()
      }
    })
  })

  describe('the application', () => {
    let database: TestDatabase
    let app: TestApp
    beforeAll(async () => {
      database = await createDatabase()
      await migrate(database.url)
      app = await startTestApp(database.url, { REDIS_URL: `${redis.url}/1` })
    })
    afterAll(async () => {
      await app.stop()
      await database.drop()
    })

    const counted = (name: string) => app.measured.counts.get(name) ?? 0
    const inbox = async (browser: Browser) => (await browser.request('GET', '/api/conversations')).body.rows
    const hit = async (read: () => Promise<unknown>) => {
      const before = counted('cache.hits')
      await until(async () => {
        await read()
        expect(counted('cache.hits')).toBeGreaterThan(before)
      })
    }

    test('shows a write at once to who wrote and to everybody else of the church', async () => {
      const owner = await app.register('Grace')
      const colleague = app.browser()
      const member = { firstName: 'A', lastName: 'B', phone: '+12025550001' }
      const { id: memberId } = (await owner.request('POST', '/api/members', member)).body
      await hit(() => inbox(owner))
      expect(await inbox(owner)).toEqual([])
      const { id } = (await owner.request('POST', '/api/conversations', { memberId })).body
      expect((await inbox(owner)).map((row: { id: string }) => row.id)).toEqual([id])
      const signedIn = await colleague.request('POST', '/api/sign-in', {
        email: 'owner@grace.example',
        password: 'correct horse battery',
      })
      expect(signedIn.status).toBe(200)
      const { headers, body } = await colleague.request('GET', '/api/conversations')
      expect(body.rows).toHaveLength(1)
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    })

    test('shows what came by webhook at once, too', async () => {
      const owner = await app.register('Hope')
      const member = { firstName: 'A', lastName: 'B', phone: '+12025550002' }
      const { churchId } = (await owner.request('POST', '/api/members', member)).body
      await hit(() => inbox(owner))
      const event = { type: 'received', id: 'CM1', churchId, from: member.phone, body: 'hello' }
      expect((await app.webhook('/webhooks/carrier', event)).status).toBe(204)
      expect(await inbox(owner)).toHaveLength(1)
    })

    test('never shows one church what another one reads', async () => {
      const [one, other] = [await app.register('Faith'), await app.register('Mercy')]
      for (const path of ['/api/dashboard', '/api/reports/delivery-rate', '/api/billing/payments']) {
        await hit(() => one.request('GET', path))
        const [mine, theirs] = [
          (await one.request('GET', path)).body,
          (await other.request('GET', path)).body,
        ]
        if (path === '/api/dashboard') expect(mine.users).not.toEqual(theirs.users)
      }
    })

    test('answers the same with and without the cache', async () => {
      const plain = await startTestApp(database.url)
      try {
        const owner = await app.register('Peace')
        const uncached = plain.browser()
        const paths = [
          '/api/dashboard',
          '/api/conversations',
          '/api/broadcasts',
          '/api/deliveries',
          '/api/assessments',
          '/api/reports/corrections',
        ]
        for (const path of paths) {
          await hit(() => owner.request('GET', path))
          const cached = await owner.request('GET', path)
          const direct = await uncached.request('GET', path, undefined, { cookie: owner.cookie() })
          expect({ path, ...cached.body }).toEqual({ path, ...direct.body })
        }
      } finally {
        await plain.stop()
      }
    })
  })
})
