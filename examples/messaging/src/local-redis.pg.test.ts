// The private Redis: bounded, closed to strangers, and gone with its starter.

import { spawn } from 'node:child_process'
import { createClient } from '@redis/client'
import { describe, expect, test, vi } from 'vitest'
import { findRedis, startLocalRedis } from './local-redis.ts'

const open = async (url: string) => {
  const client = createClient({ url, socket: { reconnectStrategy: false } })
  client.on('error', () => {})
  await client.connect()
  return client
}

test('without a program there is none, which is said and not guessed', () => {
  const found = findRedis('/nowhere')
  // only what bootstrap.mjs unpacked is left
  expect(found === null || found.file.includes('node_modules/.cache/redis')).toBe(true)
})

describe.skipIf(findRedis() === null)('with Redis', () => {
  test('it forgets the least used when it is full, and keeps nothing on disk', async () => {
    const redis = await startLocalRedis({ maxMemory: '3mb' })
    const client = await open(redis.url)
    try {
      for (let n = 0; n < 60; n++) await client.set(`key ${n}`, 'x'.repeat(100_000))
      const kept = await client.dbSize()
      expect(kept).toBeGreaterThan(0)
      expect(kept).toBeLessThan(40)
      expect(await client.configGet('save')).toEqual({ save: '' })
    } finally {
      client.destroy()
      await redis.stop()
    }
  })

  test('it answers nobody who does not know its password', async () => {
    const redis = await startLocalRedis()
    try {
      const stranger = createClient({
        url: `redis://127.0.0.1:${redis.port}`,
        socket: { reconnectStrategy: false },
      })
      stranger.on('error', () => {})
      await expect(stranger.connect().then(() => stranger.get('x'))).rejects.toThrow(/NOAUTH|auth/i)
      stranger.destroy()
    } finally {
      await redis.stop()
    }
  })

  test('kill -9 of its starter ends it', async () => {
    const script = `
      const { startLocalRedis } = await import(${JSON.stringify(new URL('./local-redis.ts', import.meta.url).href)})
      console.log((await startLocalRedis()).url)
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const url = await new Promise<string>((found) =>
      child.stdout.once('data', (data) => found(String(data).trim())),
    )
    ;(await open(url)).destroy()
    child.kill('SIGKILL')
    await vi.waitFor(() => expect(open(url)).rejects.toThrow(), { timeout: 20_000, interval: 50 })
  })
})
