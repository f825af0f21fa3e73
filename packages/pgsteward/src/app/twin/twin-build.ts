// twin build: a twin's folder, with the statistics it was built from, for repeated questions without the target.

import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StewardError } from '../../model/error.ts'
import { buildTwin } from '../../twin/build-twin.ts'
import { type LeftOut, statisticsText } from '../../twin/statistics/statistics-file.ts'
import { chooseHost, openTwinSource, STATISTICS_NAME, type TwinHostChoice } from './twin-source.ts'

export interface TwinBuildRequest {
  readonly urlOrFile: string
  /** Made; must be empty or not exist. */
  readonly dir: string
  readonly host: TwinHostChoice
  readonly cacheDir: string
  readonly now: () => Date
  readonly onProgress: (text: string) => void
}

export interface TwinBuildReport {
  readonly dir: string
  readonly host: 'pglite' | 'native'
  readonly versionNum: number
  readonly tables: number
  readonly indexes: number
  /** Length of the relations' files, which take no room on the disk. */
  readonly apparentBytes: number
  readonly buildMs: number
  readonly leftOut: readonly LeftOut[]
}

export async function runTwinBuild(request: TwinBuildRequest): Promise<TwinBuildReport> {
  const { dir, onProgress } = request
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw new StewardError('usage', `the folder ${dir} is not empty`, {
      hint: 'Name a folder that does not exist yet; the twin is made in it.',
    })
  }
  const { statistics, session } = await openTwinSource(request.urlOrFile, request.now, onProgress)
  try {
    const host = await chooseHost(request.host, statistics.server.versionNum)
    const { planner, leftOut, tookMs } = await buildTwin(statistics, {
      dir,
      cacheDir: request.cacheDir,
      host,
      onProgress,
    })
    const versionNum = planner.versionNum
    await planner.close()
    await writeFile(join(dir, STATISTICS_NAME), statisticsText(statistics), { mode: 0o600 })
    const relations = statistics.tables.flatMap((table) => [table, ...table.indexes])
    return {
      dir,
      host,
      versionNum,
      tables: statistics.tables.length,
      indexes: relations.length - statistics.tables.length,
      apparentBytes: relations.reduce((sum, relation) => sum + relation.blocks * 8192, 0),
      buildMs: tookMs,
      leftOut,
    }
  } finally {
    await session?.close()
  }
}
