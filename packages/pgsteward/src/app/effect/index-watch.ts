// Notices indexes that appear, and measures what they did: the same statements before and after, from the history (V2).

import { indexes } from '../../facts/indexes.ts'
import type { AdvisedIndex } from '../../model/advice.ts'
import type { AdviceRun } from '../../model/advice-run.ts'
import type { Snapshot } from '../../model/fact.ts'
import type { IndexEffect } from '../../model/index-effect.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import { isSameDefinition } from '../../sql/index-text.ts'
import type { IndexAppearance } from '../../store/advice/index-history.ts'
import type { StatementTotals, Store } from '../../store/store.ts'
import { rowsOf } from '../reading.ts'
import { type Disturbance, effectWindows, LONGEST_MS } from './effect-windows.ts'
import { type ComparedStatement, effectOf, predictionsOf } from './index-effect-of.ts'

/** Where the fact breaks off: what is missing beyond is not gone. */
const MOST_INDEXES = 20_000
/** What the history has at full grain, and the longest that an index may wait for its figures. */
const LOOK_BACK_MS: Milliseconds = 3 * 86_400_000
const MOST_STATEMENTS = 20
/** Buckets a side: enough to see their spread. */
const BUCKETS = 24
/** Before a table without statements is looked at again. */
const IDLE_MS: Milliseconds = 600_000

export class IndexWatch {
  readonly #store: Store
  /** Those that there was nothing to compare for, with when. */
  readonly #idle = new Map<string, Date>()

  constructor(store: Store) {
    this.#store = store
  }

  /** After a reading. Costs nothing unless indexes were read anew, or one appeared within the last days. */
  async notice({ targetId, readings, refreshed, takenAt }: Snapshot): Promise<void> {
    const reading = readings.get(indexes.id)
    const rows = rowsOf({ readings } as Snapshot, indexes)
    if (
      refreshed.has(indexes.id) &&
      reading?.status === 'rows' &&
      rows !== null &&
      rows.length < MOST_INDEXES
    ) {
      const there = rows.filter(
        (row) =>
          row.isValid && !row.isBeingBuilt && !row.isPartOfPartitioned && !/_cc(new|old)\d*$/.test(row.name),
      )
      await this.#store.noticeIndexes(targetId, there, reading.at)
    }
    await this.#refresh(targetId, takenAt)
  }

