// Several instances behind one address: work is shared, what one wrote the others show, and one that dies is not missed.

import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../../packages/pgsteward/test/postgres/database.ts'
import { startAppProcess } from '../app-process.ts'
import { findRedis, type LocalRedis, startLocalRedis } from '../local-redis.ts'
import { migrate } from '../testing/test-app.ts'
import { type Instances, startInstances } from './start-instances.ts'

let database: TestDatabase
let redis: LocalRedis | null = null
let instances: Instances
let cookie = ''
beforeAll(async () => {
  database = await createDatabase()
  await migrate(database.url)
  redis = findRedis() === null ? null : await startLocalRedis()
  instances = await startInstances({
    count: 2,
    port: 0,
    environment: {
      DATABASE_URL: database.url,
      POOL_SIZE: '2',
      CONTROL_TOKEN: 'a token for the tests',
      ...(redis === null ? {} : { REDIS_URL: redis.url }),
    },
  })
  const { headers } = await send('POST', '/api/register', {
    churchName: 'Grace',
    displayName: 'Owner',
    email: 'owner@grace.example',
    password: 'correct horse battery',
  })
  cookie = headers.getSetCookie()[0]!.split(';')[0]!
})
afterAll(async () => {
  await instances.stop(5_000)
  await redis?.stop()
  await database.drop()
})

const send = async (method: string, path: string, body?: unknown) => {
  const response = await fetch(instances.url + path, {
    method,
    headers: { cookie, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  const answer: any = await response.json()
  return { status: response.status, headers: response.headers, body: answer }
}

test('both answer, and each shows at once what came by the other (L5)', async () => {
  const before = instances.answered()
  for (let n = 0; n < 6; n++) {
    const { status } = await send('POST', '/api/groups', { name: `Group ${n}` })
    expect(status).toBe(201)
    expect((await send('GET', '/api/groups')).body).toHaveLength(n + 1)
    const phone = `+1202555000${n}`
    const { id: memberId } = (await send('POST', '/api/members', { firstName: 'A', lastName: 'B', phone }))
      .body
    await send('POST', '/api/conversations', { memberId })
    expect((await send('GET', '/api/conversations')).body.rows).toHaveLength(n + 1)
  }
  for (const [n, count] of instances.answered().entries()) expect(count).toBeGreaterThan(before[n]! + 5)
})

test('one that is killed is not missed by who reads, and is started again', async () => {
  const [first] = instances.pids()
  process.kill(first!, 'SIGKILL')
  for (let n = 0; n < 20; n++) expect((await send('GET', '/api/groups')).status).toBe(200)
  await vi.waitFor(() => expect(instances.pids()).not.toContain(null), { timeout: 30_000, interval: 50 })
  expect(instances.pids()).not.toContain(first)
})

test('INSTANCES makes the application several processes behind its own address', async () => {
  const app = await startAppProcess({ DATABASE_URL: database.url, INSTANCES: '2', POOL_SIZE: '1' })
  try {
    expect((await fetch(`${app.url}/health`)).status).toBe(200)
    const names = await vi.waitFor(
      async () => {
        const rows = await database.query<{ sessions: number }>(
          `select count(*)::int as sessions from pg_stat_activity
            where application_name = 'messaging-api' and datname = current_database()`,
        )
        expect(rows[0]!.sessions).toBeGreaterThanOrEqual(2)
        return rows
      },
      { timeout: 20_000, interval: 50 },
    )
    expect(names).toHaveLength(1)
  } finally {
    await app.stop(10_000)
  }
  await expect(fetch(`${app.url}/health`)).rejects.toThrow()
})
