// The plans of a target's heaviest statements, asked for once and kept nowhere: what `pgsteward plans` shows.

import { PlanSession } from '../../collect/plans/plan-session.ts'
import { plannable } from '../../collect/plans/plannable.ts'
import { StewardError } from '../../model/error.ts'
import type { PlanInsight } from '../../model/plan.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { PlanNode } from '../../model/what-if.ts'
import { insightsOf } from '../../plans/insights/insights-of.ts'
import { planShape } from '../../plans/plan-shape.ts'
import { redactPlan } from '../../plans/redact-plan.ts'
import { openSession } from '../../postgres/connect.ts'
import { loadParser } from '../../sql/parse/parse-statements.ts'

export interface PlannedNow {
  readonly queryId: string
  readonly user: string
  readonly text: string
  readonly calls: number
  readonly meanMs: Milliseconds
  /** Of the time of all statements of this database. */
  readonly share: number
  readonly shape: string | null
  readonly shapeText: string | null
  readonly plan: PlanNode | null
  readonly insights: readonly PlanInsight[]
  /** Why there is no plan; null: there is. */
  readonly because: string | null
}

// $1: one query id, or null for all; $2: how many
const HEAVIEST = `
  select s.queryid::text                           as query_id,
         pg_catalog.pg_get_userbyid(s.userid)      as user_name,
         pg_catalog.left(s.query, 100000)          as text,
         s.calls::float8                           as calls,
         s.total_exec_time                         as total_ms,
         sum(s.total_exec_time) over ()            as all_ms
    from pg_stat_statements s
   where s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
     and s.query !~ '/\\* pgsteward:'
     and s.query ~* '^\\s*(/\\*.*?\\*/\\s*)*(select|with|insert|update|delete|merge|values|table|\\()'
     and s.calls > 0
   order by s.queryid::text = $1 desc nulls last, s.total_exec_time desc, s.queryid, s.userid
   limit $2`

const STATEMENT_TIMEOUT_MS: Milliseconds = 5_000
const LOCK_TIMEOUT_MS: Milliseconds = 100

/** Reads only. Throws 'usage' where pg_stat_statements can't be read. */
export async function runPlans(
  url: string,
  { top, queryId }: { readonly top: number; readonly queryId?: string },
): Promise<readonly PlannedNow[]> {
  const session = await openSession(url, {
    purpose: 'plans',
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
  })
  try {
    const { rows } = await session
      .query('plans', HEAVIEST, [queryId ?? null, queryId === undefined ? top : 1])
      .catch((cause: Error) => {
        if (cause instanceof StewardError) throw cause
        throw new StewardError('usage', `pg_stat_statements cannot be read: ${cause.message}`, {
          hint: 'Run pgsteward doctor with the same URL: it prints the statements that mend it.',
          cause,
        })
      })
    if (queryId !== undefined && rows[0]?.query_id !== queryId)
      throw new StewardError('usage', `pg_stat_statements knows no statement ${queryId} in this database`, {
        hint: 'pgsteward plans without --query-id lists the heaviest with their ids.',
      })
    const parse = await loadParser()
    const planner = new PlanSession(session)
    const planned: PlannedNow[] = []
    for (const row of rows) {
      const [text, user] = [String(row.text), String(row.user_name)]
      const [calls, totalMs] = [Number(row.calls), Number(row.total_ms)]
      const statement = plannable(text, parse)
      const found = 'because' in statement ? statement : await planner.plan(statement, { user, values: null })
      const plan = 'plan' in found ? redactPlan(found.plan) : null
      const shape = plan === null ? null : planShape(plan)
      planned.push({
        queryId: String(row.query_id),
        user,
        text,
        calls,
        meanMs: totalMs / calls,
        share: Number(row.all_ms) > 0 ? totalMs / Number(row.all_ms) : 0,
        shape: shape?.hash ?? null,
        shapeText: shape?.text ?? null,
        plan,
        insights: plan === null ? [] : insightsOf(plan),
        because: 'because' in found ? found.because : null,
      })
    }
    return planned
  } finally {
    await session.close()
  }
}
