// Which statement's plan to ask for next: one whose time a call has changed sharply at once, then by the time that the statements took
// since each was last looked at. Planning costs the target, so there is a budget: a share of one core, and so many a round.

import type { StatementRow } from '../../facts/statements.ts'
import type { Milliseconds } from '../../model/units.ts'

export interface QueuedStatement {
  readonly queryId: string
  readonly database: string
  /** Of those that run it, the one that it takes the most time for. */
  readonly user: string
  /** Its time a call has just changed sharply. */
  readonly isUrgent: boolean
}

export interface PlanBudget {
  /** Of one core, over time. */
  readonly share: number
  readonly atOnce: number
  /** Before a statement that did not change is looked at again. */
  readonly againAfterMs: Milliseconds
}

export const PLAN_BUDGET: PlanBudget = { share: 0.001, atOnce: 50, againAfterMs: 5 * 60_000 }

/** A statement that could not be planned: what is missing is not granted from one minute to the next. */
const REFUSED_AGAIN_MS: Milliseconds = 30 * 60_000

/** Saved up at most, so that a quiet hour does not end in a burst; what the first round may spend. */
const MOST_CREDIT_MS: Milliseconds = 250
const FIRST_CREDIT_MS: Milliseconds = 100

/** More are forgotten, the lightest first: the heaviest few hundred are nearly all of the time. */
const MOST_STATEMENTS = 2_000

/** A change of a call's mean by half is seen by users; below this much time or that many calls it is noise. */
const SHARP = 1.5
const LEAST_MS: Milliseconds = 20
const LEAST_CALLS = 5
/** Of a single call: something that took that long counts by itself. */
const LONG_MS: Milliseconds = 200

interface Known {
  readonly queryId: string
  readonly database: string
  user: string
  userMs: number
  /** Taken since it was last looked at. */
  waitingMs: number
  /** Mean a call, smoothed over some ten readings. */
  usualMs: number | null
  againAt: Date | null
  isUrgent: boolean
}

export class PlanQueue {
  readonly #budget: PlanBudget
  readonly #known = new Map<string, Known>()
  #creditMs = FIRST_CREDIT_MS
  #earnedAt: Date | null = null

  constructor(budget: PlanBudget = PLAN_BUDGET) {
    this.#budget = budget
  }

  /** Rows of one reading: increases since the one before. Those of another database can't be planned and are left out. */
  note(rows: readonly StatementRow[], database: string): void {
    const sums = new Map<string, { calls: number; totalMs: number; user: string; userMs: number }>()
    for (const row of rows) {
      if (row.database !== database || row.calls <= 0) continue
      const sum = sums.get(row.queryId) ?? { calls: 0, totalMs: 0, user: row.user, userMs: 0 }
      sum.calls += row.calls
      sum.totalMs += row.totalExecMs
      if (row.totalExecMs >= sum.userMs) {
        sum.user = row.user
        sum.userMs = row.totalExecMs
      }
      sums.set(row.queryId, sum)
    }
    for (const [queryId, { calls, totalMs, user, userMs }] of sums) {
      const known = this.#of(queryId, database, user)
      if (userMs >= known.userMs * 0.5) Object.assign(known, { user, userMs })
      const meanMs = totalMs / calls
      if (changedSharply(known.usualMs, meanMs, calls, totalMs)) known.isUrgent = true
      known.usualMs = known.usualMs === null ? meanMs : known.usualMs * 0.9 + meanMs * 0.1
      known.waitingMs += totalMs
    }
    this.#forgetLightest()
  }

  /** What is due, within what may be spent now; `plannedMs` is what one is expected to cost. */
  next(now: Date, plannedMs: Milliseconds = 2): readonly QueuedStatement[] {
    this.#earn(now)
    const affordable = Math.floor(this.#creditMs / Math.max(plannedMs, 0.1))
    return [...this.#known.values()]
      .filter((each) => each.waitingMs > 0 && (each.isUrgent || each.againAt === null || each.againAt <= now))
      .sort((a, b) => Number(b.isUrgent) - Number(a.isUrgent) || b.waitingMs - a.waitingMs)
      .slice(0, Math.max(0, Math.min(affordable, this.#budget.atOnce)))
      .map(({ queryId, database, user, isUrgent }) => ({ queryId, database, user, isUrgent }))
  }

  /** After it was asked for; what that cost is taken from the budget. */
  looked(queryId: string, now: Date, costMs: Milliseconds, isRefused: boolean): void {
    this.#creditMs -= costMs
    const known = this.#known.get(queryId)
    if (known === undefined) return
    const afterMs = isRefused ? REFUSED_AGAIN_MS : this.#budget.againAfterMs
    known.againAt = new Date(now.getTime() + afterMs)
    known.waitingMs = 0
    known.isUrgent = false
  }

  /** Something happened that may change plans: those looked at before may be looked at again at once, in their turn. */
  reconsider(queryIds: Iterable<string> | 'all'): void {
    const those = queryIds === 'all' ? this.#known.keys() : queryIds
    for (const queryId of those) {
      const known = this.#known.get(queryId)
      if (known !== undefined) known.againAt = null
    }
  }

  get canAfford(): boolean {
    return this.#creditMs > 0
  }

  #of(queryId: string, database: string, user: string): Known {
    const known = this.#known.get(queryId)
    if (known !== undefined) return known
    const fresh: Known = {
      queryId,
      database,
      user,
      userMs: 0,
      waitingMs: 0,
      usualMs: null,
      againAt: null,
      isUrgent: false,
    }
    this.#known.set(queryId, fresh)
    return fresh
  }

  #earn(now: Date): void {
    if (this.#earnedAt !== null) {
      const elapsedMs = Math.max(0, now.getTime() - this.#earnedAt.getTime())
      this.#creditMs = Math.min(MOST_CREDIT_MS, this.#creditMs + elapsedMs * this.#budget.share)
    }
    this.#earnedAt = now
  }

  #forgetLightest(): void {
    if (this.#known.size <= MOST_STATEMENTS) return
    const heaviest = [...this.#known].sort(([, a], [, b]) => b.waitingMs - a.waitingMs)
    for (const [queryId] of heaviest.slice(MOST_STATEMENTS)) this.#known.delete(queryId)
  }
}

function changedSharply(
  usualMs: Milliseconds | null,
  meanMs: Milliseconds,
  calls: number,
  totalMs: Milliseconds,
): boolean {
  if (usualMs === null || totalMs < LEAST_MS) return false
  if (calls < LEAST_CALLS && meanMs < LONG_MS && usualMs < LONG_MS) return false
  return meanMs > usualMs * SHARP || meanMs * SHARP < usualMs
}
