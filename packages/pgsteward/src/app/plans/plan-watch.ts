// Looks at the plans of a target's heaviest statements behind its readings, within a budget, and keeps what it sees (A5).

import { type PlanBudget, PlanQueue, type QueuedStatement } from '../../collect/plans/plan-queue.ts'
import { type FoundPlan, type NoPlan, type PlanFor, PlanSession } from '../../collect/plans/plan-session.ts'
import { type Plannable, plannable } from '../../collect/plans/plannable.ts'
import { statements } from '../../facts/statements.ts'
import type { Snapshot } from '../../model/fact.ts'
import type { PlanSight, TargetEvent } from '../../model/plan.ts'
import type { Milliseconds } from '../../model/units.ts'
import { planShape } from '../../plans/plan-shape.ts'
import { redactPlan } from '../../plans/redact-plan.ts'
import type { Session } from '../../postgres/connect.ts'
import { fingerprintOf } from '../../sql/fingerprint.ts'
import { loadParser } from '../../sql/parse/parse-statements.ts'
import { ident, qualified } from '../../sql/quote.ts'
import type { Store } from '../../store/store.ts'
import { capturedValues } from './captured-values.ts'

export interface PlanWatchOptions {
  readonly targetId: string
  readonly store: Store
  readonly open: () => Promise<Session>
  readonly budget?: PlanBudget
  /** For targets that suspend when idle: no session is left open. */
  readonly closesAfter?: boolean
}

/** How planning goes, for whoever wonders where a plan is. */
export interface PlanningState {
  readonly at: Date | null
  /** Statements with a plan, of those that were looked at. */
  readonly planned: number
  /** The others by reason, the most frequent first. */
  readonly refused: readonly { readonly because: string; readonly statements: number }[]
  /** What would let the refused be planned: tables that pgsteward's role may not read. */
  readonly lacksSelectOn: readonly string[]
  /** What planning cost the target since it began, and over how long. */
  readonly costMs: Milliseconds
  readonly rounds: number
}

/** Texts in memory: of the heaviest, some 10 kB each at most. */
const MOST_TEXTS = 1_000
const TEXTS_WITHIN_MS: Milliseconds = 3_600_000

interface Looked {
  readonly because: string | null
  readonly lacks: readonly string[]
}

export class PlanWatch {
  readonly #options: PlanWatchOptions
  readonly #queue: PlanQueue
  readonly #texts = new Map<string, string>()
  readonly #looked = new Map<string, Looked>()
  readonly #tablesOf = new Map<string, readonly string[]>()
  #session: PlanSession | null = null
  #sentBefore = 0
  #usualMs: Milliseconds = 2
  #costMs: Milliseconds = 0
  #rounds = 0
  #at: Date | null = null

  constructor(options: PlanWatchOptions) {
    this.#options = options
    this.#queue = new PlanQueue(options.budget)
  }

  get state(): PlanningState {
    const reasons = new Map<string, number>()
    const lacks = new Set<string>()
    let planned = 0
    for (const looked of this.#looked.values()) {
      if (looked.because === null) planned++
      else reasons.set(looked.because, (reasons.get(looked.because) ?? 0) + 1)
      for (const table of looked.lacks) lacks.add(table)
    }
    return {
      at: this.#at,
      planned,
      refused: [...reasons]
        .map(([because, count]) => ({ because, statements: count }))
        .sort((a, b) => b.statements - a.statements || a.because.localeCompare(b.because)),
      lacksSelectOn: [...lacks].sort(),
      costMs: this.#costMs,
      rounds: this.#rounds,
    }
  }

  /** Why the statement has no plan; null: it has one, or was not looked at yet. */
  reasonOf(queryId: string): string | null {
    return this.#looked.get(queryId)?.because ?? null
  }

