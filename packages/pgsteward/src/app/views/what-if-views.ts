// Answers by a target's planner twin: what its planner would do with a statement, with other indexes, after a migration. The target is
// read for its schema and statistics, and asked nothing else.

import type { WorkloadStatement } from '../../advise/workload.ts'
import type { Runner } from '../../model/review.ts'
import { historyWorkload } from '../advise/advice-workload.ts'
import type { Steward } from '../steward.ts'
import type { Asking } from '../what-if/what-if-desk.ts'
import type {
  ExplainAnswer,
  ExplainQuestion,
  IndexAnswer,
  ReviewAnswer,
} from '../what-if/what-if-question.ts'
import { watcherOf } from './watcher-of.ts'

export interface IndexRequest {
  readonly indexes: readonly string[]
  readonly hidden: readonly string[]
  /** A text of the caller's own; else captured statements. */
  readonly statement: Omit<ExplainQuestion, 'kind'> | null
  /** Of the captured statements these alone; empty: the heaviest. */
  readonly queryIds: readonly string[]
}

/** The heaviest of a week; what comes after them is a fraction of a percent. */
const MOST_STATEMENTS = 200

export class WhatIfViews {
  readonly #steward: Steward
  readonly #now: () => Date

  constructor(steward: Steward, now: () => Date) {
    this.#steward = steward
    this.#now = now
  }

  async explain(
    targetId: string,
    question: Omit<ExplainQuestion, 'kind'>,
    asking: Asking,
  ): Promise<ExplainAnswer> {
    return this.#steward.whatIf.ask(this.#url(targetId), { kind: 'explain', ...question }, asking)
  }

  async indexes(targetId: string, request: IndexRequest, asking: Asking): Promise<IndexAnswer> {
    const { indexes, hidden, statement, queryIds } = request
    const about = statement ?? { workload: await this.#workload(targetId, queryIds) }
    return this.#steward.whatIf.ask(this.#url(targetId), { kind: 'indexes', indexes, hidden, about }, asking)
  }

  async review(
    targetId: string,
    request: { readonly sql: string; readonly runner: Runner },
    asking: Asking,
  ): Promise<ReviewAnswer> {
    const workload = await this.#workload(targetId, [])
    return this.#steward.whatIf.ask(this.#url(targetId), { kind: 'review', ...request, workload }, asking)
  }

  #url(targetId: string): string {
    return watcherOf(this.#steward, targetId).target.url
  }

  /** Empty where the history has none. */
  async #workload(targetId: string, queryIds: readonly string[]): Promise<readonly WorkloadStatement[]> {
    const { target, state } = watcherOf(this.#steward, targetId)
    // where another process watches it, there is no snapshot here
    const database =
      state.snapshot?.server.database ?? decodeURIComponent(new URL(target.url).pathname.slice(1))
    const found = await historyWorkload(this.#steward.store, targetId, database, this.#now())
    const statements = found?.workload.statements ?? []
    return queryIds.length === 0
      ? statements.slice(0, MOST_STATEMENTS)
      : statements.filter(({ id }) => queryIds.includes(id))
  }
}
