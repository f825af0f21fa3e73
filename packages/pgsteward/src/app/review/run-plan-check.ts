// plan-check: production's statistics, the repository's migrations and the captured workload in, a verdict out. No connection is made.

import { readFile } from 'node:fs/promises'
import { idOf, readJsonWorkload, readSqlWorkload, type WorkloadStatement } from '../../advise/workload.ts'
import { StewardError } from '../../model/error.ts'
import type { PlanCheckReport } from '../../model/plan-check.ts'
import type { Runner } from '../../model/review.ts'
import { readMigrationFiles } from '../../prisma/read-migration-files.ts'
import { judgePlanCheck } from '../../review/judge-plan-check.ts'
import { pendingMigrations } from '../../review/pending-migrations.ts'
import { DEFAULT_POLICY, type Policy, parsePolicy } from '../../review/policy.ts'
import { readMigrations } from '../../review/read-migrations.ts'
import { reviewMigrations } from '../../review/review-migrations.ts'
import { fingerprintOf } from '../../sql/fingerprint.ts'
import { loadScriptReader } from '../../sql/parse/read-script.ts'
import { readStatisticsFile, type TwinHostChoice } from '../twin/twin-source.ts'
import { readWorkloadFile } from '../workload/read-workload-file.ts'
import { statementsToPlan } from '../workload/statements-to-plan.ts'
import { surroundingsOfStatistics } from '../workload/surroundings-of-statistics.ts'
import { readNewQueries } from './read-new-queries.ts'
import { twinsOf, workloadOf } from './run-review.ts'

export interface PlanCheckRequest {
  readonly stats: string
  readonly migrations: string
  /** Null: only new queries and migrations are judged. */
  readonly workload: string | null
  /** Production's own workload: what is not in it is new. Null: only what is marked so. */
  readonly known: string | null
  /** Files of statements that are new to production. */
  readonly queries: string | null
  readonly policy: string | null
  /** The last migration that production has. */
  readonly since: string | null
  readonly runner: Runner | null
  readonly host: TwinHostChoice
  readonly cacheDir: string
  readonly now: () => Date
  readonly onProgress: (text: string) => void
}

const DAY_MS = 86_400_000
/** Data grows: after this the sizes are another database's. */
const OLD_DAYS = 14

export async function runPlanCheck(request: PlanCheckRequest): Promise<PlanCheckReport> {
  const { onProgress } = request
  const policy = await policyOf(request.policy)
  const file = await readStatisticsFile(request.stats)
  const files = await readMigrationFiles(request.migrations)
  const runner = request.runner ?? files.runner
  const all = readMigrations(files.texts, runner, await loadScriptReader())
  const split = pendingMigrations(all, file, request.since)
  if (split === null)
    throw new StewardError('usage', `--since ${request.since} is no migration of ${request.migrations}`, {
      detail: `The last ones are ${files.texts
        .slice(-3)
        .map(({ name }) => name)
        .join(', ')}.`,
    })
  const workload = await statementsOf(request)
  const review = await reviewMigrations({
    migrations: split.pending,
    runner,
    sized: {
      target: request.stats,
      file,
      withTwin: await twinsOf(file, request),
      workload: await statementsToPlan(workload.statements, surroundingsOfStatistics(file), (id) =>
        workload.isNew.has(id),
      ),
    },
    onProgress,
  })
  const now = request.now()
  const { conditions, notes } = judgePlanCheck({ review, plans: review.plans ?? [], file }, policy, now)
  const ageDays = (now.getTime() - new Date(file.takenAt).getTime()) / DAY_MS
  return {
    verdict: conditions.some(({ status }) => status === 'fail') ? 'fail' : 'pass',
    statistics: {
      origin: request.stats,
      takenAt: file.takenAt,
      ageDays: Number(ageDays.toFixed(1)),
      versionNum: file.server.versionNum,
      values: file.values,
    },
    migrations: {
      applied: split.applied,
      pending: split.pending.map(({ name }) => name),
      knownBy: split.knownBy,
    },
    statements: {
      known: workload.statements.length - workload.isNew.size,
      new: workload.isNew.size,
      leftOut: workload.leftOut.length,
    },
    conditions,
    review,
    notes: [
      ...(ageDays > OLD_DAYS
        ? [`The statistics are ${Math.round(ageDays)} days old: export them again (pgsteward stats export).`]
        : []),
      ...workload.leftOut
        .slice(0, MOST_LEFT_OUT)
        .map(({ id, because }) => `Statement ${id} is left out: ${because}`),
      ...notes,
      ...review.notes,
    ],
  }
}

const MOST_LEFT_OUT = 10

interface CheckedWorkload {
  readonly statements: readonly WorkloadStatement[]
  readonly leftOut: readonly { readonly id: string; readonly because: string }[]
  /** Ids. */
  readonly isNew: ReadonlySet<string>
}

/**
 * New is what --queries brings, what the workload marks by `"isNew": true`, and, where production's own workload is given by --known,
 * what is not in it: by fingerprint, so that literals and spaces don't matter.
 */
async function statementsOf({ workload: path, known, queries }: PlanCheckRequest): Promise<CheckedWorkload> {
  const file = path === null ? null : await readWorkloadFile(path)
  const { statements, leftOut } =
    file === null
      ? { statements: [], leftOut: [] }
      : file.kind === 'sql'
        ? readSqlWorkload(file.text)
        : readJsonWorkload(file.list)
  const marked =
    file?.kind === 'json' ? file.list.flatMap((each, place) => (isMarked(each) ? idOf(each, place) : [])) : []
  const production =
    known === null ? null : new Set((await workloadOf(known)).statements.map(({ sql }) => fingerprintOf(sql)))
  const unknown =
    production === null
      ? []
      : statements.filter(({ sql }) => !production.has(fingerprintOf(sql))).map(({ id }) => id)
  const added = queries === null ? [] : await readNewQueries(queries)
  return {
    statements: [...statements, ...added],
    leftOut,
    isNew: new Set([...marked, ...unknown, ...added.map(({ id }) => id)]),
  }
}

function isMarked(each: unknown): boolean {
  const { isNew, is_new } = (each ?? {}) as { isNew?: unknown; is_new?: unknown }
  return isNew === true || is_new === true
}

async function policyOf(path: string | null): Promise<Policy> {
  if (path === null) return DEFAULT_POLICY
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new StewardError('config-not-found', `the policy ${path} cannot be read`, {
      detail: (cause as Error).message,
      cause,
    })
  }
  return parsePolicy(text, path)
}
