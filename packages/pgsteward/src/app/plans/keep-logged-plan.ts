// Plans that auto_explain wrote to the log, kept beside those that were asked for.

import type { StatementPlan } from '../../model/plan.ts'
import type { PlanNode } from '../../model/what-if.ts'
import { planShape } from '../../plans/plan-shape.ts'
import { redactPlan } from '../../plans/redact-plan.ts'
import type { PlanStore } from '../../store/plans/plan-store.ts'

/** What is known of a logged plan; an event of the log as it is kept has it all. */
export type LoggedPlan = Pick<StatementPlan, 'queryId' | 'durationMs' | 'parameters'> & {
  readonly at: Date
  readonly database: string | null
  readonly fingerprint: string | null
  /** Literals replaced. */
  readonly query: string | null
  readonly plan: PlanNode | null
}

/** Nothing where the event has no plan, or does not say of what. */
export async function keepLoggedPlan(
  store: Pick<PlanStore, 'savePlans'>,
  targetId: string,
  { at, queryId, fingerprint, database, query, plan, durationMs, parameters }: LoggedPlan,
): Promise<void> {
  if (plan === null || fingerprint === null || database === null) return
  const sight = {
    at,
    // auto_explain writes 0 where no query id was computed
    queryId: queryId === '0' ? null : queryId,
    fingerprint,
    database,
    shape: planShape(plan).hash,
    plan: redactPlan(plan),
    isAnalyzed: wasExecuted(plan),
    source: 'auto_explain' as const,
    parameters,
    text: query ?? '',
    durationMs,
  }
  await store.savePlans(targetId, [sight])
}

/** With log_analyze; without it a plan has costs only. */
function wasExecuted(plan: PlanNode): boolean {
  return plan['Actual Rows'] !== undefined || plan['Actual Loops'] !== undefined
}
