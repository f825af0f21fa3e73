// Where a twin's statistics come from: a target, a statistics file, or the folder of a twin that was built before.

import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StewardError } from '../../model/error.ts'
import { openSession, type Session } from '../../postgres/connect.ts'
import { findLocalBinaries, type PostgresMajor } from '../../postgres/local-binaries.ts'
import { readTarget } from '../../twin/statistics/read-target.ts'
import { parseStatisticsFile, type StatisticsFile } from '../../twin/statistics/statistics-file.ts'

/** In a twin's folder. */
export const STATISTICS_NAME = 'statistics.json'

export interface TwinSource {
  readonly statistics: StatisticsFile
  /** Null: read from a file. The caller closes it. */
  readonly session: Session | null
}

/** Reading a large schema's catalogs takes seconds; a lock is waited for one. */
const READ_TIMEOUT_MS = 60_000

export async function openTwinSource(
  urlOrFile: string,
  now: () => Date,
  onProgress: (step: string) => void,
): Promise<TwinSource> {
  if (/^postgres(ql)?:\/\//.test(urlOrFile)) {
    const session = await openSession(urlOrFile, { purpose: 'twin', statementTimeoutMs: READ_TIMEOUT_MS })
    try {
      return { statistics: await readTarget(session, { takenAt: now(), onProgress }), session }
    } catch (error) {
      await session.close()
      throw error
    }
  }
  return { statistics: await readStatisticsFile(urlOrFile), session: null }
}

export async function readStatisticsFile(path: string): Promise<StatisticsFile> {
  try {
    const isFolder = (await stat(path)).isDirectory()
    return parseStatisticsFile(await readFile(isFolder ? join(path, STATISTICS_NAME) : path, 'utf8'), path)
  } catch (error) {
    if (error instanceof StewardError) throw error
    throw new StewardError('statistics-file', `the statistics file ${path} cannot be read`, {
      detail: (error as Error).message,
      hint: 'Give a URL (postgres://...), a file of pgsteward stats export, or the folder of pgsteward twin build.',
      cause: error,
    })
  }
}

export const TWIN_HOSTS = ['auto', 'pglite', 'native'] as const
export type TwinHostChoice = (typeof TWIN_HOSTS)[number]

/** PGlite is PostgreSQL 18: another major plans as itself where its binaries are installed. */
export async function chooseHost(choice: TwinHostChoice, versionNum: number): Promise<'pglite' | 'native'> {
  if (choice !== 'auto') return choice
  const major = Math.floor(versionNum / 10_000)
  if (major === 18) return 'pglite'
  return findLocalBinaries(major as PostgresMajor, undefined).then(
    () => 'native' as const,
    () => 'pglite' as const,
  )
}

/** The host could not be started, or broke down: another may do. */
export function isTwinUnavailable(error: unknown): error is StewardError {
  return (
    error instanceof StewardError && (error.code === 'twin-unavailable' || error.code === 'demo-unavailable')
  )
}

/** A private folder that is gone afterwards, however the work ends. */
export async function inPrivateFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'pgsteward-twin-'))
  try {
    return await work(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
