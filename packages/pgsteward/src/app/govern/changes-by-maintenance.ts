// What maintenance decided and did, added to the changes that name its findings or its jobs.

import { changeOf } from '../../govern/change/change-state.ts'
import type { ChangeWire } from '../../model/change-wire.ts'
import { StewardError } from '../../model/error.ts'
import type { GovernanceRecord } from '../../model/governance.ts'
import type { MaintenanceJob, MaintenanceStep } from '../../model/maintenance.ts'
import type { EntryText, RecordBook } from './record-book.ts'

export interface JobNews {
  readonly job: Pick<MaintenanceJob, 'id' | 'targetId' | 'origin'> & {
    readonly steps: readonly Pick<MaintenanceStep, 'sql'>[]
  }
  readonly state: 'approved' | 'rejected' | 'done' | 'failed'
  readonly actor: string
  readonly because: string
}

/** People write to records at the same time: seen again, and added then. */
const TRIES = 3

/** Every change is told, though one of them could not be. */
export async function tellChanges(book: RecordBook, news: JobNews): Promise<void> {
  for (const record of await book.all('change'))
    if (isAbout(changeOf(record), news)) await add(book, record, news)
}

/** A job of its finding, one that it names, or what takes such a one back. */
function isAbout({ state, targetId, findings, applied, ...change }: ChangeWire, { job }: JobNews): boolean {
  const { id, origin } = job
  const jobs = [...change.jobs, ...applied.map(({ jobId }) => jobId)]
  return (
    state !== 'closed' &&
    (targetId === null || targetId === job.targetId) &&
    ((origin.kind === 'finding' && targetId !== null && findings.includes(origin.key)) ||
      jobs.includes(id) ||
      (origin.kind === 'undo' && jobs.includes(origin.key)))
  )
}

async function add(book: RecordBook, first: GovernanceRecord, news: JobNews): Promise<void> {
  let record = first
  for (let tried = 1; ; tried++) {
    const entry = entryFor(changeOf(record), news)
    if (entry === null) return
    try {
      await book.add(record, entry)
      return
    } catch (error) {
      if (!(error instanceof StewardError) || error.code !== 'record-changed' || tried === TRIES) throw error
      record = await book.get('change', String(record.number))
    }
  }
}

function entryFor(change: ChangeWire, { job, state, actor, because }: JobNews): EntryText | null {
  const sql = job.steps.map((step) => `${step.sql};`).join('\n')
  if (state === 'approved' || state === 'rejected')
    return {
      actor,
      action: 'linked',
      body: { jobId: job.id, state, words: `maintenance job ${job.id} was ${state}: ${because}` },
    }
  const isTold = change.applied.some(({ jobId, outcome }) => jobId === job.id && outcome === state)
  if (isTold) return null
  if (job.origin.kind === 'undo' && state === 'done')
    return {
      actor: 'pgsteward',
      action: 'rolled-back',
      body: { what: sql, reason: `Maintenance job ${job.id} took job ${job.origin.key} back.` },
    }
  return {
    actor: 'pgsteward',
    action: 'applied',
    body: { what: state === 'done' ? sql : `${sql}\n${because}`, jobId: job.id, outcome: state },
  }
}
