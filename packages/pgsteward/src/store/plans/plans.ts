// Questions about plans: those of a statement, those in use, and the changes from one to another.

import type { PlanSource, StatementPlan } from '../../model/plan.ts'
import type { Window } from '../../model/units.ts'
import type { PlanNode } from '../../model/what-if.ts'
import type { Sql } from '../database.ts'

interface PlanRow {
  readonly id: string
  readonly query_id: string | null
  readonly fingerprint: string
  readonly database_name: string
  readonly shape: string
  readonly body: PlanNode
  readonly is_analyzed: boolean
  readonly source: PlanSource
  readonly parameters: readonly (string | null)[] | null
  readonly text: string
  readonly total_cost: number
  readonly duration_ms: number | null
  readonly first_seen_at: Date
  readonly last_seen_at: Date
  readonly seen: number
}

const COLUMNS = `p.id::text as id, p.query_id::text as query_id, p.fingerprint, p.database_name, p.shape, p.body,
  p.is_analyzed, p.source, p.parameters, p.text, p.total_cost, p.duration_ms, p.first_seen_at, p.last_seen_at, p.seen`

const MOST_PLANS = 100

/** Those known by fingerprint alone are taken for plans of each statement that has it. */
export async function plansOf(
  sql: Sql,
  targetId: number,
  statement: { readonly queryId: string } | { readonly fingerprint: string },
): Promise<readonly StatementPlan[]> {
  const [queryId, fingerprint] =
    'queryId' in statement ? [statement.queryId, null] : [null, statement.fingerprint]
  const rows = await sql.query<PlanRow>(
    `select ${COLUMNS}
       from pgsteward.plan p
      where p.target_id = $1
        and (p.query_id = $2::bigint or p.fingerprint = $3
             or p.query_id is null and p.fingerprint in (
                  select q.fingerprint
                    from pgsteward.statement_text t join pgsteward.query_text q on q.hash = t.hash
                   where t.target_id = $1 and t.query_id = $2::bigint))
      order by p.last_seen_at desc, p.id desc limit ${MOST_PLANS}`,
    [targetId, queryId, fingerprint],
  )
  return rows.map(planOf)
}

/** What was executed counts over what was merely asked for, which for half of an ORM's statements has another shape. */
const EXECUTED_COUNTS_FOR = '30 minutes'

/**
 * Of each statement the plan that it was executed with in the last half hour of the window; else that of its last sight, and where it
 * was also logged as executed in the same shape, that one, which has real rows and times. `heaviest`: query ids, the heaviest first; the others follow, the last seen first.
 */
export async function currentPlans(
  sql: Sql,
  targetId: number,
  { from, to }: Window,
  heaviest: readonly string[],
  limit: number,
): Promise<readonly StatementPlan[]> {
  const rows = await sql.query<PlanRow>(
    `select ${COLUMNS}
       from (select distinct on (s.database_name, coalesce(s.query_id::text, s.fingerprint)) s.id
               from (select l.*, first_value(l.shape) over (
                            partition by l.database_name, coalesce(l.query_id::text, l.fingerprint)
                            order by (l.is_analyzed and l.last_seen_at > $3::timestamptz - interval '${EXECUTED_COUNTS_FOR}') desc,
                                     l.last_seen_at desc, l.id desc) as latest_shape
                       from pgsteward.plan l
                      where l.target_id = $1 and l.last_seen_at > $2 and l.first_seen_at <= $3) s
              where s.shape = s.latest_shape
              order by s.database_name, coalesce(s.query_id::text, s.fingerprint), s.is_analyzed desc,
                       s.last_seen_at desc, s.id desc) c
       join pgsteward.plan p on p.id = c.id
      order by pg_catalog.array_position($4::bigint[], p.query_id) nulls last, p.last_seen_at desc, p.id
      limit $5`,
    [targetId, from, to, heaviest, limit],
  )
  return rows.map(planOf)
}

export interface PlanRunChange {
  readonly at: Date
  readonly notBefore: Date
  readonly from: StatementPlan
  readonly to: StatementPlan
}

/** The latest first. */
export async function planRunChanges(
  sql: Sql,
  targetId: number,
  { from, to }: Window,
  limit: number,
): Promise<readonly PlanRunChange[]> {
  const changes = await sql.query<{ at: Date; not_before: Date; from_id: string; to_id: string }>(
    `select r.from_at as at, r.before_to_at as not_before, r.before_plan_id::text as from_id, r.plan_id::text as to_id
       from pgsteward.plan_run r join pgsteward.plan p on p.id = r.plan_id and p.target_id = $1
      where r.from_at > $2 and r.from_at <= $3 and r.before_plan_id is not null
      order by r.from_at desc, r.plan_id limit $4`,
    [targetId, from, to, limit],
  )
  const ids = [...new Set(changes.flatMap((change) => [change.from_id, change.to_id]))]
  if (ids.length === 0) return []
  const rows = await sql.query<PlanRow>(
    `select ${COLUMNS} from pgsteward.plan p where p.id = any($1::bigint[])`,
    [ids],
  )
  const byId = new Map(rows.map((row) => [row.id, planOf(row)]))
  return changes.flatMap((change) => {
    const [one, other] = [byId.get(change.from_id), byId.get(change.to_id)]
    return one === undefined || other === undefined
      ? []
      : [{ at: change.at, notBefore: change.not_before, from: one, to: other }]
  })
}

function planOf(row: PlanRow): StatementPlan {
  return {
    id: row.id,
    queryId: row.query_id,
    fingerprint: row.fingerprint,
    database: row.database_name,
    shape: row.shape,
    plan: row.body,
    isAnalyzed: row.is_analyzed,
    source: row.source,
    parameters: row.parameters,
    text: row.text,
    totalCost: row.total_cost,
    durationMs: row.duration_ms,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    seen: row.seen,
  }
}
