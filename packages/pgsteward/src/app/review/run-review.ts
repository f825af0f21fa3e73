// review: migrations judged by PostgreSQL's rules, and at a target's sizes and workload on two twins of it, without and with them.

import { readStatementsWorkload } from '../../advise/read-statements-workload.ts'
import { readJsonWorkload, readSqlWorkload, type Workload } from '../../advise/workload.ts'
import type { ReviewReport, Runner } from '../../model/review.ts'
import { addressOf } from '../../postgres/connect-error.ts'
import { readMigrationFiles } from '../../prisma/read-migration-files.ts'
import { pendingMigrations } from '../../review/pending-migrations.ts'
import { readMigrations } from '../../review/read-migrations.ts'
import { reviewMigrations, type WithTwin } from '../../review/review-migrations.ts'
import { loadScriptReader } from '../../sql/parse/read-script.ts'
import { buildTwin } from '../../twin/build-twin.ts'
import type { StatisticsFile } from '../../twin/statistics/statistics-file.ts'
import { chooseHost, inPrivateFolder, openTwinSource, type TwinHostChoice } from '../twin/twin-source.ts'
import { readWorkloadFile } from '../workload/read-workload-file.ts'
import { statementsToPlan } from '../workload/statements-to-plan.ts'
import { surroundingsOfStatistics } from '../workload/surroundings-of-statistics.ts'

export interface RunReviewRequest {
  readonly path: string
  /** A target's URL, or a statistics file; null: no sizes are known. */
  readonly urlOrFile: string | null
  readonly workloadFile: string | null
  /** Null: as the folder tells. */
  readonly runner: Runner | null
  readonly host: TwinHostChoice
  readonly cacheDir: string
  readonly now: () => Date
  readonly onProgress: (text: string) => void
}

export async function runReview(request: RunReviewRequest): Promise<ReviewReport> {
  const { urlOrFile, onProgress } = request
  const files = await readMigrationFiles(request.path)
  const runner = request.runner ?? files.runner
  const all = readMigrations(files.texts, runner, await loadScriptReader())
  if (urlOrFile === null) return reviewMigrations({ migrations: all, runner, sized: null, onProgress })
  const given = request.workloadFile === null ? null : await workloadOf(request.workloadFile)
  const { statistics, session } = await openTwinSource(urlOrFile, request.now, onProgress)
  let known: Workload | null = given
  try {
    if (given === null && session?.server.extensions.has('pg_stat_statements') === true)
      known = await readStatementsWorkload((label, sql) => session.query(label, sql))
  } finally {
    await session?.close()
  }
  const workload = known ?? { statements: [], leftOut: [] }
  // one file is what it is; of a folder those that the database does not have yet
  const split = all.length > 1 ? pendingMigrations(all, statistics, null) : null
  const migrations = split?.pending ?? all
  const report = await reviewMigrations({
    migrations,
    runner,
    sized: {
      target: session === null ? urlOrFile : addressOf(urlOrFile),
      file: statistics,
      withTwin: await twinsOf(statistics, request),
      workload: await statementsToPlan(
        workload.statements,
        surroundingsOfStatistics(statistics),
        () => false,
      ),
    },
    onProgress,
  })
  return {
    ...report,
    notes: [
      ...(split === null || split.applied.length === 0
        ? []
        : [
            `${split.applied.length} of ${all.length} migrations are applied already, ${split.knownBy === 'recorded' ? 'as the database recorded' : 'recognised by their objects'}.`,
          ]),
      ...(known === null
        ? [
            'No workload: give --workload FILE, or a target with pg_stat_statements, to see what becomes of plans.',
          ]
        : []),
      ...workload.leftOut
        .slice(0, MOST_LEFT_OUT)
        .map(({ id, because }) => `Statement ${id} is left out: ${because}`),
      ...report.notes,
    ],
  }
}

const MOST_LEFT_OUT = 10

export async function workloadOf(path: string): Promise<Workload> {
  const file = await readWorkloadFile(path)
  return file.kind === 'sql' ? readSqlWorkload(file.text) : readJsonWorkload(file.list)
}

export interface TwinPlace {
  readonly host: TwinHostChoice
  readonly cacheDir: string
  readonly onProgress: (text: string) => void
}

/** A twin at a time, each in a private folder that is gone afterwards. */
export async function twinsOf(statistics: StatisticsFile, place: TwinPlace): Promise<WithTwin> {
  const host = await chooseHost(place.host, statistics.server.versionNum)
  return (change, use) =>
    inPrivateFolder(async (dir) => {
      const known = new Set(statistics.extensions.map(({ name }) => name))
      const wanted = (change?.extensions ?? []).filter((name) => !known.has(name))
      const twin = await buildTwin(
        {
          ...statistics,
          extensions: [
            ...statistics.extensions,
            ...wanted.map((name) => ({ name, version: '', schema: 'public' })),
          ],
        },
        {
          dir,
          cacheDir: place.cacheDir,
          host,
          onProgress: place.onProgress,
          ...(change === null ? {} : { onSchema: change.apply }),
        },
      )
      try {
        return await use(twin)
      } finally {
        await twin.planner.close()
      }
    })
}
