// Answers about maintenance: jobs, their attempts, what would be done next; and what people decide.

import type { z } from 'zod'
import { StewardError } from '../../model/error.ts'
import type { JobRun, MaintenanceJob } from '../../model/maintenance.ts'
import type {
  approveFindingWire,
  decideJobWire,
  JobRunWire,
  MaintenanceJobDetailWire,
  MaintenanceJobWire,
  MaintenanceWire,
  requestRewriteWire,
} from '../../model/maintenance-wire.ts'
import { draftView, stateView } from '../maintenance/draft-view.ts'
import type { JobProgress } from '../maintenance/maintenance-desk.ts'
import type { Steward } from '../steward.ts'
import { watcherOf } from './watcher-of.ts'

export class MaintenanceViews {
  readonly #steward: Steward

  constructor(steward: Steward) {
    this.#steward = steward
  }

  async all(targetId: string): Promise<MaintenanceWire> {
    const { maintenance, store } = this.#steward
    watcherOf(this.#steward, targetId)
    const window = maintenance.window()
    const progress = maintenance.progress(targetId)
    return {
      targetId,
      isMaintained: maintenance.isMaintained(targetId),
      window: window.isOpen
        ? { isOpen: true, until: window.until.toISOString() }
        : { isOpen: false, because: window.because, opensAt: window.opensAt?.toISOString() ?? null },
      jobs: (await store.jobs({ targetId })).map((job) => jobView(job, progress)),
      planned: (await maintenance.planned(targetId)).map(({ draft, isDecidedByRule }) => ({
        ...draftView(draft),
        decidedByRule: isDecidedByRule,
      })),
    }
  }

  async one(id: string): Promise<MaintenanceJobDetailWire> {
    const { store, maintenance } = this.#steward
    const job = await store.job(id)
    if (job === null)
      throw new StewardError('record-unknown', `there is no job ${id}`, {
        hint: '`pgsteward maintain list` lists them.',
      })
    return {
      ...jobView(job, maintenance.progress(job.targetId)),
      runs: (await store.runs(id)).map(runView),
    }
  }

  async approveFinding(request: z.output<typeof approveFindingWire>): Promise<MaintenanceJobDetailWire> {
    const { target, key, actor, reason } = request
    watcherOf(this.#steward, target)
    const { id } = await this.#steward.maintenance.approveFinding(target, key, actor, reason)
    return this.one(id)
  }

  async request(request: z.output<typeof requestRewriteWire>): Promise<MaintenanceJobDetailWire> {
    const { target, table, method, othersWait } = request
    watcherOf(this.#steward, target)
    const { id } = await this.#steward.maintenance.request(target, {
      table,
      method,
      othersWaitMs: othersWait ?? null,
    })
    return this.one(id)
  }

  async decide(id: string, request: z.output<typeof decideJobWire>): Promise<MaintenanceJobDetailWire> {
    const { action, actor, reason } = request
    const { maintenance } = this.#steward
    const job =
      action === 'undo'
        ? await maintenance.undo(id, actor, reason)
        : await maintenance.decide(id, action, actor, reason)
    return this.one(job.id)
  }
}

function jobView(job: MaintenanceJob, progress: JobProgress | null): MaintenanceJobWire {
  return {
    ...draftView(job),
    id: job.id,
    targetId: job.targetId,
    state: job.state,
    decidedBy: job.decidedBy,
    nextStep: job.nextStep,
    attempts: job.attempts,
    notBefore: job.notBefore?.toISOString() ?? null,
    createdAt: job.createdAt.toISOString(),
    endedAt: job.endedAt?.toISOString() ?? null,
    last: job.last,
    progress: progress?.jobId === job.id ? progress.text : null,
  }
}

function runView({ step, startedAt, endedAt, mark, result }: JobRun): JobRunWire {
  return {
    step,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    outcome: result?.outcome ?? null,
    because: result?.because ?? null,
    tookMs: result?.tookMs ?? null,
    before: stateView(mark.before),
    after: result === null || result.after === null ? null : stateView(result.after),
    notices: [...(result?.notices ?? [])],
    cleaned: [...(result?.cleaned ?? [])],
  }
}
