// Starts one PostgreSQL 18 for the whole run; each test file gets a database of its own (see database.ts).

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startLocalServer } from '../../src/postgres/local-server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    serverUrl: string
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-'))
  const server = await startLocalServer({
    dir,
    durable: false,
    settings: {
      shared_preload_libraries: 'pg_stat_statements',
      max_connections: '60',
      autovacuum: 'off',
      log_lock_waits: 'on',
      wal_level: 'logical',
      jit: 'off',
    },
  })
  project.provide('serverUrl', server.url())
  return async () => {
    await server.stop('immediate')
    rmSync(dir, { recursive: true, force: true })
    rmSync(server.dir, { recursive: true, force: true })
  }
}
