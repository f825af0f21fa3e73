// What a planner says of prepared statements: the mean cost over each one's samples, and the plans.

import type { PreparedStatement } from '../../advise/prepare-statement.ts'
import type { PlanNode, WhatIfPlanner } from '../../model/what-if.ts'
import { costOfPlan } from '../../plans/partitions-scanned.ts'

export interface PlannedCost {
  readonly cost: number
  readonly plans: readonly PlanNode[]
}

/** By id. One of which no sample could be planned has the planner's words instead. */
export async function plannedCosts(
  planner: Pick<WhatIfPlanner, 'explainAll'>,
  statements: readonly PreparedStatement[],
): Promise<ReadonlyMap<string, PlannedCost | string>> {
  const asked = statements.flatMap(({ id, samples }) => samples.map((sample) => ({ id, ...sample })))
  const answers = await planner.explainAll(asked.map(({ sql, parameters }) => ({ sql, parameters })))
  const byId = Map.groupBy(
    asked.map((each, place) => ({ ...each, answer: answers[place]! })),
    ({ id }) => id,
  )
  return new Map<string, PlannedCost | string>(
    [...byId].map(([id, samples]) => {
      const planned = samples.flatMap(({ weight, answer }) =>
        'error' in answer ? [] : [{ weight, plan: answer.plan }],
      )
      const [first] = samples
      if (planned.length === 0)
        return [id, 'error' in first!.answer ? first!.answer.error.message : 'it has no plan'] as const
      const weights = planned.reduce((sum, { weight }) => sum + weight, 0)
      const cost = planned.reduce((sum, { weight, plan }) => sum + weight * costOfPlan(plan), 0) / weights
      return [id, { cost, plans: planned.map(({ plan }) => plan) }] as const
    }),
  )
}