  async #refresh(targetId: string, now: Date): Promise<void> {
    const changes = await this.#store.indexChanges(targetId, {
      from: new Date(now.getTime() - LOOK_BACK_MS),
      to: now,
    })
    const appeared = changes.filter(({ absentUntil }) => absentUntil !== null)
    if (appeared.length === 0) return
    const known = new Map(
      (await this.#store.indexEffects(targetId)).map((effect) => [keyOf(effect.index, effect), effect]),
    )
    const due = appeared.filter((each) => {
      const key = keyOf(each.name, each)
      const idleMs = now.getTime() - (this.#idle.get(key)?.getTime() ?? 0)
      return idleMs >= IDLE_MS && isDue(known.get(key), now)
    })
    if (due.length === 0) return
    const { done } = await this.#store.advice(targetId)
    for (const each of due) {
      const effect = await this.#measure(
        targetId,
        each,
        changes,
        known.get(keyOf(each.name, each)),
        done,
        now,
      )
      if (effect === null) this.#idle.set(keyOf(each.name, each), now)
      else await this.#store.saveIndexEffect(effect)
    }
  }

  /** Null: none of its statements ran before, as on a new table; there is nothing to compare. */
  async #measure(
    targetId: string,
    index: IndexAppearance,
    changes: readonly IndexAppearance[],
    known: IndexEffect | undefined,
    run: AdviceRun | null,
    now: Date,
  ): Promise<IndexEffect | null> {
    const absentUntil = index.absentUntil!
    const advised = run?.report?.indexes.find((each) => isMadeAs(each, index)) ?? null
    const around: Window = { from: new Date(absentUntil.getTime() - LONGEST_MS), to: now }
    const others = changes.filter((each) => each !== index && concerns(each, index, run))
    const disturbances = [...othersOf(others), ...(await this.#breaks(targetId, around))]
    const historyMs =
      (await this.#store.statementSums(targetId, { ...around, to: absentUntil })).seconds * 1000
    const windows = effectWindows(
      {
        absentUntil,
        appearedAt: index.appearedAt,
        goneAt: index.goneAt,
        historyFrom: new Date(absentUntil.getTime() - historyMs),
        now,
      },
      disturbances,
    )
    const { before, after } = windows
    const [totals, sumsBefore, sumsAfter] = await Promise.all([
      this.#store.topStatements(targetId, { ...around, to: absentUntil }, 'totalTime', 1000),
      this.#store.statementSums(targetId, before),
      this.#store.statementSums(targetId, after),
    ])
    const predicted = known === undefined ? predictedBy(advised) : predictedBefore(known)
    const served = servedOf(index, totals, predicted)
    if (served.size === 0) return null
    const statements = await Promise.all(
      [...served].map(
        async ([queryId, text]): Promise<ComparedStatement> => ({
          queryId,
          text: shortened(text),
          before: await this.#store.statementHistory(targetId, queryId, before, BUCKETS),
          after: await this.#store.statementHistory(targetId, queryId, after, BUCKETS),
          predictedCostRatio: predicted.get(queryId) ?? null,
        }),
      ),
    )
    return {
      targetId,
      schema: index.schema,
      table: index.table,
      index: index.name,
      definition: index.definition,
      appearedAt: index.appearedAt,
      advisedBy: known?.advisedBy ?? (advised === null ? null : (run?.id ?? null)),
      before,
      after,
      isComplete: windows.isComplete,
      refreshedAt: now,
      ...effectOf({
        statements,
        beforeSeconds: sumsBefore.seconds,
        afterSeconds: sumsAfter.seconds,
        disturbedBy: windows.disturbedBy,
      }),
    }
  }

  async #breaks(targetId: string, window: Window): Promise<readonly Disturbance[]> {
    const breaks = await this.#store.breaks(targetId, window)
    return breaks.flatMap(({ at, factId, cause }) =>
      factId === 'statements' && cause !== 'eviction' ? [{ at, what: BREAKS[cause] ?? cause }] : [],
    )
  }
}

const BREAKS: Readonly<Record<string, string>> = {
  reset: "the target's statistics were reset meanwhile",
  restart: 'the server was restarted meanwhile',
  failover: 'another server took over meanwhile',
}

function keyOf(name: string, { schema, appearedAt }: { schema: string; appearedAt: Date }): string {
  return JSON.stringify([schema, name, appearedAt])
}

/** Often while there is little to go by, then ever more rarely: a longer window changes slowly. */
function isDue(effect: IndexEffect | undefined, now: Date): boolean {
  if (effect === undefined) return true
  if (effect.isComplete) return false
  const sinceMs = now.getTime() - effect.refreshedAt.getTime()
  const lengthMs = effect.after.to.getTime() - effect.after.from.getTime()
  return sinceMs >= lengthMs / 20
}

function isMadeAs(advised: AdvisedIndex, { schema, table, name, definition }: IndexAppearance): boolean {
  return (
    advised.schema === schema &&
    advised.table === table &&
    (advised.name === name || isSameDefinition(definition, advised.definition))
  )
}

/** Another index of the table, unless both are advised and serve different statements. */
function concerns(other: IndexAppearance, index: IndexAppearance, run: AdviceRun | null): boolean {
  if (other.schema !== index.schema || other.table !== index.table) return false
  const advisedOf = (each: IndexAppearance) =>
    run?.report?.indexes.find((advised) => isMadeAs(advised, each)) ?? null
  const [mine, its] = [advisedOf(index), advisedOf(other)]
  if (mine === null || its === null) return true
  const ids = new Set(mine.statements.map(({ id }) => id))
  return its.statements.some(({ id }) => ids.has(id))
}

function othersOf(others: readonly IndexAppearance[]): readonly Disturbance[] {
  return others.flatMap(({ name, appearedAt, absentUntil, goneAt }) => [
    ...(absentUntil === null ? [] : [{ at: appearedAt, what: `the index ${name} appeared as well` }]),
    ...(goneAt === null ? [] : [{ at: goneAt, what: `the index ${name} was dropped as well` }]),
  ])
}

function predictedBy(advised: AdvisedIndex | null): ReadonlyMap<string, number> {
  return advised === null ? new Map() : predictionsOf(advised)
}

/** A later advice no longer names an index that exists: what was predicted stays. */
function predictedBefore({ statements }: IndexEffect): ReadonlyMap<string, number> {
  return new Map(
    statements.flatMap(({ queryId, predictedCostRatio }) =>
      predictedCostRatio === null ? [] : [[queryId, predictedCostRatio]],
    ),
  )
}

/** Query id to text: those that the advice names, else those whose text names the table; the heaviest first. */
function servedOf(
  { table }: IndexAppearance,
  totals: readonly StatementTotals[],
  predicted: ReadonlyMap<string, number>,
): ReadonlyMap<string, string> {
  const named = new RegExp(`(?<![\\w$])${table.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$])`, 'i')
  const isServed = ({ queryId, text }: StatementTotals) =>
    predicted.size > 0
      ? predicted.has(queryId)
      : named.test(text) && !/^\s*(create|alter|drop|analyze|vacuum|reindex)\b/i.test(text)
  const timeOf = new Map<string, number>()
  const textOf = new Map<string, string>()
  for (const each of totals.filter(isServed)) {
    timeOf.set(each.queryId, (timeOf.get(each.queryId) ?? 0) + each.totalExecMs)
    if (each.text !== '' || !textOf.has(each.queryId)) textOf.set(each.queryId, each.text)
  }
  const heaviest = [...timeOf].sort((a, b) => b[1] - a[1]).slice(0, MOST_STATEMENTS)
  return new Map(heaviest.map(([queryId]) => [queryId, textOf.get(queryId)!]))
}

const LONGEST_TEXT = 200

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= LONGEST_TEXT ? line : `${line.slice(0, LONGEST_TEXT - 1)}…`
}
