// Opens pgsteward's memory, embedded or on a server, and brings its tables to this version.

import type { Milliseconds } from '../model/units.ts'
import { migrate } from '../postgres/migrate.ts'
import { fillFingerprints } from './applications/fingerprints.ts'
import type { StoreDatabase } from './database.ts'
import { openEmbedded } from './embedded-store.ts'
import { STORE_SCHEMA, storeMigrations } from './migrations.ts'
import { type OpenedStore, postgresStore } from './postgres-store.ts'
import { openServer } from './server-store.ts'

/** A folder of this machine, or a PostgreSQL 14 or newer by URL. */
export type StoreLocation = { readonly dir: string } | { readonly url: string }

export interface OpenStoreOptions {
  /** How long a migration waits for another process that migrates or holds the tables. */
  readonly lockTimeoutMs?: Milliseconds
}

/** Throws 'store-locked', 'store-damaged', 'store-unreachable', 'store-newer' or 'store-migration'. */
export async function openStore(
  location: StoreLocation,
  options: OpenStoreOptions = {},
): Promise<OpenedStore> {
  const database = await openDatabase(location)
  try {
    await migrate(database, STORE_SCHEMA, storeMigrations(), options.lockTimeoutMs)
    await fillFingerprints(database)
    // the folder has one owner: who held a lease before is gone, by kill -9 perhaps, and nobody has to wait for its end
    if (database.kind === 'embedded') await database.query('delete from pgsteward.lease')
    return postgresStore(database)
  } catch (error) {
    await database.close().catch(() => undefined)
    throw error
  }
}

/** Not migrated. For openStore, jobs and tests. */
export async function openDatabase(location: StoreLocation): Promise<StoreDatabase> {
  return 'dir' in location ? await openEmbedded(location.dir) : await openServer(location.url)
}
