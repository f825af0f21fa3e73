// Optimization records, kept without anybody writing them (G6, V2): what a record still lacks is worked out from jobs, findings, the
// measured effects of indexes and what the events of a target tell, so that nothing is lost where a process ends between two of its entries.

import type { OptimizationBody } from '../../govern/optimization/optimization-entries.ts'
import { optimizationOf, withEntry } from '../../govern/optimization/optimization-state.ts'
import { StewardError } from '../../model/error.ts'
import { type GovernanceRecord, readRecordName } from '../../model/governance.ts'
import type { IndexEffect } from '../../model/index-effect.ts'
import type { MaintenanceJob } from '../../model/maintenance.ts'
import type { OptimizationWire } from '../../model/optimization-wire.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'
import { isBuiltBy } from './built-index.ts'
import { optimizationDocument } from './optimization-document.ts'
import { AUTHOR, identifiedBy, type NextEntry } from './optimization-next.ts'
import { findingBehind, nextOfIndex } from './optimization-of-index.ts'
import { nextOfJob, takesBack } from './optimization-of-job.ts'
import { nextOfTrace } from './optimization-of-trace.ts'
import { type OptimizationTrace, optimizationTraces } from './optimization-traces.ts'

export interface OptimizationDeskOptions {
  readonly store: Store
  /** Of a check; empty where pages are not at hand. */
  readonly pageOf: (checkId: string) => Promise<string>
  readonly now: () => Date
}

/** What was decided or appeared longer ago gets no record: the first start on an old store does not write its history anew. */
const LOOK_BACK_MS: Milliseconds = 30 * 86_400_000
/** By origin. */
type Known = ReadonlyMap<string | null, GovernanceRecord>

export class OptimizationDesk {
  readonly #options: OptimizationDeskOptions
  #underWay: Promise<unknown> = Promise.resolve()

  constructor(options: OptimizationDeskOptions) {
    this.#options = options
  }

  /** Brings the target's records up to what is known now. One at a time. */
  reconcile(targetId: string): Promise<void> {
    const mine = this.#underWay.then(() => this.#reconcile(targetId))
    this.#underWay = mine.catch(() => undefined)
    return mine
  }

