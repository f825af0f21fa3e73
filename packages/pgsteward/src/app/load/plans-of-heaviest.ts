// The plans of the statements that took most of a run's time, asked for once at its end: EXPLAIN, never ANALYZE, within a budget.

import { PlanSession } from '../../collect/plans/plan-session.ts'
import { plannable } from '../../collect/plans/plannable.ts'
import type { Milliseconds } from '../../model/units.ts'
import { planShape } from '../../plans/plan-shape.ts'
import { openSession } from '../../postgres/connect.ts'
import { loadParser } from '../../sql/parse/parse-statements.ts'

export interface HeavyStatement {
  readonly queryId: string
  readonly user: string
  /** As pg_stat_statements has it. */
  readonly text: string
}

export interface ShapeOfStatement {
  readonly hash: string
  readonly text: string
}

const STATEMENT_TIMEOUT_MS: Milliseconds = 5_000
const LOCK_TIMEOUT_MS: Milliseconds = 100
/** All of them together: planning ten takes some tens of milliseconds, and a run's end waits for it. */
const BUDGET_MS: Milliseconds = 10_000

/** Never throws. `notes` say why a statement has no plan, once for each reason. */
export async function plansOfHeaviest(
  url: string,
  statements: readonly HeavyStatement[],
): Promise<{ readonly shapes: ReadonlyMap<string, ShapeOfStatement>; readonly notes: readonly string[] }> {
  const shapes = new Map<string, ShapeOfStatement>()
  const reasons = new Map<string, number>()
  const refused = (because: string) => reasons.set(because, (reasons.get(because) ?? 0) + 1)
  let planner: PlanSession | null = null
  const started = performance.now()
  try {
    const parse = await loadParser()
    planner = new PlanSession(
      await openSession(url, {
        purpose: 'load plans',
        statementTimeoutMs: STATEMENT_TIMEOUT_MS,
        lockTimeoutMs: LOCK_TIMEOUT_MS,
      }),
    )
    for (const { queryId, user, text } of statements) {
      if (performance.now() - started > BUDGET_MS) {
        refused('planning took too long')
        continue
      }
      const statement = plannable(text, parse)
      // BEGIN, COMMIT and the like have none, which is no news
      if ('because' in statement) continue
      const found = await planner.plan(statement, { user, values: null })
      if ('plan' in found) shapes.set(queryId, planShape(found.plan))
      else refused(found.because)
    }
  } catch (error) {
    refused((error as Error).message)
  } finally {
    await planner?.close()
  }
  return {
    shapes,
    notes: [...reasons].map(
      ([because, count]) => `${count} of ${statements.length} heaviest statements have no plan: ${because}.`,
    ),
  }
}
