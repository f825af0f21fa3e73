// What a remedy other than an index brought: the finding's evidence before, the check's after, and what the job changed in size and rows.

import type { Evidence } from '../../model/finding.ts'
import type { JobRun, MaintenanceJob } from '../../model/maintenance.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { OptimizationBody } from './optimization-entries.ts'

/** A check that still finds it after a day will not stop by itself. */
export const JUDGED_AFTER_MS: Milliseconds = 86_400_000

/** Null: too early to say. `now` is the finding as it is, null where nothing is known of it any more. */
export function measuredByCheck(
  job: Pick<MaintenanceJob, 'steps' | 'createdAt' | 'endedAt'>,
  before: OptimizationBody<'measured'>['evidenceBefore'],
  now: OpenFinding | null,
  runs: readonly JobRun[],
  at: Date,
): OptimizationBody<'measured'> | null {
  if (job.endedAt === null) return null
  const endedMs = job.endedAt.getTime()
  // a reading may see it gone before the job is settled
  const isGone =
    now === null || (now.state === 'resolved' && now.resolvedAt !== null && now.resolvedAt >= job.createdAt)
  if (!isGone && at.getTime() - endedMs < JUDGED_AFTER_MS) return null
  // what was seen before the end says nothing of after
  if (!isGone && now.lastSeenAt <= job.endedAt) return null
  const [was, is] = changeOf(job, runs)
  return {
    verdict: isGone ? 'gone' : 'remains',
    because: isGone
      ? 'the check no longer finds it'
      : 'the check still finds it a day after the job was done',
    windows: null,
    predictedRatio: null,
    measuredRatio: null,
    statements: [],
    evidenceBefore: [...before, ...was],
    evidenceAfter: [...(isGone ? [] : now.evidence), ...is],
    value: {
      msPerDay: null,
      share: null,
      bytes: freedOf(runs),
      source: 'sizes and rows before and after each statement of the job',
    },
  }
}

function changeOf(
  { steps }: Pick<MaintenanceJob, 'steps'>,
  runs: readonly JobRun[],
): readonly [readonly Evidence[], readonly Evidence[]] {
  const done = runs.filter(({ result }) => result?.outcome === 'done').toSorted((a, b) => a.step - b.step)
  const of = (run: JobRun, side: 'before' | 'after'): readonly Evidence[] => {
    const state = side === 'before' ? run.mark.before : run.result?.after
    const { relation, table } = steps[run.step]!
    const name = relation.schema === 'public' ? relation.name : `${relation.schema}.${relation.name}`
    if (state == null) return []
    return [
      { label: `size of ${name}`, value: state.sizeBytes, unit: 'bytes' },
      ...(state.deadRows === null || table !== null
        ? []
        : [{ label: `dead rows of ${name}`, value: state.deadRows, unit: 'count' as const }]),
    ]
  }
  return [done.flatMap((run) => of(run, 'before')), done.flatMap((run) => of(run, 'after'))]
}

function freedOf(runs: readonly JobRun[]): number | null {
  const done = runs.filter(({ result }) => result?.outcome === 'done')
  if (done.length === 0) return null
  return done.reduce(
    (sum, { mark, result }) => sum + mark.before.sizeBytes - (result?.after?.sizeBytes ?? 0),
    0,
  )
}
