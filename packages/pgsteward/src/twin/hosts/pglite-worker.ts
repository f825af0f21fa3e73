// PGlite as a worker thread: its memory goes with the worker, a crash of the WebAssembly ends the worker only, and a plan that takes
// too long can be ended from outside.

import { cpSync, existsSync, renameSync, rmSync } from 'node:fs'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { decodeAnswer, encodeQuery } from './simple-protocol.ts'

export interface PgliteWorkerData {
  readonly dataDir: string
  /** Where a prepared cluster lies, or is to be made (five seconds, once); null: dataDir is a cluster already. */
  readonly preparedDir: string | null
  readonly locale: string
  /** Names of extensions that the target has; those that PGlite lacks are passed over. */
  readonly extensions: readonly string[]
}

if (!isMainThread) {
  const { dataDir, preparedDir, locale, extensions } = workerData as PgliteWorkerData
  if (preparedDir !== null) {
    if (!existsSync(preparedDir)) await prepare(preparedDir, locale)
    cpSync(preparedDir, dataDir, { recursive: true })
  }
  const pglite = await PGlite.create({
    dataDir,
    startParams: startParams(),
    extensions: await load(extensions),
  })
  parentPort!.on('message', async ({ id, sql }: { id: number; sql: string | null }) => {
    try {
      if (sql === null) {
        await pglite.close()
        parentPort!.postMessage({ id, answer: { rows: [], error: null } })
        parentPort!.close()
        return
      }
      const bytes = await pglite.execProtocolRaw(encodeQuery(sql), { syncToFs: false })
      parentPort!.postMessage({ id, answer: decodeAnswer(bytes) })
    } catch (error) {
      parentPort!.postMessage({ id, failure: (error as Error).message })
    }
  })
  parentPort!.postMessage({ ready: true })
}

/** Made beside and renamed, so that several processes may prepare at once and a kill leaves no half cluster. */
async function prepare(preparedDir: string, locale: string): Promise<void> {
  const fresh = `${preparedDir}.${process.pid}`
  rmSync(fresh, { recursive: true, force: true })
  const pglite = await PGlite.create({
    dataDir: fresh,
    // pages are written from outside, without checksums
    initDbStartParams: [
      '--no-data-checksums',
      `--locale=${locale}`,
      '--locale-provider=libc',
      '--encoding=UTF8',
    ],
    startParams: startParams(),
  })
  // one database is enough, and a third of the files to copy for each twin
  for (const sql of [
    'update pg_catalog.pg_database set datistemplate = false, datallowconn = true',
    'drop database template0',
    'drop database template1',
    'checkpoint',
  ])
    await pglite.exec(sql)
  await pglite.close()
  try {
    renameSync(fresh, preparedDir)
  } catch {
    // another process was first; its cluster serves
    rmSync(fresh, { recursive: true, force: true })
  }
}

function startParams(): string[] {
  const settings = ['shared_buffers=16MB', 'max_wal_size=1GB', 'autovacuum=off']
  return [...PGlite.defaultStartParams, ...settings.flatMap((setting) => ['-c', setting])]
}

/** PGlite keeps each extension in a module of its own, named as the extension is, with dashes as underscores. */
async function load(names: readonly string[]): Promise<Record<string, never>> {
  const found: Record<string, never> = {}
  for (const name of names) {
    const key = name.replaceAll('-', '_')
    try {
      const module = (await import(`@electric-sql/pglite/contrib/${key}`)) as Record<string, never>
      found[key] = module[key]!
    } catch {
      // PGlite has no such extension; create extension will say so
    }
  }
  return found
}
