// A twin of a test's database, in a folder that is gone with it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSession, type Session } from '../../src/postgres/connect.ts'
import { type BuiltTwin, buildTwin, type TwinOptions } from '../../src/twin/build-twin.ts'
import { readTarget } from '../../src/twin/statistics/read-target.ts'
import type { StatisticsFile } from '../../src/twin/statistics/statistics-file.ts'

/** Prepared clusters are kept between runs, as they are for users. */
const CACHE = join(tmpdir(), `pgsteward-test-twins-${process.getuid?.() ?? 0}`)

export interface TestTwin extends BuiltTwin {
  readonly dir: string
  readonly drop: () => Promise<void>
}

export async function readStatisticsOf(url: string): Promise<StatisticsFile> {
  return withSession(url, (session) => readTarget(session, { takenAt: new Date() }))
}

export async function withSession<T>(url: string, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(url, { statementTimeoutMs: 60_000 })
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

export async function twinOf(
  statistics: StatisticsFile,
  host: 'pglite' | 'native',
  options: Pick<TwinOptions, 'settings'> = {},
): Promise<TestTwin> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-twin-'))
  // below a folder that nobody else may enter, as the commands make it
  const own = join(dir, 'twin')
  const twin = await buildTwin(statistics, { ...options, dir: own, cacheDir: CACHE, host })
  return {
    ...twin,
    dir,
    drop: async () => {
      await twin.planner.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
