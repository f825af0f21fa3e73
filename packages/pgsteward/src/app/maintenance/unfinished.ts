// What a job of ours began and nobody will go on with, because it was rejected meanwhile or given up: an index that an interrupted DROP left
// invalid, a partition that an interrupted DETACH left half detached. Neither has a way back but forward.

import type { IndexRow } from '../../facts/indexes.ts'
import type { RangePartitionsRow } from '../../facts/range-partitions.ts'
import type { JobDraft, JobRun, MaintenanceJob, MaintenanceStep } from '../../model/maintenance.ts'

/** What is known of a target, as last read. */
export interface Known {
  readonly indexes: readonly Pick<IndexRow, 'schema' | 'name' | 'isValid'>[]
  readonly partitions: readonly Pick<RangePartitionsRow, 'partitions'>[]
}

const ORIGIN = 'finish job'

/** Those that may have left something: ended without being done, at a step of such a kind. */
export function mayBeUnfinished({ state, origin, steps, nextStep }: MaintenanceJob): boolean {
  const kind = steps[nextStep]?.kind
  return (
    (state === 'rejected' || state === 'failed') &&
    (kind === 'drop-index' || kind === 'detach-partition') &&
    // of an attempt to finish the first job tells
    !(origin.kind === 'routine' && origin.key.startsWith(ORIGIN))
  )
}

/** Null: nothing is left, or it was so before we began. `runs`: of the job. */
export function finishDraft(job: MaintenanceJob, runs: readonly JobRun[], known: Known): JobDraft | null {
  const step = job.steps[job.nextStep]!
  const first = runs.findLast((run) => run.step === job.nextStep)
  if (first === undefined || !isLeft(step, first, known)) return null
  return {
    origin: { kind: 'routine', key: `${ORIGIN} ${job.id}` },
    because: `Job ${job.id} was interrupted in the middle: ${step.relation.name} is neither there nor gone.`,
    steps: [step],
    undo: null,
    lock: job.lock,
    caution: 'What is half done can only be finished; without, writes go on to maintain what nobody can use.',
  }
}

function isLeft(
  { kind, relation: { schema, name } }: MaintenanceStep,
  { mark: { before } }: JobRun,
  { indexes, partitions }: Known,
): boolean {
  if (kind === 'drop-index')
    return (
      before.isValid === true &&
      indexes.some((index) => index.schema === schema && index.name === name && !index.isValid)
    )
  return (
    before.partition?.isDetaching === false &&
    partitions.some((row) =>
      row.partitions.some((each) => each.schema === schema && each.name === name && each.isDetaching),
    )
  )
}
