// PGlite as a worker thread: its memory goes with the worker, a crash of the WebAssembly ends the worker only, and a plan that takes
// too long can be ended from outside.

import { constants, cpSync, existsSync, renameSync, rmSync } from 'node:fs'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { WHOLE_PROTOTYPE, WITHOUT_TOAST } from './cluster.ts'

export interface PgliteWorkerData {
  readonly dataDir: string
  /** Where a prepared cluster lies, or is to be made (five seconds, once); null: dataDir is a cluster already. */
  readonly preparedDir: string | null
  readonly locale: string
  /** Names of extensions that the target has; those that PGlite lacks are passed over. */
  readonly extensions: readonly string[]
}

export interface ToWorker {
  readonly id: number
  /** Messages of the simple protocol; null: the cluster is to be shut down. */
  readonly queries: readonly Uint8Array[] | null
}

/** The first, of id 0, says that it is ready. */
export type FromWorker =
  | { readonly id: number; readonly answers: readonly Uint8Array[]; readonly isLast: boolean }
  | { readonly failure: string }

const TOGETHER = 32
const SIGN_OF_LIFE_MS = 1_000

if (!isMainThread) {
  const { dataDir, preparedDir, locale, extensions } = workerData as PgliteWorkerData
  if (preparedDir !== null) {
    if (!existsSync(preparedDir)) await prepare(preparedDir, locale)
    cpSync(preparedDir, dataDir, { recursive: true, mode: constants.COPYFILE_FICLONE })
  }
  const pglite = await PGlite.create({
    dataDir,
    startParams: startParams(),
    extensions: await load(extensions),
  })
  parentPort!.on('message', async ({ id, queries }: ToWorker) => {
    try {
      if (queries === null) await pglite.close()
      run(pglite, id, queries ?? [])
    } catch (error) {
      parentPort!.postMessage({ failure: (error as Error).message } satisfies FromWorker)
    }
  })
  parentPort!.postMessage({ id: 0, answers: [], isLast: true } satisfies FromWorker)
}

/** Answers go back as bytes, to be read while the next plans are made, and at the latest when a sign of life is due. */
function run(pglite: PGlite, id: number, queries: readonly Uint8Array[]): void {
  let answers: Uint8Array<ArrayBuffer>[] = []
  let sentAt = performance.now()
  const post = (isLast: boolean) => {
    const message: FromWorker = { id, answers, isLast }
    parentPort!.postMessage(
      message,
      answers.map((bytes) => bytes.buffer),
    )
    answers = []
    sentAt = performance.now()
  }
  for (const query of queries) {
    answers.push(pglite.execProtocolRawSync(query) as Uint8Array<ArrayBuffer>)
    if (answers.length >= TOGETHER || performance.now() - sentAt > SIGN_OF_LIFE_MS) post(false)
  }
  post(true)
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
      // the log is most of what is copied for each twin
      '--wal-segsize=1',
    ],
    startParams: startParams(),
  })
  // one database is enough, and a third of the files to copy for each twin
  for (const sql of [
    'update pg_catalog.pg_database set datistemplate = false, datallowconn = true',
    'drop database template0',
    'drop database template1',
    WITHOUT_TOAST,
    WHOLE_PROTOTYPE,
    'vacuum analyze',
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

/** A twin is never started twice: what guards against a crash is time lost. */
function startParams(): string[] {
  const settings = [
    'shared_buffers=16MB',
    'max_wal_size=1GB',
    'autovacuum=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'wal_level=minimal',
    'max_wal_senders=0',
    'wal_init_zero=off',
  ]
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
