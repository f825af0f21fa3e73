// What maintenance would do by itself, and which of it needs nobody's word.

import type { IndexRow } from '../../facts/indexes.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { JobDraft, JobState } from '../../model/maintenance.ts'
import type { ServerInfo } from '../../model/server-info.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { MaintenanceStore } from '../../store/maintenance-store.ts'
import type { Store } from '../../store/store.ts'
import { decidedByRule } from './approval.ts'
import { jobOfFinding, undoOf } from './job-of-finding.ts'
import type { MaintenanceConfig } from './maintenance-config.ts'
import { analyzeDraft, isRebuild, vacuumDraft } from './routine.ts'
import { hasBuilt, isReplacement, isUseless, uselessWords } from './useless-index.ts'

export interface MaintainedTarget {
  readonly id: string
  /** Null: it is only ever read. */
  readonly maintenanceUrl: string | null
  readonly labels: Readonly<Record<string, string>>
  /** As last read; null: not yet. */
  readonly tables: () => readonly TableRow[] | null
  /** As last read; null: not yet. */
  readonly indexes?: () => readonly Pick<IndexRow, 'schema' | 'table'>[] | null
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

  async routine(target: MaintainedTarget): Promise<readonly JobDraft[]> {
    const { analyze, vacuum } = this.#options.config
    const tables = target.tables()
    if (tables === null) return []
    const drafts = [
      analyze !== false && (await this.#isDue(target.id, 'analyze', analyze.every))
        ? analyzeDraft(tables, analyze)
        : null,
      vacuum !== false && (await this.#isDue(target.id, 'vacuum', vacuum.every)) ? vacuumDraft(tables) : null,
    ]
    return drafts.filter((draft) => draft !== null)
  }

  /** Of what is known of the target at any time, in a window or not. */
  async unasked(target: MaintainedTarget): Promise<readonly JobDraft[]> {
    return [...(await this.#rebuilds(target)), ...(await this.#undos(target))]
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

  async #rebuilds(target: MaintainedTarget): Promise<readonly JobDraft[]> {
    const { store, config, now } = this.#options
    if (config.rebuild === false) return []
    const { every } = config.rebuild
    const bloated = (await store.findings({ targetId: target.id, states: ['open'] })).filter(isRebuild)
    if (bloated.length === 0) return []
    const known = await store.jobs({ targetId: target.id, limit: 1_000 })
    const lately = new Set(
      known
        .filter(
          ({ origin, createdAt }) =>
            origin.kind === 'finding' && now().getTime() - createdAt.getTime() < every,
        )
        .map(({ origin }) => origin.key),
    )
    const drafts = await Promise.all(
      // a remedy that is for people is no job
      bloated
        .filter(({ key }) => !lately.has(key))
        .map((finding) => jobOfFinding(finding, target).catch(() => null)),
    )
    return drafts.filter((draft) => draft !== null)
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
