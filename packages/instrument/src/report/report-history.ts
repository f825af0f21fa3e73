// What the slow-query report is made of: drains summed up since the start, kept small. The recorder forgets with each drain; here
// the statements that took most of the time stay, at most KEPT of them, in under 100 kB.

import type {
  CallSite,
  Drained,
  DurationHistogram,
  PoolState,
  QueryIncrease,
  SlowQueryEvent,
} from '../record/drained.ts'
import { EMPTY_HISTOGRAM, mergeHistograms } from '../record/histogram.ts'

export interface StatementSum {
  readonly fingerprint: string
  readonly text: string
  readonly summary: string
  readonly model: string | null
  readonly action: string | null
  /** Where most of the time went at last. */
  route: string | null
  caller: CallSite | null
  duration: DurationHistogram
  errors: number
  rows: number
}

export interface ModelSum {
  readonly model: string
  readonly action: string
  count: number
  totalMs: number
  maxMs: number
  errors: number
}

export interface RepeatSum {
  readonly fingerprint: string
  readonly text: string
  readonly model: string | null
  readonly action: string | null
  readonly route: string | null
  readonly caller: CallSite | null
  requests: number
  repetitions: number
  totalMs: number
}

/** Statements are cut back to this after each drain, the heaviest stay: one that is seldom and light can be undercounted. */
const KEPT = 50
const KEPT_MODELS = 100
const KEPT_REPEATS = 20
const KEPT_EVENTS = 20

export class ReportHistory {
  readonly startedAt: number
  #statements = new Map<string, StatementSum>()
  #models = new Map<string, ModelSum>()
  #repeats = new Map<string, RepeatSum>()
  #slowest: readonly SlowQueryEvent[] = []
  #pools: readonly PoolState[] = []
  readonly #dropped = new Map<string, number>()

  constructor(startedAt: number) {
    this.startedAt = startedAt
  }

  add(drained: Drained): void {
    for (const query of drained.queries) {
      this.#addStatement(query)
      this.#addModel(query)
    }
    for (const event of drained.repeats) {
      const { fingerprint, text, model, action, route, caller, repetitions, totalMs } = event
      const sum = entryOf(this.#repeats, `${fingerprint} ${route} ${caller?.file}:${caller?.line}`, () => ({
        fingerprint,
        text,
        model,
        action,
        route,
        caller,
        requests: 0,
        repetitions: 0,
        totalMs: 0,
      }))
      sum.requests++
      sum.repetitions += repetitions
      sum.totalMs += totalMs
    }
    if (drained.slowQueries.length > 0)
      this.#slowest = [...this.#slowest, ...drained.slowQueries]
        .sort((a, b) => b.durationMs - a.durationMs)
        .slice(0, KEPT_EVENTS)
    this.#pools = drained.pools
    for (const [kind, count] of Object.entries(drained.dropped))
      this.#dropped.set(kind, (this.#dropped.get(kind) ?? 0) + count)
    this.#statements = heaviest(this.#statements, KEPT, ({ duration }) => duration.sumMs)
    this.#models = heaviest(this.#models, KEPT_MODELS, ({ totalMs }) => totalMs)
    this.#repeats = heaviest(this.#repeats, KEPT_REPEATS, ({ totalMs }) => totalMs)
  }

  statements(): readonly StatementSum[] {
    return [...this.#statements.values()].sort((a, b) => b.duration.sumMs - a.duration.sumMs)
  }

  models(): readonly ModelSum[] {
    return [...this.#models.values()].sort((a, b) => b.totalMs - a.totalMs)
  }

  repeats(): readonly RepeatSum[] {
    return [...this.#repeats.values()].sort((a, b) => b.totalMs - a.totalMs)
  }

  slowest(): readonly SlowQueryEvent[] {
    return this.#slowest
  }

  /** As they were at the last drain. */
  pools(): readonly PoolState[] {
    return this.#pools
  }

  dropped(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#dropped)
  }

  #addStatement(query: QueryIncrease): void {
    const { fingerprint, text, summary, model, action, route, caller, duration } = query
    const sum = entryOf(
      this.#statements,
      `${fingerprint} ${model} ${action}`,
      (): StatementSum => ({
        fingerprint,
        text,
        summary,
        model,
        action,
        route,
        caller,
        duration: EMPTY_HISTOGRAM,
        errors: 0,
        rows: 0,
      }),
    )
    if (duration.sumMs * 2 > sum.duration.sumMs) {
      sum.route = route
      sum.caller = caller ?? sum.caller
    }
    sum.duration = mergeHistograms(sum.duration, duration)
    sum.errors += query.errors
    sum.rows += query.rows
  }

  #addModel({ model, action, duration, errors }: QueryIncrease): void {
    if (model === null && action === null) return
    const sum = entryOf(this.#models, `${model} ${action}`, () => ({
      model: model ?? '',
      action: action ?? '',
      count: 0,
      totalMs: 0,
      maxMs: 0,
      errors: 0,
    }))
    sum.count += duration.count
    sum.totalMs += duration.sumMs
    sum.maxMs = Math.max(sum.maxMs, duration.maxMs)
    sum.errors += errors
  }
}

function entryOf<T>(map: Map<string, T>, key: string, create: () => T): T {
  let entry = map.get(key)
  if (entry === undefined) {
    entry = create()
    map.set(key, entry)
  }
  return entry
}

function heaviest<T>(map: Map<string, T>, kept: number, weight: (entry: T) => number): Map<string, T> {
  if (map.size <= kept) return map
  return new Map([...map].sort(([, a], [, b]) => weight(b) - weight(a)).slice(0, kept))
}
