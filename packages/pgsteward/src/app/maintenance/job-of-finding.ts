// A finding's remedy as a job, where maintenance knows how to run it.

import { allowedSteps } from '../../maintain/allowed-step.ts'
import { StewardError } from '../../model/error.ts'
import { subjectLabel } from '../../model/finding.ts'
import type { JobDraft, MaintenanceJob, MaintenanceStep } from '../../model/maintenance.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import { onlineRewrite } from './online-rewrite.ts'
import type { MaintainedTarget } from './proposals.ts'

/** What of a finding makes a job, however it was found. */
export interface Remediable extends Pick<OpenFinding, 'checkId' | 'key' | 'summary'> {
  /** Of its subject. */
  readonly label: string
  readonly remedy: OpenFinding['remedy'] | undefined
}

/** Rejects with 'maintenance-refused' where it has no remedy, or one that is for people. */
export async function jobOfFinding(finding: OpenFinding, target: RewritableTarget): Promise<JobDraft> {
  if (finding.remedy === undefined && isOfBloat(finding)) return rewriteOf(finding, target)
  return jobOfRemedy({ ...finding, label: subjectLabel(finding.subject), remedy: finding.remedy })
}

/** Likewise. */
export async function jobOfRemedy({ checkId, key, summary, label, remedy }: Remediable): Promise<JobDraft> {
  if (remedy === undefined)
    throw new StewardError('maintenance-refused', `${key} has no remedy that could be run`, {
      hint: `docs/checks/${checkId}.md says what to do by hand.`,
    })
  return {
    origin: { kind: 'finding', key },
    because: `${summary}.`,
    steps: await stepsOf(remedy.sql, label),
    undo: remedy.undo,
    lock: remedy.lock,
    caution: remedy.caution,
  }
}

type RewritableTarget = Pick<MaintainedTarget, 'tables' | 'server'>

function isOfBloat({ checkId }: OpenFinding): boolean {
  return checkId === 'bloated-table' || checkId === 'bloated-table-suspected'
}

/** By what the server has: a program is no statement that a remedy could hold. */
function rewriteOf({ key, summary, subject }: OpenFinding, target: RewritableTarget): JobDraft {
  const table = target
    .tables()
    ?.find((row) => subject.kind === 'table' && row.schema === subject.schema && row.name === subject.name)
  const way =
    table === undefined
      ? { refused: 'The table was not read yet.' }
      : onlineRewrite(table, target.server?.() ?? null)
  if ('draft' in way) return { ...way.draft, origin: { kind: 'finding', key }, because: `${summary}.` }
  throw new StewardError('maintenance-refused', `${subjectLabel(subject)} can't be rewritten while in use`, {
    detail: way.refused,
    hint: 'Install pg_repack, or ask for it by name: pgsteward maintain request --vacuum-full SCHEMA.TABLE.',
  })
}

/** Takes back what a job did. Rejects with 'maintenance-refused' where nothing does. */
export async function undoOf(job: MaintenanceJob): Promise<JobDraft> {
  if (job.state !== 'done')
    throw new StewardError(
      'maintenance-refused',
      `job ${job.id} is ${job.state}: there is nothing to take back`,
    )
  if (job.undo === null)
    throw new StewardError('maintenance-refused', `nothing takes back job ${job.id}`, { detail: job.caution })
  return {
    origin: { kind: 'undo', key: job.id },
    because: `Takes back job ${job.id}.`,
    steps: (await stepsOf(job.undo, `job ${job.id}`)).map((step) =>
      step.kind === 'detach-partition' && hasCreated(job, step) ? { ...step, onlyEmpty: true } : step,
    ),
    undo: job.steps.map(({ sql }) => sql),
    lock: job.lock,
    caution: job.caution,
  }
}

function hasCreated({ steps }: MaintenanceJob, { relation }: MaintenanceStep): boolean {
  return steps.some(
    (step) =>
      step.kind === 'create-partition' &&
      step.relation.schema === relation.schema &&
      step.relation.name === relation.name,
  )
}

/** Rejects with 'maintenance-refused' where one of them is for people. `of`: what for, in that error. */
export async function stepsOf(sql: readonly string[], of: string): Promise<JobDraft['steps']> {
  const allowed = await allowedSteps(sql)
  if ('steps' in allowed) return allowed.steps
  throw new StewardError('maintenance-refused', `the remedy of ${of} is not one that maintenance runs`, {
    detail: allowed.refused,
    hint: 'Run it yourself, or as a migration of your application; the check sees that it is done.',
  })
}
