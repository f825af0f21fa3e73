// What maintenance would do to one database now, from one reading and no memory: remedies of findings, and the routine.

import { rangePartitions } from '../../facts/range-partitions.ts'
import { tables } from '../../facts/tables.ts'
import { StewardError } from '../../model/error.ts'
import type { Snapshot } from '../../model/fact.ts'
import type { JobDraft, MaintenanceStep } from '../../model/maintenance.ts'
import type { MaintenancePlan } from '../../model/maintenance-at-once.ts'
import { rowsOf } from '../reading.ts'
import { type CheckRequest, readAndCheck } from '../run-check.ts'
import { decidedByRule } from './approval.ts'
import { draftView } from './draft-view.ts'
import { jobOfRemedy } from './job-of-finding.ts'
import type { MaintenanceConfig } from './maintenance-config.ts'
import { partitionDrafts } from './partition-upkeep.ts'
import { analyzeDraft, vacuumDraft } from './routine.ts'

/** Beside what the configuration lets be done without asking. */
export interface Choice {
  /** Keys of findings; `all`: whatever maintenance knows how to run. */
  readonly findings: readonly string[] | 'all'
}

export interface ChosenJob {
  readonly draft: JobDraft
  /** Who decided: for the record. Null: nobody did. */
  readonly decision: string | null
}

/** Reads only. Rejects with 'finding-unknown' where a finding was chosen that is none. */
export async function planAtOnce(
  request: CheckRequest,
  config: MaintenanceConfig,
  choice: Choice,
): Promise<{ readonly plan: MaintenancePlan; readonly jobs: readonly ChosenJob[] }> {
  const { report, snapshot } = await readAndCheck(request)
  const forPeople: { key: string; summary: string; because: string }[] = []
  const drafts: JobDraft[] = []
  for (const finding of report.findings) {
    try {
      drafts.push(await jobOfRemedy({ ...finding, key: finding.id, remedy: finding.remedy }))
    } catch (error) {
      if (!(error instanceof StewardError)) throw error
      forPeople.push({ key: finding.id, summary: finding.summary, because: error.detail ?? error.message })
    }
  }
  requireKnown(choice, drafts, forPeople)
  const jobs = withoutRepeats(
    [...(await routineOf(snapshot, config)), ...drafts].map((draft) => ({
      draft,
      decision: decisionOn(draft, config, choice),
    })),
  )
  return {
    plan: {
      target: report.target,
      takenAt: report.takenAt,
      jobs: jobs.map(({ draft, decision }) => ({
        ...draftView(draft),
        decidedByRule: decidedByRule(draft.steps, {}, config) !== null,
        isChosen: decision !== null,
        chosenBecause: decision ?? `--finding '${draft.origin.key}', or --all`,
      })),
      forPeople,
    },
    jobs,
  }
}

/** VACUUM takes statistics with it, so it comes first. */
async function routineOf(snapshot: Snapshot, config: MaintenanceConfig): Promise<readonly JobDraft[]> {
  const rows = rowsOf(snapshot, tables) ?? []
  const divided = rowsOf(snapshot, rangePartitions) ?? []
  return [
    config.vacuum === false ? null : vacuumDraft(rows),
    config.analyze === false ? null : analyzeDraft(rows, config.analyze),
    ...(config.partitions === false
      ? []
      : await partitionDrafts(divided, rows, config.partitions, snapshot.takenAt)),
  ].filter((draft) => draft !== null)
}

/** What a chosen statement before it does already is done once: findings ask for what is routine too. */
function withoutRepeats(jobs: readonly ChosenJob[]): readonly ChosenJob[] {
  const done = new Set<string>()
  return jobs.flatMap(({ draft, decision }) => {
    const steps = draft.steps.filter((step) => !done.has(effectKey(step)))
    for (const step of decision === null ? [] : steps) {
      done.add(effectKey(step))
      if (/^vacuum \(analyze\)/.test(step.sql)) done.add(effectKey({ ...step, kind: 'analyze' }))
    }
    return steps.length === 0 ? [] : [{ draft: { ...draft, steps }, decision }]
  })
}

function effectKey({ kind, sql, relation: { schema, name } }: MaintenanceStep): string {
  return kind === 'analyze' ? JSON.stringify([kind, schema, name]) : sql
}

function decisionOn(draft: JobDraft, config: MaintenanceConfig, { findings }: Choice): string | null {
  if (findings === 'all') return 'chosen by --all'
  if (findings.includes(draft.origin.key)) return 'chosen by name'
  return decidedByRule(draft.steps, {}, config)
}

function requireKnown(
  { findings }: Choice,
  drafts: readonly JobDraft[],
  forPeople: readonly { readonly key: string; readonly because: string }[],
): void {
  if (findings === 'all') return
  for (const key of findings) {
    if (drafts.some(({ origin }) => origin.key === key)) continue
    const refused = forPeople.find((each) => each.key === key)
    if (refused !== undefined)
      throw new StewardError('maintenance-refused', `${key} is not for pgsteward to run`, {
        detail: refused.because,
      })
    throw new StewardError('finding-unknown', `there is no finding ${key} now`, {
      hint: '`pgsteward maintain plan URL` lists what there is.',
    })
  }
}