  /** After a reading. Throws what the store or the connection throws; the next reading tries again. */
  async notice(snapshot: Snapshot, events: readonly TargetEvent[] = []): Promise<void> {
    const reading = snapshot.readings.get(statements.id)
    if (reading?.status !== 'interval' || !snapshot.refreshed.has(statements.id)) return
    this.#queue.note(reading.latest.rows as never, snapshot.server.database)
    this.#reconsider(events)
    const chosen = this.#queue.next(snapshot.takenAt, this.#usualMs)
    if (chosen.length === 0) return
    try {
      await this.#round(chosen, snapshot.takenAt)
    } finally {
      if (this.#options.closesAfter === true) await this.close()
    }
  }

  get statementsSent(): number {
    return this.#sentBefore + (this.#session?.statementsSent ?? 0)
  }

  async close(): Promise<void> {
    this.#sentBefore = this.statementsSent
    await this.#session?.close()
    this.#session = null
  }

  async #round(chosen: readonly QueuedStatement[], now: Date): Promise<void> {
    const { store, targetId } = this.#options
    const parse = await loadParser()
    await this.#learnTexts(chosen, now)
    // by role, so that the session takes each role's settings once
    const byRole = [...chosen].sort(
      (a, b) => Number(b.isUrgent) - Number(a.isUrgent) || a.user.localeCompare(b.user),
    )
    const sights: PlanSight[] = []
    for (const queued of byRole) {
      const text = this.#texts.get(queued.queryId)
      // the text comes with a later reading
      if (text === undefined) continue
      const statement = plannable(text, parse)
      if ('because' in statement) this.#note(queued.queryId, now, { ...statement, costMs: 0 })
      else {
        sights.push(...(await this.#look(queued, statement, text, now)))
        if (!this.#queue.canAfford) break
      }
    }
    await store.savePlans(targetId, sights)
    this.#rounds++
    this.#at = now
  }

  /** The generic plan, and that for values of a slow execution where some were captured whole. */
  async #look(
    queued: QueuedStatement,
    statement: Plannable,
    text: string,
    now: Date,
  ): Promise<readonly PlanSight[]> {
    const { store, targetId } = this.#options
    const generic = await this.#plan(statement, { user: queued.user, values: null })
    if (!('plan' in generic)) {
      this.#note(queued.queryId, now, generic)
      return []
    }
    const values = await capturedValues(store, targetId, { text, parameters: statement.parameters }, now)
    const custom = values === null ? null : await this.#plan(statement, { user: queued.user, values })
    const costMs = generic.costMs + (custom?.costMs ?? 0)
    this.#usualMs = this.#usualMs * 0.9 + costMs * 0.1
    this.#note(queued.queryId, now, { costMs })
    this.#tablesOf.set(
      queued.queryId,
      statement.tables.map(({ name }) => name),
    )
    const of = (found: FoundPlan, more: Pick<PlanSight, 'source' | 'parameters'>): PlanSight => ({
      at: now,
      queryId: queued.queryId,
      fingerprint: fingerprintOf(text),
      database: queued.database,
      shape: planShape(found.plan).hash,
      plan: redactPlan(found.plan),
      isAnalyzed: false,
      text,
      durationMs: null,
      ...more,
    })
    return [
      of(generic, { source: 'generic', parameters: null }),
      ...(custom !== null && 'plan' in custom
        ? [of(custom, { source: 'parameters', parameters: values })]
        : []),
    ]
  }

  async #plan(statement: Plannable, wish: PlanFor): Promise<FoundPlan | NoPlan> {
    if (this.#session === null || !this.#session.isOpen()) {
      this.#sentBefore = this.statementsSent
      this.#session = new PlanSession(await this.#options.open())
    }
    return await this.#session.plan(statement, wish)
  }

  #note(queryId: string, now: Date, answer: { readonly costMs: Milliseconds } | NoPlan): void {
    const refused = 'because' in answer ? answer : null
    this.#costMs += answer.costMs
    this.#queue.looked(queryId, now, answer.costMs, refused !== null)
    this.#looked.delete(queryId)
    this.#looked.set(queryId, {
      because: refused === null ? null : refused.because,
      lacks: (refused?.lacks ?? []).map(({ schema, name }) =>
        schema === null ? ident(name) : qualified(schema, name),
      ),
    })
    forgetOldest(this.#looked, MOST_TEXTS)
    forgetOldest(this.#tablesOf, MOST_TEXTS)
  }

  /** A new index may change any plan that reads its table; new settings any plan at all. */
  #reconsider(events: readonly TargetEvent[]): void {
    if (events.some(({ kind }) => kind === 'settings' || kind === 'restart')) {
      this.#session?.forgetSettings()
      this.#queue.reconsider('all')
    }
    const touched = new Set(
      events
        .filter(({ kind }) => kind === 'schema' || kind === 'statistics')
        .map(({ subject }) => subject.slice(subject.lastIndexOf('.') + 1)),
    )
    if (touched.size === 0) return
    this.#queue.reconsider(
      [...this.#tablesOf].filter(([, tables]) => tables.some((name) => touched.has(name))).map(([id]) => id),
    )
  }

  async #learnTexts(chosen: readonly QueuedStatement[], now: Date): Promise<void> {
    if (chosen.every(({ queryId }) => this.#texts.has(queryId))) return
    const { store, targetId } = this.#options
    const known = await store.topStatements(
      targetId,
      { from: new Date(now.getTime() - TEXTS_WITHIN_MS), to: now },
      'totalTime',
      MOST_TEXTS,
    )
    for (const { queryId, text } of known) if (text !== '') this.#texts.set(queryId, text)
    forgetOldest(this.#texts, MOST_TEXTS * 2)
  }
}

function forgetOldest(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return
    map.delete(key)
  }
}
