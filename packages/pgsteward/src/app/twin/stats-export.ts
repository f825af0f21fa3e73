// stats export: a target's schema and planner statistics as a file, as they are or with surrogates for the values of rows.

import { rename, writeFile } from 'node:fs/promises'
import { StewardError } from '../../model/error.ts'
import { redactStatistics } from '../../twin/statistics/redact.ts'
import { type LeftOut, type StatisticsFile, statisticsText } from '../../twin/statistics/statistics-file.ts'
import { openTwinSource } from './twin-source.ts'

export interface StatsExportRequest {
  /** A target, or a statistics file, which may so be redacted later. */
  readonly urlOrFile: string
  readonly out: string
  readonly redact: boolean
  readonly now: () => Date
  readonly onProgress: (text: string) => void
}

export interface StatsExportReport {
  readonly out: string
  readonly bytes: number
  readonly values: StatisticsFile['values']
  readonly tables: number
  readonly columnsWithStatistics: number
  readonly leftOut: readonly LeftOut[]
}

/** Written beside and renamed, readable by its owner alone: it may hold values of users' rows. */
export async function runStatsExport(request: StatsExportRequest): Promise<StatsExportReport> {
  const { statistics, session } = await openTwinSource(request.urlOrFile, request.now, request.onProgress)
  await session?.close()
  const written = request.redact ? redactStatistics(statistics) : statistics
  const text = statisticsText(written)
  const fresh = `${request.out}.part`
  try {
    await writeFile(fresh, text, { mode: 0o600 })
    await rename(fresh, request.out)
  } catch (cause) {
    throw new StewardError('usage', `${request.out} cannot be written`, {
      detail: (cause as Error).message,
      hint: 'Name a file in a folder that this user can write to.',
      cause,
    })
  }
  return {
    out: request.out,
    bytes: Buffer.byteLength(text),
    values: written.values,
    tables: written.tables.length,
    columnsWithStatistics: written.tables.reduce((sum, table) => sum + table.statistics.length, 0),
    leftOut: written.leftOut,
  }
}
