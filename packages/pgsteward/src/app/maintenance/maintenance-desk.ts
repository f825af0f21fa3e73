// Maintenance of all targets: proposes, has decided, runs within windows one job at a time, and settles what came of it. What an earlier
// process left in the middle is judged first.

import { recoverStep } from '../../maintain/recover-step.ts'
import { runStep } from '../../maintain/run-step.ts'
import { StewardError } from '../../model/error.ts'
import type { JobDraft, MaintenanceJob, StepResult } from '../../model/maintenance.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { MaintenanceStore } from '../../store/maintenance-store.ts'
import type { Store } from '../../store/store.ts'
import type { JobNews } from '../govern/changes-by-maintenance.ts'
import { jobOfFinding, undoOf } from './job-of-finding.ts'
import type { MaintenanceConfig } from './maintenance-config.ts'
import { type WindowState, windowState } from './open-window.ts'
import { type MaintainedTarget, OPEN, type PlannedJob, Proposals, RULE } from './proposals.ts'
import { type RewriteRequest, rewriteRequested } from './rewrite-requested.ts'
import { settlementOf } from './settlement.ts'

export interface MaintenanceDeskOptions {
  readonly store: MaintenanceStore & Pick<Store, 'findings' | 'indexEffects'>
  readonly targets: readonly MaintainedTarget[]
  readonly config: MaintenanceConfig
  readonly now: () => Date
  /** Between two rounds; a decision does not wait for the next. */
  readonly everyMs: Milliseconds
  readonly onFailure: (targetId: string, error: unknown) => void
  /** Of every decision by a person, and of every end. */
  readonly onJob?: (news: JobNews) => Promise<void>
}

/** What a job does at this moment. */
export interface JobProgress {
  readonly jobId: string
  readonly step: number
  readonly text: string
}

export class MaintenanceDesk {
  readonly #options: MaintenanceDeskOptions
  readonly #stop = new AbortController()
  readonly #progress = new Map<string, JobProgress>()
  readonly #proposals: Proposals
  #loops: Promise<unknown> | null = null
  readonly #sleepers = new Set<() => void>()

  constructor(options: MaintenanceDeskOptions) {
    this.#options = options
    this.#proposals = new Proposals(options)
  }

  start(): void {
    const maintained = this.#options.targets.filter(({ maintenanceUrl }) => maintenanceUrl !== null)
    this.#loops ??= Promise.all(maintained.map((target) => this.#loop(target)))
  }

  /** Cancels what runs: it is tried again after the next start. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#wakeAll()
    await this.#loops
  }

  progress(targetId: string): JobProgress | null {
    return this.#progress.get(targetId) ?? null
  }

  window(): WindowState {
    return windowState(this.#options.config, this.#options.now())
  }

  isMaintained(targetId: string): boolean {
    return this.#options.targets.some(({ id, maintenanceUrl }) => id === targetId && maintenanceUrl !== null)
  }

  /** What a window that opened now would add; nothing is kept of it. */
  async planned(targetId: string): Promise<readonly PlannedJob[]> {
    const target = this.#options.targets.find(({ id }) => id === targetId)
    return target === undefined || target.maintenanceUrl === null ? [] : this.#proposals.planned(target)
  }

