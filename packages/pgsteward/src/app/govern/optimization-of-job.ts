// What the record of an approved remedy still lacks, by its job, its finding and, of an index, its measured effect.

import { measuredByCheck } from '../../govern/optimization/measured-by-check.ts'
import type { IndexEffect } from '../../model/index-effect.ts'
import type { JobRun, MaintenanceJob } from '../../model/maintenance.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { OptimizationWire } from '../../model/optimization-wire.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'
import { isBuiltBy } from './built-index.ts'
import { analysisOfJob, causeOf } from './optimization-evidence.ts'
import { AUTHOR, measuredFrom, type NextEntry } from './optimization-next.ts'

/** An index that nothing is measured of by then is judged by its check alone: its statements did not run. */
const EFFECT_WITHIN_MS: Milliseconds = 3 * 86_400_000

export interface JobSurroundings {
  readonly job: MaintenanceJob
  /** Of the same target. */
  readonly jobs: readonly MaintenanceJob[]
  readonly effects: readonly IndexEffect[]
  /** As it is now; null: nothing is known of it any more. */
  readonly finding: OpenFinding | null
  readonly pageOf: (checkId: string) => Promise<string>
  readonly now: Date
}

type Known = Pick<Store, 'advice' | 'plansOf' | 'runs' | 'statementSums'>

export async function nextOfJob(
  store: Known,
  is: OptimizationWire,
  given: JobSurroundings,
): Promise<readonly NextEntry[]> {
  const { job, finding, pageOf } = given
  const next: NextEntry[] = []
  if (is.analyse === null) next.push({ action: 'analysed', body: await analysisOfJob(store, job, finding) })
  if (is.rootCause === null)
    next.push({
      action: 'cause-found',
      body: causeOf(finding, finding === null ? '' : await pageOf(finding.checkId)),
    })
  if (is.implement === null)
    next.push({
      action: 'implemented',
      body: {
        sql: job.steps.map(({ sql }) => sql),
        undo: job.undo === null ? null : [...job.undo],
        lock: job.lock,
        caution: job.caution,
        jobId: job.id,
      },
    })
  return [...next, ...(await ending(store, is, given))]
}

async function ending(
  store: Known,
  is: OptimizationWire,
  given: JobSurroundings,
): Promise<readonly NextEntry[]> {
  const { job, jobs } = given
  if (is.state === 'under-way' && (job.state === 'rejected' || job.state === 'failed')) {
    const because =
      job.state === 'failed' ? (job.last?.because ?? 'The job failed.') : 'The job was rejected.'
    return [{ action: 'abandoned', body: { because } }]
  }
  if (job.state !== 'done' || job.endedAt === null || is.state === 'taken-back') return []
  const deployed: NextEntry = {
    action: 'deployed',
    actor: job.decidedBy ?? AUTHOR,
    body: {
      at: job.endedAt.toISOString(),
      jobId: job.id,
      decisionId: job.decisionId,
      decidedBy: job.decidedBy,
      through: null,
    },
  }
  const next = is.deploy === null ? [deployed] : []
  const undo = jobs.find((each) => takesBack(each, job))
  if (undo !== undefined)
    return [
      ...next,
      {
        action: 'taken-back',
        actor: undo.decidedBy ?? AUTHOR,
        body: { because: undo.because, jobId: undo.id },
      },
    ]
  if (is.measure !== null) return next
  const measured = await measuredNow(store, is, given)
  return measured === null ? next : [...next, { action: 'measured', body: measured }]
}

async function measuredNow(
  store: Known,
  { identify }: OptimizationWire,
  { job, effects, finding, now }: JobSurroundings,
) {
  const runs = await store.runs(job.id)
  const effect = effects.find((each) => isBuiltBy(job, each))
  if (effect?.isComplete === true) return measuredFrom(store, effect, grownBy(runs))
  const builds = job.steps.some(({ kind }) => kind === 'create-index')
  const doneForMs = now.getTime() - (job.endedAt ?? now).getTime()
  if (builds && (effect !== undefined || doneForMs < EFFECT_WITHIN_MS)) return null
  return measuredByCheck(job, identify.evidence, finding, runs, now)
}

export function takesBack(
  { origin, state }: Pick<MaintenanceJob, 'origin' | 'state'>,
  { id }: Pick<MaintenanceJob, 'id'>,
): boolean {
  return origin.kind === 'undo' && origin.key === id && state === 'done'
}

/** Bytes that the steps added; null: none is done. */
function grownBy(runs: readonly JobRun[]): number | null {
  const done = runs.filter(({ result }) => result?.outcome === 'done')
  if (done.length === 0) return null
  return done.reduce(
    (sum, { mark, result }) => sum + (result?.after?.sizeBytes ?? 0) - mark.before.sizeBytes,
    0,
  )
}
