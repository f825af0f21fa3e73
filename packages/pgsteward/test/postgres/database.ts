// A database of its own for a test file, on the run's server or on one of another major version.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import type { PostgresMajor } from '../../src/postgres/local-binaries.ts'
import {
  type LocalServer,
  type LocalServerOptions,
  startLocalServer,
} from '../../src/postgres/local-server.ts'

export interface TestDatabase {
  readonly name: string
  /** As superuser. */
  readonly url: string
  /** As a role that has pg_monitor and nothing else. */
  readonly monitorUrl: string
  /** Runs statements one by one, each in its own transaction, as superuser. */
  readonly run: (...statements: readonly string[]) => Promise<void>
  readonly query: <Row = Record<string, unknown>>(sql: string) => Promise<readonly Row[]>
  /** A further superuser connection, closed with the database. */
  readonly connect: () => Promise<pg.Client>
  /** Statistics written by this test's connections become visible. */
  readonly flushStatistics: () => Promise<void>
  /** Closes everything, asserts that no other connection was left open, and drops the database. */
  readonly drop: () => Promise<void>
}

let counter = 0

/** On the run's PostgreSQL 18, or on `serverUrl`. */
export async function createDatabase(serverUrl: string = inject('serverUrl')): Promise<TestDatabase> {
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  const name = `test_${process.pid}_${Date.now().toString(36)}_${counter++}`
  await admin.query(`create database ${name}`)
  await admin.query(`do $$ begin create role test_monitor login password 'monitor'; grant pg_monitor to test_monitor;
                     exception when duplicate_object or unique_violation then null; end $$`)
  const url = withDatabase(serverUrl, name)
  const clients: pg.Client[] = []
  const connect = async () => {
    const client = new pg.Client({ connectionString: url, application_name: 'test' })
    await client.connect()
    clients.push(client)
    return client
  }
  const main = await connect()
  return {
    name,
    url,
    monitorUrl: url.replace(/\/\/[^@]+@/, '//test_monitor:monitor@'),
    run: async (...statements) => {
      for (const statement of statements) await main.query(statement)
    },
    query: async <Row>(sql: string) => (await main.query(sql)).rows as Row[],
    connect,
    flushStatistics: async () => {
      for (const client of clients)
        await client.query('select pg_stat_force_next_flush()').catch(() => undefined)
      await main.query('select 1')
    },
    drop: async () => {
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
    },
  }
}

function withDatabase(url: string, name: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${name}`
  return parsed.href
}

/** A server of its own, of any major, for tests that restart it or change its settings. `stop` removes its folder. */
export async function startTestServer(
  major: PostgresMajor,
  settings: LocalServerOptions['settings'] = {},
): Promise<LocalServer> {
  const dir = mkdtempSync(join(tmpdir(), `pgsteward-test-${major}-`))
  const server = await startLocalServer({
    dir,
    major,
    durable: false,
    settings: { max_connections: '30', ...settings },
  })
  return {
    ...server,
    stop: async (mode) => {
      await server.stop(mode)
      rmSync(dir, { recursive: true, force: true })
      rmSync(server.dir, { recursive: true, force: true })
    },
  }
}
