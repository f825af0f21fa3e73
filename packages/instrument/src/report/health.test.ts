import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { type HealthOptions, healthHandler } from './health.ts'

async function ask(options: HealthOptions) {
  const server = createServer(healthHandler(options)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/health`)
    return {
      status: response.status,
      cache: response.headers.get('cache-control'),
      text: await response.text(),
    }
  } finally {
    server.close()
  }
}

test('200 when every check passes, and no cache keeps it', async () => {
  const { status, cache, text } = await ask({ checks: { database: async () => 1, disk: () => undefined } })
  expect(status).toBe(200)
  expect(cache).toBe('no-store')
  expect(JSON.parse(text)).toMatchObject({
    status: 'ok',
    checks: { database: { status: 'ok' }, disk: { status: 'ok' } },
  })
})

test('503 when one fails; why is told to the application and not to the caller', async () => {
  const told: unknown[] = []
  const secret = new Error('password for user admin is wrong')
  const { status, text } = await ask({
    checks: { database: () => Promise.reject(secret), disk: () => 1 },
    onFailure: (name, error) => {
      told.push(name, error)
      throw new Error('a log that fails')
    },
  })
  expect(status).toBe(503)
  expect(JSON.parse(text)).toMatchObject({
    status: 'failing',
    checks: { database: { status: 'failed' }, disk: { status: 'ok' } },
  })
  expect(text).not.toContain('admin')
  expect(told).toEqual(['database', secret])
})

test('503 when one does not answer in time', async () => {
  const { status, text } = await ask({ checks: { database: () => new Promise(() => {}) }, timeoutMs: 20 })
  expect(status).toBe(503)
  expect(JSON.parse(text).checks.database.status).toBe('timeout')
})

test('callers at the same time share one run', async () => {
  let runs = 0
  const handler = healthHandler({
    checks: {
      database: async () => {
        runs++
      },
    },
  })
  await Promise.all([handler.check(), handler.check(), handler.check()])
  expect(runs).toBe(1)
  await handler.check()
  expect(runs).toBe(2)
})
