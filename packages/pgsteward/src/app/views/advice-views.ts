// Answers about advice: the latest run and its report, what to run for the advised indexes, and what new indexes did.

import type { AdvisedIndex } from '../../model/advice.ts'
import type { AdviceRun } from '../../model/advice-run.ts'
import { StewardError } from '../../model/error.ts'
import type { IndexEffect } from '../../model/index-effect.ts'
import type {
  AdviceScriptWire,
  AdviceWire,
  AdvisedIndexWire,
  IndexEffectsWire,
  IndexEffectWire,
  StatementDetailWire,
} from '../../model/wire.ts'
import type { Steward } from '../steward.ts'
import { adviceSqlScript } from './advice-script.ts'
import { watcherOf } from './watcher-of.ts'

export class AdviceViews {
  readonly #steward: Steward

  readonly #now: () => Date

  constructor(steward: Steward, now: () => Date) {
    this.#steward = steward
    this.#now = now
  }

  async advice(targetId: string): Promise<AdviceWire> {
    watcherOf(this.#steward, targetId)
    const [{ latest, done }, state] = await Promise.all([
      this.#steward.store.advice(targetId),
      this.#steward.advice.state(targetId),
    ])
    const isRunning = state.isRunning || latest?.status === 'running'
    return {
      status: isRunning ? 'running' : (latest?.status ?? 'never'),
      because: isRunning ? null : latest === null ? state.because : latest.because,
      progress: isRunning ? (state.progress ?? 'another pgsteward process is at it') : null,
      startedAt: iso(state.startedAt ?? latest?.startedAt),
      finishedAt: isRunning ? null : iso(latest?.finishedAt),
      nextAt: iso(state.nextAt),
      workload: workloadView(done),
      reportAt: iso(done?.finishedAt),
      report: done?.report ?? null,
    }
  }

  /** Starts a run, unless one is under way; answers how it stands. */
  async request(targetId: string): Promise<AdviceWire> {
    watcherOf(this.#steward, targetId)
    this.#steward.advice.request(targetId)
    return await this.advice(targetId)
  }

  /** Of all advised indexes, or of those that are named. */
  async script(
    targetId: string,
    format: 'sql' | 'prisma',
    names: readonly string[],
  ): Promise<AdviceScriptWire> {
    watcherOf(this.#steward, targetId)
    const { done } = await this.#steward.store.advice(targetId)
    const advised = done?.report?.indexes ?? []
    const unknown = names.find((name) => !advised.some((index) => index.name === name))
    if (unknown !== undefined)
      throw new StewardError('finding-unknown', `the latest advice has no index ${unknown}`, {
        hint: 'Load the advice again: a newer run may advise other indexes.',
      })
    const chosen = names.length === 0 ? advised : advised.filter((index) => names.includes(index.name))
    if (done?.report == null || chosen.length === 0) return { files: [] }
    if (format === 'sql') return { files: [adviceSqlScript(done, chosen)] }
    // the parser is loaded only when someone asks
    const { prismaMigrationFiles, wantedOf } = await import('../advise/write-prisma-migration.ts')
    const { report } = done
    const { files, refused } = await prismaMigrationFiles(
      chosen.map((index) => wantedOf(index, report)),
      this.#now(),
    )
    const [first] = refused
    if (first !== undefined)
      throw new StewardError('usage', `no migration can be written for ${first.name}`, {
        detail: first.because,
        hint: 'Take the SQL instead.',
      })
    return { files: files.map(({ path, text }) => ({ path, text })) }
  }

  async effects(targetId: string): Promise<IndexEffectsWire> {
    watcherOf(this.#steward, targetId)
    const effects = await this.#steward.store.indexEffects(targetId)
    return { effects: effects.map(effectView) }
  }

  /** Advised indexes that would serve a statement. */
  async servingStatement(
    targetId: string,
    queryId: string,
  ): Promise<NonNullable<StatementDetailWire['advice']>> {
    const { done } = await this.#steward.store.advice(targetId)
    return (done?.report?.indexes ?? []).flatMap(({ name, schema, table, definition, statements }) => {
      const served = statements.find(({ id, foreignKey }) => id === queryId && foreignKey === null)
      if (served === undefined) return []
      const { costBefore, costAfter } = served
      return [{ name, schema, table, definition, costBefore, costAfter }]
    })
  }

  /** Other ways to write a statement that the latest advice has proven. */
  async rewritesOf(targetId: string, queryId: string): Promise<NonNullable<StatementDetailWire['rewrites']>> {
    const { done } = await this.#steward.store.advice(targetId)
    return (done?.report?.rewrites ?? [])
      .filter(({ id }) => id === queryId)
      .map(({ kind, sql, why, sameResult, costBefore, costAfter }) => ({
        kind,
        sql,
        why,
        sameResult,
        costBefore,
        costAfter,
      }))
  }

  /** By `schema.table`. */
  async ofTables(targetId: string): Promise<ReadonlyMap<string, AdvisedIndexWire[]>> {
    const { done } = await this.#steward.store.advice(targetId)
    const byTable = new Map<string, AdvisedIndexWire[]>()
    for (const index of done?.report?.indexes ?? []) {
      const key = `${index.schema}.${index.table}`
      byTable.set(key, [...(byTable.get(key) ?? []), advisedView(index, done!)])
    }
    return byTable
  }
}

function advisedView(
  { name, definition, sizeBytes, gainPerMinute }: AdvisedIndex,
  { report }: AdviceRun,
): AdvisedIndexWire {
  const { beforePerMinute } = report!.cost
  return {
    name,
    definition,
    sizeBytes,
    gainRatio: beforePerMinute === 0 ? 0 : gainPerMinute / beforePerMinute,
  }
}

function workloadView(run: AdviceRun | null): AdviceWire['workload'] {
  if (run?.workload == null) return null
  const { source, statements, from, to } = run.workload
  return { source, statements, from: iso(from), to: iso(to) }
}

function effectView({ targetId: _, ...effect }: IndexEffect): IndexEffectWire {
  return {
    ...effect,
    appearedAt: effect.appearedAt.toISOString(),
    before: { from: effect.before.from.toISOString(), to: effect.before.to.toISOString() },
    after: { from: effect.after.from.toISOString(), to: effect.after.to.toISOString() },
    statements: [...effect.statements],
    refreshedAt: effect.refreshedAt.toISOString(),
  }
}

function iso(at: Date | null | undefined): string | null {
  return at?.toISOString() ?? null
}
