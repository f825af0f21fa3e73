// A PostgreSQL 18 of a story's own, for faults that concern the whole server: its settings, a restart, its slots.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type LocalServer,
  type LocalServerOptions,
  startLocalServer,
} from '../../src/postgres/local-server.ts'
import { createDatabase, type TestDatabase } from './database.ts'

export interface OwnServer {
  /** Empty at first, and again after each restart. */
  readonly database: () => TestDatabase
  /** Settings that wait for it take effect; what is in other databases than `database()` stays. */
  readonly restart: () => Promise<void>
  readonly url: (database?: string) => string
  /** Where its files lie, for stories that damage them. */
  readonly dataDir: () => string
  readonly stop: () => Promise<void>
}

/** `settings` come from the command line, so that ALTER SYSTEM can't change them: leave out those that the story is about. */
export async function startOwnServer(
  settings: LocalServerOptions['settings'] = {},
  options: Pick<LocalServerOptions, 'durable'> = { durable: false },
): Promise<OwnServer> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-own-'))
  const start = () => startLocalServer({ dir, ...options, settings })
  let server: LocalServer = await start()
  let database = await createDatabase(server.url())
  return {
    database: () => database,
    url: (name) => server.url(name),
    dataDir: () => join(server.dir, 'data'),
    restart: async () => {
      await database.drop()
      await server.stop()
      server = await start()
      database = await createDatabase(server.url())
    },
    stop: async () => {
      await database.drop()
      await server.stop('immediate')
      rmSync(dir, { recursive: true, force: true })
      rmSync(server.dir, { recursive: true, force: true })
    },
  }
}
