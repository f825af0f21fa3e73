import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { statsSince } from '../model/server-info.ts'
import { openSession } from './connect.ts'
import { type LocalServer, startLocalServer } from './local-server.ts'

async function countedSince(server: LocalServer): Promise<number> {
  const session = await openSession(server.url())
  try {
    return statsSince(session.server).getTime()
  } finally {
    await session.close()
  }
}

test.each([14, 18] as const)('statistics of PostgreSQL %i outlive a restart, not a crash', async (major) => {
  const dir = mkdtempSync(join(tmpdir(), `pgsteward-test-since-${major}-`))
  const start = () => startLocalServer({ dir, major, durable: false })
  let server = await start()
  try {
    // PostgreSQL 14 begins to count for a database with the first session that ends there
    await countedSince(server)
    await server.stop()
    server = await start()
    const first = await countedSince(server)
    await server.stop()
    server = await start()
    expect(await countedSince(server)).toBe(first)
    await server.stop('immediate')
    server = await start()
    expect(await countedSince(server)).toBeGreaterThan(first)
  } finally {
    await server.stop('immediate')
    for (const each of [dir, server.dir]) rmSync(each, { recursive: true, force: true })
  }
})
