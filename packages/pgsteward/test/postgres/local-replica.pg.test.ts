// A local replica follows its primary, takes no writes until it is promoted, and ends with its starter.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import type { PostgresMajor } from '../../src/postgres/local-binaries.ts'
import { startLocalReplica } from '../../src/postgres/local-replica.ts'
import { startTestServer } from './database.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-replica-'))
  endings.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}
const query = async (url: string, sql: string) => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(sql)).rows
  } finally {
    await client.end().catch(() => {})
  }
}
const startPrimary = async (major: PostgresMajor = 18) => {
  const primary = await startTestServer(major)
  endings.push(() => primary.stop('immediate'))
  return primary
}
const startReplica = async (primary: Awaited<ReturnType<typeof startPrimary>>) => {
  const dir = folder()
  const replica = await startLocalReplica(primary, { dir })
  endings.push(async () => {
    await replica.stop('immediate')
    rmSync(replica.dir, { recursive: true, force: true })
  })
  return replica
}

test.each<PostgresMajor>([14, 18])(
  'a replica of PostgreSQL %i holds what was there and what comes, and refuses writes',
  async (major) => {
    const primary = await startPrimary(major)
    await query(primary.url(), 'create table t as select generate_series(1, 50000) as n')
    const replica = await startReplica(primary)
    await query(primary.url(), 'insert into t values (50001)')
    await replica.caughtUp()
    expect(await query(replica.url(), 'select count(*)::int as rows, max(n) from t')).toEqual([
      { rows: 50001, max: 50001 },
    ])
    await expect(query(replica.url(), 'insert into t values (0)')).rejects.toThrow('read-only transaction')
    // what it was started with, as the primary: a standby with fewer connections would not start
    expect(await query(replica.url(), 'show max_connections')).toEqual([{ max_connections: '30' }])
  },
)

test('a copy taken while rows are written is whole', async () => {
  const primary = await startPrimary()
  await query(primary.url(), 'create table t (n int primary key, filler text)')
  let writing = true
  let written = 0
  const writer = (async () => {
    const client = new pg.Client({ connectionString: primary.url() })
    await client.connect()
    while (writing) {
      await client.query(
        `insert into t select n, repeat('x', 200) from generate_series(${written}, ${written + 99}) n`,
      )
      written += 100
    }
    await client.end()
  })()
  await vi.waitFor(() => expect(written).toBeGreaterThan(1000), { timeout: 20_000, interval: 10 })
  const replica = await startReplica(primary).finally(() => {
    writing = false
  })
  await writer
  await replica.caughtUp()
  const sum =
    'select count(*)::int as rows, md5(string_agg(n::text || filler, null order by n)) as sum from t'
  expect(await query(replica.url(), sum)).toEqual(await query(primary.url(), sum))
  expect(await query(replica.url(), 'select count(*)::int as rows from t')).toEqual([{ rows: written }])
})

test('promoted, it takes writes, also when the primary is gone', async () => {
  const primary = await startPrimary()
  await query(primary.url(), 'create table t as select 1 as n')
  const replica = await startReplica(primary)
  await replica.caughtUp()
  await primary.stop('immediate')
  await replica.promote()
  await query(replica.url(), 'insert into t values (2)')
  expect(await query(replica.url(), 'select n from t order by n')).toEqual([{ n: 1 }, { n: 2 }])
})

test('stopping it leaves the primary no slot that would hold its log', async () => {
  const primary = await startPrimary()
  const replica = await startReplica(primary)
  const slots = () => query(primary.url(), 'select slot_name, active from pg_replication_slots')
  expect(await slots()).toEqual([{ slot_name: 'pgsteward_replica', active: true }])
  await replica.stop()
  expect(await slots()).toEqual([])
})

test('it says why it cannot be made, and leaves nothing behind', async () => {
  const primary = await startTestServer(18, { wal_level: 'minimal', max_wal_senders: '0' })
  endings.push(() => primary.stop('immediate'))
  const dir = folder()
  await expect(startLocalReplica(primary, { dir })).rejects.toMatchObject({
    code: 'demo-unavailable',
    detail: expect.stringContaining('wal_level'),
  })
})

test('kill -9 of the starter stops primary and replica', async () => {
  const sources = resolve(import.meta.dirname, '../../src/postgres')
  const [one, other] = [folder(), folder()]
  const script = `
    const { startLocalServer } = await import(${JSON.stringify(join(sources, 'local-server.ts'))})
    const { startLocalReplica } = await import(${JSON.stringify(join(sources, 'local-replica.ts'))})
    const primary = await startLocalServer({ dir: ${JSON.stringify(one)}, durable: false })
    const replica = await startLocalReplica(primary, { dir: ${JSON.stringify(other)} })
    console.log(JSON.stringify([primary.url(), replica.url()]))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const urls = await new Promise<string[]>((found) =>
    child.stdout.once('data', (data) => found(JSON.parse(String(data)))),
  )
  for (const url of urls) expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }])
  child.kill('SIGKILL')
  for (const url of urls)
    await vi.waitFor(() => expect(query(url, 'select 1')).rejects.toThrow(/ECONNREFUSED/), {
      timeout: 20_000,
      interval: 50,
    })
})
