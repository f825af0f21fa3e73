// The embedded store: PostgreSQL in WebAssembly (PGlite) in a folder of this machine, owned by one process. What is acknowledged
// has reached the operating system, so it outlives a kill of the process; PGlite has no fsync, so a power cut may damage the folder.

import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { extname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import pg from 'pg'
import { StewardError } from '../model/error.ts'
import { type StoreDatabase, storeDatabase } from './database.ts'
import { lockFolder } from './folder-lock.ts'

/**
 * The default buffers of 128 MB make the process 370 MB large; with 16 MB it is 230 MB, and the queries of bench/store.ts take the
 * same time, since the operating system caches the files.
 */
const SETTINGS = {
  shared_buffers: '16MB',
  wal_buffers: '1MB',
  // there is no checkpointer: retention checkpoints, and these bound what is kept of the log until then
  max_wal_size: '64MB',
  min_wal_size: '32MB',
}

/** Longer than any transaction of the store; waiting for the one connection beyond it is a mistake in the code. */
const CONNECTION_WAIT_MS = 120_000

/**
 * Opens or makes the store in `dir`. The first time takes five seconds (initdb), later half a second. Throws 'store-locked' naming
 * the process that owns the folder, 'store-damaged' when PostgreSQL cannot start from it.
 */
export async function openEmbedded(dir: string): Promise<StoreDatabase> {
  makeFolder(dir)
  const lock = await lockFolder(dir)
  try {
    const data = join(dir, 'data')
    if (!existsSync(data)) await initialise(dir, data)
    const pglite = await start(dir, data)
    const pool = new pg.Pool({
      ...createPgConfig(pglite),
      max: 1,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: CONNECTION_WAIT_MS,
    })
    let closing: Promise<void> | undefined
    return storeDatabase('embedded', pool, () => {
      closing ??= (async () => {
        await pool.end()
        await pglite.close()
        lock.release()
      })()
      return closing
    })
  } catch (error) {
    lock.release()
    throw error
  }
}

function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    // it holds query texts of the application
    chmodSync(dir, 0o700)
  } catch (cause) {
    throw new StewardError('store-damaged', `the store folder ${dir} cannot be made`, {
      detail: (cause as Error).message,
      hint: 'Name a folder that this user can write to.',
      cause,
    })
  }
}

/** Made beside and renamed: a kill during initdb leaves no half store behind. */
async function initialise(dir: string, data: string): Promise<void> {
  const fresh = join(dir, 'data.new')
  rmSync(fresh, { recursive: true, force: true })
  // the worker is a .ts file in development and a .js file once built, like this one
  const script = new URL(`./initialise-folder${extname(import.meta.filename)}`, import.meta.url)
  const worker = new Worker(script, { workerData: { dataDir: fresh, startParams: startParameters() } })
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`initdb ended with code ${code}`)),
    )
  }).catch((cause: Error) => {
    throw new StewardError('store-damaged', `the store in ${dir} cannot be initialised`, {
      detail: cause.message,
      hint: 'Is there room on the disk (40 MB), and may this user write to the folder?',
      cause,
    })
  })
  renameSync(fresh, data)
}

async function start(dir: string, data: string): Promise<PGlite> {
  // without this file PGlite would take the folder for a new one and overwrite what is left
  if (!existsSync(join(data, 'PG_VERSION'))) throw damaged(dir, new Error('the file PG_VERSION is missing'))
  const said: string[] = []
  try {
    return await PGlite.create({
      dataDir: data,
      startParams: startParameters(),
      onStderr: (line) => {
        said.push(line)
        return true
      },
    })
  } catch (cause) {
    throw damaged(dir, cause, said.filter((line) => /FATAL|PANIC|ERROR/.test(line)).at(-1))
  }
}

function startParameters(): string[] {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return [...PGlite.defaultStartParams, ...settings]
}

function damaged(dir: string, cause: unknown, said?: string): StewardError {
  return new StewardError('store-damaged', `the store in ${dir} does not open`, {
    detail: said?.trim() ?? (cause as Error).message ?? String(cause),
    hint: `Move ${dir} away to begin with an empty store, or put a backup of it in its place.`,
    cause,
  })
}
