// What was done to indexes within a period: those that came and went, and rebuilds by maintenance.

import type { IndexChange, Rebuild } from '../../model/index-health.ts'
import { type MaintenanceJob, REWRITE_KINDS, type StepKind } from '../../model/maintenance.ts'
import type { Window } from '../../model/units.ts'
import type { IndexAppearance } from '../../store/advice/index-history.ts'
import type { Store } from '../../store/store.ts'
import { isWithin } from './faults.ts'

/** Longer than a quarter's nights of a busy target. */
const MOST_JOBS = 5_000

const REBUILDING: ReadonlySet<StepKind> = new Set(['reindex', ...REWRITE_KINDS])

export interface IndexWork {
  readonly added: readonly IndexChange[]
  readonly dropped: readonly IndexChange[]
  readonly rebuilds: readonly Rebuild[]
}

export async function indexWork(store: Store, targetId: string, period: Window): Promise<IndexWork> {
  const [changes, jobs] = await Promise.all([
    store.indexChanges(targetId, period),
    store.jobs({ targetId, limit: MOST_JOBS }),
  ])
  return {
    added: changes
      .filter((each) => each.absentUntil !== null && isWithin(each.appearedAt, period))
      .map((each) => changeOf(each, each.appearedAt, jobOf(jobs, 'create-index', each))),
    dropped: changes
      .filter(({ goneAt }) => isWithin(goneAt, period))
      .map((each) => changeOf(each, each.goneAt!, jobOf(jobs, 'drop-index', each))),
    rebuilds: await rebuildsOf(store, jobs, period),
  }
}

function changeOf(
  { schema, table, name, definition }: IndexAppearance,
  at: Date,
  jobId: string | null,
): IndexChange {
  return { schema, table, index: name, definition, at: at.toISOString(), jobId }
}

/** The latest that did it to an index of that name and stood before it was seen. */
function jobOf(
  jobs: readonly MaintenanceJob[],
  kind: StepKind,
  { schema, name, appearedAt, goneAt }: IndexAppearance,
): string | null {
  const seenAt = kind === 'create-index' ? appearedAt : goneAt
  const found = jobs.find(
    ({ steps, nextStep, createdAt }) =>
      seenAt !== null &&
      createdAt <= seenAt &&
      steps
        .slice(0, nextStep)
        .some((step) => step.kind === kind && step.relation.schema === schema && step.relation.name === name),
  )
  return found?.id ?? null
}

async function rebuildsOf(
  store: Store,
  jobs: readonly MaintenanceJob[],
  period: Window,
): Promise<readonly Rebuild[]> {
  const rebuilding = jobs.filter(
    ({ steps, createdAt }) => createdAt <= period.to && steps.some(({ kind }) => REBUILDING.has(kind)),
  )
  const found: Rebuild[] = []
  for (const job of rebuilding)
    for (const { step, startedAt, endedAt, mark, result } of await store.runs(job.id)) {
      const statement = job.steps[step]
      if (statement === undefined || !REBUILDING.has(statement.kind)) continue
      if (result?.outcome !== 'done' || endedAt === null || !isWithin(endedAt, period)) continue
      found.push({
        jobId: job.id,
        step,
        kind: statement.kind,
        schema: statement.relation.schema,
        name: statement.relation.name,
        state: job.state,
        endedAt: endedAt.toISOString(),
        tookMs: endedAt.getTime() - startedAt.getTime(),
        bytesBefore: mark.before.sizeBytes,
        bytesAfter: result.after?.sizeBytes ?? null,
      })
    }
  return found.sort((a, b) => a.endedAt.localeCompare(b.endedAt))
}
