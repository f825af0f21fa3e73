// What maintenance would do by itself, and which of it needs nobody's word.

import type { IndexRow } from '../../facts/indexes.ts'
import type { RangePartitionsRow } from '../../facts/range-partitions.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { JobDraft, JobOrigin, JobState } from '../../model/maintenance.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { ServerInfo } from '../../model/server-info.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { MaintenanceStore } from '../../store/maintenance-store.ts'
import type { Store } from '../../store/store.ts'
import { decidedByRule } from './approval.ts'
import { jobOfFinding, undoOf } from './job-of-finding.ts'
import type { MaintenanceConfig } from './maintenance-config.ts'
import { partitionDrafts } from './partition-upkeep.ts'
import { analyzeDraft, isRebuild, isRunningOut, vacuumDraft } from './routine.ts'
import { finishDraft, mayBeUnfinished } from './unfinished.ts'
import { hasBuilt, isReplacement, isUseless, uselessWords } from './useless-index.ts'

export interface MaintainedTarget {
  readonly id: string
  /** Null: it is only ever read. */
  readonly maintenanceUrl: string | null
  readonly labels: Readonly<Record<string, string>>
  /** As last read; null: not yet. */
  readonly tables: () => readonly TableRow[] | null
  /** As last read; null: not yet. */
  readonly indexes?: () => readonly Pick<IndexRow, 'schema' | 'table' | 'name' | 'isValid'>[] | null
  readonly partitions?: () => readonly RangePartitionsRow[] | null
  readonly server?: () => ServerInfo | null
  /** The lease: one process maintains a target. */
  readonly isOurs: () => boolean
  /** A job of it is done: what is known of it is out of date. */
  readonly onChanged: () => void
}

/** A job that somebody, or a rule, would add. */
export interface PlannedJob {
  readonly draft: JobDraft
  readonly isDecidedByRule: boolean
}

/** Who decides where nobody has to. */
export const RULE = 'rule'

export const OPEN: readonly JobState[] = ['proposed', 'approved', 'running']

const DAY_MS: Milliseconds = 86_400_000

export interface ProposalsOptions {
  readonly store: MaintenanceStore & Pick<Store, 'findings' | 'indexEffects'>
  readonly config: MaintenanceConfig
  readonly now: () => Date
}

export class Proposals {
  readonly #options: ProposalsOptions

  constructor(options: ProposalsOptions) {
    this.#options = options
  }