  /** Approved with that reason. Rejects with 'finding-unknown' or 'maintenance-refused'. */
  async approveFinding(
    targetId: string,
    key: string,
    actor: string,
    reason: string,
  ): Promise<MaintenanceJob> {
    this.#writable(targetId)
    const finding = (await this.#options.store.findings({ targetId })).find((each) => each.key === key)
    if (finding === undefined)
      throw new StewardError('finding-unknown', `there is no finding ${key}`, {
        hint: 'pgsteward findings --all lists what is known.',
      })
    const target = this.#options.targets.find(({ id }) => id === targetId)!
    return this.#propose(targetId, await jobOfFinding(finding, target), { actor, reason })
  }

  /** Proposed, for a person to approve. Rejects with 'maintenance-refused'. */
  async request(targetId: string, request: RewriteRequest): Promise<MaintenanceJob> {
    this.#writable(targetId)
    const target = this.#options.targets.find(({ id }) => id === targetId)!
    const { store, now, config } = this.#options
    const id = await store.proposeJob(targetId, rewriteRequested(request, target, config), now())
    if (id === null)
      throw new StewardError('maintenance-refused', `a job that rewrites ${request.table} is open already`, {
        hint: '`pgsteward maintain list` shows it.',
      })
    return this.#job(id)
  }

  async undo(jobId: string, actor: string, reason: string): Promise<MaintenanceJob> {
    const job = await this.#job(jobId)
    this.#writable(job.targetId)
    return this.#propose(job.targetId, await undoOf(job), { actor, reason })
  }

  async decide(
    jobId: string,
    action: 'approve' | 'reject',
    actor: string,
    reason: string,
  ): Promise<MaintenanceJob> {
    const { store, now } = this.#options
    const { state } = await this.#job(jobId)
    if (!(await store.decideJob(jobId, { at: now(), actor, action, reason })))
      throw new StewardError('maintenance-refused', `job ${jobId} is ${state}: there is nothing to decide`)
    const job = await this.#job(jobId)
    const decided = action === 'approve' ? 'approved' : 'rejected'
    await this.#tell({ job, state: decided, actor, because: reason })
    this.#wakeAll()
    return job
  }

  /** One turn: recovers, proposes, and runs what is approved until nothing is due or the window is over. */
  async round(target: MaintainedTarget): Promise<void> {
    const { store, config, now } = this.#options
    if (target.maintenanceUrl === null || !target.isOurs()) return
    await this.#recover(target, target.maintenanceUrl)
    await this.#proposals.keep(target, await this.#proposals.unasked(target))
    const open = windowState(config, now())
    if (!open.isOpen) return
    await this.#proposals.keepUnfinished(target)
    await this.#proposals.keep(target, await this.#proposals.routine(target))
    while (!this.#stop.signal.aborted && now() < open.until) {
      const job = await store.claimJob(target.id, now())
      if (job === null) return
      await this.#run(target, job, target.maintenanceUrl, open.until)
    }
  }

  async #loop(target: MaintainedTarget): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.round(target).catch((error) => this.#options.onFailure(target.id, error))
      if (!this.#stop.signal.aborted) await this.#sleep()
    }
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#sleepers.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, this.#options.everyMs)
      this.#sleepers.add(wake)
    })
  }

  #wakeAll(): void {
    for (const wake of [...this.#sleepers]) wake()
  }

  async #run(target: MaintainedTarget, job: MaintenanceJob, url: string, until: Date): Promise<void> {
    const { store, config, now } = this.#options
    let runId: string | null = null
    const earlier = (await store.runs(job.id)).findLast(({ step }) => step === job.nextStep)
    const result = await runStep({
      url,
      step: job.steps[job.nextStep]!,
      warrant: {
        decisionId: job.decisionId ?? '',
        until,
        namedBy: job.origin.kind === 'request' && job.decidedBy !== RULE ? job.decidedBy : null,
      },
      limits: {
        blockedMs: config.giveWay.blocked,
        activeSessions: config.giveWay.activeSessions,
        replayLagMs: config.giveWay.replayLag,
      },
      waitMs: config.waitFor,
      repackProgram: config.pgRepack,
      now,
      earlier: earlier?.mark.before ?? null,
      signal: this.#stop.signal,
      onStart: async (mark) => {
        runId = await store.startRun(job.id, job.nextStep, now(), mark)
      },
      onProgress: (text) => this.#progress.set(job.targetId, { jobId: job.id, step: job.nextStep, text }),
    }).catch((error): StepResult => {
      this.#options.onFailure(job.targetId, error)
      return interrupted((error as Error).message)
    })
    this.#progress.delete(job.targetId)
    // begun, and its end unknown: the next round judges by the mark
    if (runId !== null && result.outcome === 'interrupted') return
    const settlement = settlementOf(job, result, now())
    await store.settle(job, runId, result, settlement, now())
    await this.#tellEnd(job, settlement.state, result.because)
    if (settlement.state === 'done') target.onChanged()
  }

  /** Nobody but this process runs jobs of the target, and between two rounds it runs none. */
  async #recover(target: MaintainedTarget, url: string): Promise<void> {
    const { store, now } = this.#options
    for (const job of await store.jobs({ targetId: target.id, states: ['running'] })) {
      const run = (await store.runs(job.id)).find(({ endedAt }) => endedAt === null)
      const result =
        run === undefined
          ? interrupted('It was interrupted before it began')
          : await recoverStep({
              url,
              step: job.steps[run.step]!,
              mark: run.mark,
              onProgress: (text) => this.#progress.set(target.id, { jobId: job.id, step: run.step, text }),
            })
      this.#progress.delete(target.id)
      const settlement = settlementOf(job, result, now())
      await store.settle(job, run?.id ?? null, result, settlement, now())
      await this.#tellEnd(job, settlement.state, result.because)
      if (result.outcome === 'done') target.onChanged()
    }
  }

  async #tellEnd(job: MaintenanceJob, state: MaintenanceJob['state'], because: string): Promise<void> {
    if (state === 'done' || state === 'failed') await this.#tell({ job, state, actor: 'pgsteward', because })
  }

  /** What is recorded elsewhere of it never stands in its way. */
  async #tell(news: JobNews): Promise<void> {
    await this.#options.onJob?.(news).catch((error) => this.#options.onFailure(news.job.targetId, error))
  }

  async #propose(
    targetId: string,
    draft: JobDraft,
    decision: { readonly actor: string; readonly reason: string },
  ): Promise<MaintenanceJob> {
    const { store, now } = this.#options
    const id =
      (await store.proposeJob(targetId, draft, now())) ?? (await this.#openFor(targetId, draft.origin))
    return this.decide(id, 'approve', decision.actor, decision.reason)
  }

  async #openFor(targetId: string, { kind, key }: JobDraft['origin']): Promise<string> {
    const open = await this.#options.store.jobs({ targetId, states: OPEN, limit: 1_000 })
    return open.find(({ origin }) => origin.kind === kind && origin.key === key)!.id
  }

  async #job(id: string): Promise<MaintenanceJob> {
    const job = await this.#options.store.job(id)
    if (job !== null) return job
    throw new StewardError('record-unknown', `there is no job ${id}`, {
      hint: 'pgsteward maintain lists them.',
    })
  }

  #writable(targetId: string): void {
    const target = this.#options.targets.find(({ id }) => id === targetId)
    if (target?.maintenanceUrl !== null && target !== undefined) return
    throw new StewardError('maintenance-refused', `${targetId} is only ever read`, {
      detail: 'Its configuration has no maintenanceUrl: a role that may change things.',
      hint: 'docs/guides/maintenance.md says what the role needs.',
    })
  }
}

function interrupted(because: string): StepResult {
  return {
    outcome: 'interrupted',
    because: `${because}.`,
    before: null,
    after: null,
    notices: [],
    cleaned: [],
    tookMs: 0,
  }
}