  /** Rejects with 'record-unknown' or 'record-changed'. */
  async amend(
    name: string,
    { actor, text, about }: { actor: string; text: string; about: 'root-cause' | 'document' },
  ): Promise<OptimizationWire> {
    const record = await this.#record(name)
    await this.#add(record, [
      about === 'root-cause'
        ? { action: 'cause-found', body: { text, page: null }, actor }
        : { action: 'amended', body: { text }, actor },
    ])
    return this.one(name)
  }

  async one(name: string): Promise<OptimizationWire> {
    return optimizationOf(await this.#record(name))
  }

  /** The latest opened first. */
  async all(targetId: string | undefined, since?: Date): Promise<readonly OptimizationWire[]> {
    const records = await this.#options.store.records({
      kinds: ['optimization'],
      ...(targetId === undefined ? {} : { targetId }),
      ...(since === undefined ? {} : { since }),
      limit: 1_000,
    })
    return records.map(optimizationOf)
  }

  async #reconcile(targetId: string): Promise<void> {
    const { store, now } = this.#options
    const since = now().getTime() - LOOK_BACK_MS
    const [jobs, effects, records] = await Promise.all([
      store.jobs({ targetId, limit: 500 }),
      store.indexEffects(targetId),
      store.records({ kinds: ['optimization'], targetId, limit: 1_000 }),
    ])
    const known = new Map(records.map((record) => [record.origin, record]))
    const isRecent = (at: Date) => at.getTime() >= since
    const due = jobs.filter(({ origin, createdAt }) => origin.kind === 'finding' && isRecent(createdAt))
    for (const job of due.toReversed()) await this.#ofJob(job, jobs, effects, known)
    for (const effect of effects.filter(({ appearedAt }) => isRecent(appearedAt)).toReversed())
      if (!jobs.some((job) => isBuiltBy(job, effect))) await this.#ofIndex(effect, known)
    const isDone = (origin: string) => {
      const record = known.get(origin)
      return record !== undefined && !isUnderWay(record)
    }
    for (const trace of await optimizationTraces(store, targetId, jobs, isDone, now()))
      await this.#ofTrace(trace, known)
  }

  async #ofJob(
    job: MaintenanceJob,
    jobs: readonly MaintenanceJob[],
    effects: readonly IndexEffect[],
    records: Known,
  ): Promise<void> {
    const { store, pageOf, now } = this.#options
    const origin = `job:${job.id}`
    const known = records.get(origin) ?? null
    if (known === null && (job.decidedBy === null || job.state === 'rejected')) return
    if (known !== null && !isUnderWay(known) && !jobs.some((each) => takesBack(each, job))) return
    const finding = await store.finding(job.targetId, job.origin.key)
    const otherwise = { title: job.because.replace(/\.$/, ''), findingKey: job.origin.key }
    const record =
      known ??
      (await this.#open(job.targetId, origin, job.decidedBy ?? AUTHOR, identifiedBy(finding, otherwise)))
    if (record === null) return
    const given = { job, jobs, effects, finding, pageOf, now: now() }
    await this.#add(record, await nextOfJob(store, optimizationOf(record), given))
  }

  async #ofIndex(effect: IndexEffect, records: Known): Promise<void> {
    const { store, pageOf } = this.#options
    const { targetId, schema, table, index, appearedAt } = effect
    const origin = `index:${targetId}/${schema}.${index}@${appearedAt.toISOString()}`
    const known = records.get(origin) ?? null
    if (known !== null && !isUnderWay(known)) return
    const finding = await findingBehind(store, effect)
    const otherwise = { title: `Index ${index} appeared on ${table}`, findingKey: null }
    const record = known ?? (await this.#open(targetId, origin, AUTHOR, identifiedBy(finding, otherwise)))
    if (record === null) return
    await this.#add(record, await nextOfIndex(store, optimizationOf(record), effect, finding, pageOf))
  }

  async #ofTrace(trace: OptimizationTrace, records: Known): Promise<void> {
    const { store, pageOf } = this.#options
    const { origin, finding } = trace
    const known = records.get(origin) ?? null
    const otherwise = { title: finding.summary, findingKey: finding.key }
    const record =
      known ?? (await this.#open(finding.targetId, origin, AUTHOR, identifiedBy(finding, otherwise)))
    if (record === null) return
    await this.#add(record, await nextOfTrace(store, optimizationOf(record), trace, pageOf))
  }

  async #open(
    targetId: string,
    origin: string,
    actor: string,
    body: OptimizationBody<'identified'>,
  ): Promise<GovernanceRecord | null> {
    const { store, now } = this.#options
    return store.openRecord({
      kind: 'optimization',
      targetId,
      origin,
      opening: { at: now(), actor, action: 'identified', body },
    })
  }

  /** What is measured is documented at once: the text is made of what the record holds. */
  async #add(record: GovernanceRecord, next: readonly NextEntry[]): Promise<void> {
    const { store, now } = this.#options
    let is = optimizationOf(record)
    let seq = record.entries.at(-1)!.seq
    for (const { action, body, actor = AUTHOR } of next) {
      const entry = { at: now(), actor, action, body: body as Readonly<Record<string, unknown>> }
      is = withEntry(is, entry)
      seq = (await store.addEntry(record, entry, seq)).seq
    }
    if (is.measure === null || is.state !== 'measuring') return
    const entry = { at: now(), actor: AUTHOR, action: 'documented', body: { text: optimizationDocument(is) } }
    withEntry(is, entry)
    await store.addEntry(record, entry, seq)
  }

  async #record(name: string): Promise<GovernanceRecord> {
    const ref = readRecordName(name)
    const record = ref?.kind === 'optimization' ? await this.#options.store.record(ref) : null
    if (record !== null) return record
    throw new StewardError('record-unknown', `there is no optimization record ${name}`, {
      hint: `\`pgsteward optimizations list\` lists them, by names such as OPT-1.`,
    })
  }
}

function isUnderWay(record: GovernanceRecord): boolean {
  const { state } = optimizationOf(record)
  return state === 'under-way' || state === 'measuring'
}
