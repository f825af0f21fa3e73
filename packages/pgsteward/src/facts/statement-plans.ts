// The plans in use: for each statement the one it was last seen with over six hours, as it ran where auto_explain logged it.

import { defineStoredFact } from '../model/fact.ts'
import type { StatementPlan } from '../model/plan.ts'
import type { Milliseconds } from '../model/units.ts'
import { withQueryIds } from './query-ids.ts'

/** The budget of planning gets around to each heavy statement within it; long enough for a nightly report to be judged at breakfast. */
const REMEMBERED_MS: Milliseconds = 6 * 60 * 60_000
const MOST_PLANS = 300

export interface KnownPlan extends StatementPlan {
  /** Entries of pg_stat_statements that it stands for: its own, or where the log named none those of its fingerprint. */
  readonly queryIds: readonly string[]
}

export const statementPlans = defineStoredFact<readonly KnownPlan[]>({
  id: 'statement-plans',
  title: 'The plan that each statement was last seen with, over six hours',
  keptFor: 'round',
  async read(memory, targetId, now) {
    const window = { from: new Date(now.getTime() - REMEMBERED_MS), to: now }
    const plans = await memory.currentPlans(targetId, window, MOST_PLANS)
    const found = await withQueryIds(memory, targetId, plans, (plan) => plan.queryId === null)
    return found.map((plan) => (plan.queryId === null ? plan : { ...plan, queryIds: [plan.queryId] }))
  },
  // checks that say more with a plan go without; those that are about plans say that there is none
  withoutStore: [],
})
