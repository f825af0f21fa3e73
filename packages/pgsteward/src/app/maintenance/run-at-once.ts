// Runs chosen jobs on one database now: the same steps, guard and proof as in a window, at the word of somebody who is there.

import { recoverStep } from '../../maintain/recover-step.ts'
import { runStep } from '../../maintain/run-step.ts'
import type { MaintenanceStep, StepResult } from '../../model/maintenance.ts'
import type { MaintenanceRun, StepRunAtOnce } from '../../model/maintenance-at-once.ts'
import { draftView, stateView } from './draft-view.ts'
import type { Journal } from './journal.ts'
import type { MaintenanceConfig } from './maintenance-config.ts'
import type { ChosenJob } from './plan-at-once.ts'

export interface RunAtOnce {
  /** The write-capable one. */
  readonly url: string
  readonly jobs: readonly ChosenJob[]
  readonly config: MaintenanceConfig
  readonly journal: Journal
  readonly actor: string
  readonly reason: string
  /** What still runs then is cancelled. */
  readonly until: Date
  readonly now: () => Date
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

/** What an earlier run left in the middle; call it before planning, since what it cleans up is no finding any more. */
export async function recoverAtOnce({
  url,
  journal,
  now,
  onProgress,
}: Pick<RunAtOnce, 'url' | 'journal' | 'now' | 'onProgress'>): Promise<MaintenanceRun['recovered']> {
  const left = journal.unfinished()
  if (left === null) return []
  const result = await recoverStep({ url, step: left.step, mark: left.mark, onProgress })
  journal.add({ is: 'ended', at: now().toISOString(), sql: left.step.sql, result })
  return [shown(left.step, result)]
}

/** One statement after the other; a job ends at its first that is not done, and the next job is tried. */
export async function runAtOnce(request: RunAtOnce): Promise<MaintenanceRun['runs']> {
  const { jobs, journal, actor, reason, signal, now, until } = request
  const runs: MaintenanceRun['runs'][number][] = []
  for (const { draft, decision } of jobs) {
    if (decision === null) continue
    if (signal.aborted || now() >= until) break
    const decisionId = journal.add({
      is: 'decision',
      at: now().toISOString(),
      actor,
      reason: `${reason} (${decision})`,
      because: draft.because,
      sql: draft.steps.map(({ sql }) => sql),
    })
    const steps: StepRunAtOnce[] = []
    for (const step of draft.steps) {
      if (signal.aborted || now() >= until) break
      const result = await runOne(request, step, decisionId)
      steps.push(shown(step, result))
      if (result.outcome !== 'done') break
    }
    runs.push({ origin: draftView(draft).origin, steps })
  }
  return runs
}

async function runOne(request: RunAtOnce, step: MaintenanceStep, decisionId: string): Promise<StepResult> {
  const { url, config, journal, until, now, signal, onProgress } = request
  onProgress(step.sql)
  const { giveWay, waitFor } = config
  const result = await runStep({
    url,
    step,
    warrant: { decisionId, until },
    limits: {
      blockedMs: giveWay.blocked,
      activeSessions: giveWay.activeSessions,
      replayLagMs: giveWay.replayLag,
    },
    waitMs: waitFor,
    now,
    earlier: journal.before(step.sql),
    signal,
    onStart: async (mark) => {
      journal.add({ is: 'begun', at: now().toISOString(), step, mark })
    },
    onProgress: (text) => onProgress(`${step.sql}: ${text}`),
  })
  if (journal.unfinished() !== null)
    journal.add({ is: 'ended', at: now().toISOString(), sql: step.sql, result })
  return result
}

function shown({ sql }: MaintenanceStep, result: StepResult): StepRunAtOnce {
  const { outcome, because, tookMs, before, after, notices, cleaned } = result
  return {
    sql,
    outcome,
    because,
    tookMs,
    before: before === null ? null : stateView(before),
    after: after === null ? null : stateView(after),
    notices: [...notices],
    cleaned: [...cleaned],
  }
}