  /** What a window that opened now would add, and nothing is kept of it. */
  async planned(target: MaintainedTarget): Promise<readonly PlannedJob[]> {
    const open = await this.#options.store.jobs({ targetId: target.id, states: OPEN, limit: 1_000 })
    const isOpen = ({ origin }: JobDraft) =>
      open.some((job) => job.origin.kind === origin.kind && job.origin.key === origin.key)
    return [...(await this.routine(target)), ...(await this.unasked(target))]
      .filter((draft) => !isOpen(draft))
      .map((draft) => ({ draft, isDecidedByRule: this.#rule(target, draft) !== null }))
  }

  /** Proposed, and approved where a rule says so. */
  async keep(target: MaintainedTarget, drafts: readonly JobDraft[]): Promise<void> {
    const { store, now } = this.#options
    for (const draft of drafts) {
      const id = await store.proposeJob(target.id, draft, now())
      const reason = this.#rule(target, draft)
      if (id !== null && reason !== null)
        await store.decideJob(id, { at: now(), actor: RULE, action: 'approve', reason })
    }
  }

  /** Approved at once: who approved the job that began it decided on this, and nothing else ends it. */
  async keepUnfinished(target: MaintainedTarget): Promise<void> {
    const { store, now } = this.#options
    const known = { indexes: target.indexes?.() ?? [], partitions: target.partitions?.() ?? [] }
    const ended = await store.jobs({ targetId: target.id, states: ['rejected', 'failed'], limit: 1_000 })
    for (const job of ended.filter(mayBeUnfinished)) {
      const draft = finishDraft(job, await store.runs(job.id), known)
      const id = draft === null ? null : await store.proposeJob(target.id, draft, now())
      if (id !== null)
        await store.decideJob(id, {
          at: now(),
          actor: RULE,
          action: 'approve',
          reason: `what job ${job.id} began is finished`,
        })
    }
  }

  async routine(target: MaintainedTarget): Promise<readonly JobDraft[]> {
    const { analyze, vacuum } = this.#options.config
    const tables = target.tables()
    if (tables === null) return []
    const drafts = [
      analyze !== false && (await this.#isDue(target.id, 'analyze', analyze.every))
        ? analyzeDraft(tables, analyze)
        : null,
      vacuum !== false && (await this.#isDue(target.id, 'vacuum', vacuum.every)) ? vacuumDraft(tables) : null,
      ...(await this.#partitions(target, tables)),
    ]
    return drafts.filter((draft) => draft !== null)
  }

  /** Of what is known of the target at any time, in a window or not. */
  async unasked(target: MaintainedTarget): Promise<readonly JobDraft[]> {
    const { rebuild } = this.#options.config
    return [
      ...(rebuild === false ? [] : await this.#ofFindings(target, isRebuild, rebuild.every)),
      ...(await this.#ofFindings(target, isRunningOut, DAY_MS)),
      ...(await this.#undos(target)),
    ]
  }

  /** Indexes that a job of ours built and that did not help: measured over as long as before, a day at most. */
  async #undos({ id }: MaintainedTarget): Promise<readonly JobDraft[]> {
    const { store } = this.#options
    const useless = (await store.indexEffects(id)).filter(isUseless)
    if (useless.length === 0) return []
    const known = await store.jobs({ targetId: id, limit: 1_000 })
    const drafts = await Promise.all(
      useless.map(async (effect) => {
        const built = known.find((job) => hasBuilt(job, effect))
        const isDecided = known.some(({ origin }) => origin.kind === 'undo' && origin.key === built?.id)
        if (built === undefined || isDecided) return null
        if (effect.verdict !== 'worse' && isReplacement(built)) return null
        const draft = await undoOf(built).catch(() => null)
        return draft === null ? null : { ...draft, because: `${uselessWords(effect)} ${draft.because}` }
      }),
    )
    return drafts.filter((draft) => draft !== null)
  }

  /** Of a table that somebody said no to, or that failed, not again at once. */
  async #partitions(target: MaintainedTarget, tables: readonly TableRow[]): Promise<readonly JobDraft[]> {
    const { config, now } = this.#options
    const rows = target.partitions?.() ?? null
    if (config.partitions === false || rows === null) return []
    const lately = await this.#lately(target.id, 'routine', config.partitions.every * 0.75)
    const drafts = await partitionDrafts(rows, tables, config.partitions, now())
    return drafts.filter(({ origin }) => !lately.has(origin.key))
  }

  /** Remedies of open findings, each at the most once in so long. */
  async #ofFindings(
    target: MaintainedTarget,
    isChosen: (finding: OpenFinding) => boolean,
    everyMs: Milliseconds,
  ): Promise<readonly JobDraft[]> {
    const { store } = this.#options
    const chosen = (await store.findings({ targetId: target.id, states: ['open'] })).filter(isChosen)
    if (chosen.length === 0) return []
    const lately = await this.#lately(target.id, 'finding', everyMs)
    const drafts = await Promise.all(
      // a remedy that is for people is no job
      chosen
        .filter(({ key }) => !lately.has(key))
        .map((finding) => jobOfFinding(finding, target).catch(() => null)),
    )
    return drafts.filter((draft) => draft !== null)
  }

  /** Keys of the origins of jobs that were made within so long, whatever became of them. */
  async #lately(
    targetId: string,
    kind: JobOrigin['kind'],
    withinMs: Milliseconds,
  ): Promise<ReadonlySet<string>> {
    const { store, now } = this.#options
    const known = await store.jobs({ targetId, limit: 1_000 })
    return new Set(
      known
        .filter(
          ({ origin, createdAt }) => origin.kind === kind && now().getTime() - createdAt.getTime() < withinMs,
        )
        .map(({ origin }) => origin.key),
    )
  }

  async #isDue(targetId: string, routine: string, everyMs: Milliseconds): Promise<boolean> {
    const { store, now } = this.#options
    const last = await store.lastDoneAt(targetId, { kind: 'routine', key: routine })
    // a window opens at the same time each night, and work in it does not end on the minute
    return last === null || now().getTime() - last.getTime() >= everyMs * 0.75
  }

  #rule({ labels }: MaintainedTarget, { steps }: JobDraft): string | null {
    return decidedByRule(steps, labels, this.#options.config)
  }
}
