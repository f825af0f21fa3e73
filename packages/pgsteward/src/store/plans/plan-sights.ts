// Keeps plans as they are seen: one row a statement, source and shape, and a run for each time that it was the plan in use.

import type { PlanSight } from '../../model/plan.ts'
import { queryIdsOf } from '../applications/fingerprints.ts'
import type { Sql } from '../database.ts'

/** Of one statement and source: parameters that vary may bring many. */
const MOST_SHAPES = 20
const MOST_RUNS = 50

/** In the order of their sight. Inside a transaction. */
export async function savePlanSights(tx: Sql, targetId: number, sights: readonly PlanSight[]): Promise<void> {
  // sorted by statement too, so that two processes wait for each other and never in a circle
  const ordered = [...sights].sort(
    (a, b) => compare(a.fingerprint, b.fingerprint) || a.at.getTime() - b.at.getTime(),
  )
  for (const sight of ordered) {
    const queryId = sight.queryId ?? (await onlyQueryId(tx, targetId, sight.fingerprint))
    await saveSight(tx, targetId, { ...sight, queryId })
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Null where several statements have this fingerprint: none of them is guessed. */
async function onlyQueryId(tx: Sql, targetId: number, fingerprint: string): Promise<string | null> {
  const ids = await queryIdsOf(tx, targetId, fingerprint)
  return ids.length === 1 ? ids[0]! : null
}

async function saveSight(tx: Sql, targetId: number, sight: PlanSight): Promise<void> {
  const statement = [targetId, sight.database, sight.fingerprint, sight.queryId, sight.source]
  const [row] = await tx.query<{ id: string; seen: number }>(
    `insert into pgsteward.plan as p
            (target_id, database_name, fingerprint, query_id, source, shape, first_seen_at, last_seen_at, seen,
             is_analyzed, total_cost, duration_ms, parameters, text, body)
     values ($1, $2, $3, $4::bigint, $5, $6, $7, $7, 1, $8, $9, $10, $11, $12, $13::json)
     on conflict (target_id, database_name, fingerprint, (coalesce(query_id, 0)), source, shape) do update
        set seen = p.seen + 1,
            first_seen_at = least(p.first_seen_at, excluded.first_seen_at),
            last_seen_at = greatest(p.last_seen_at, excluded.last_seen_at),
            (is_analyzed, total_cost, duration_ms, parameters, text, body) =
              (select l.is_analyzed, l.total_cost, l.duration_ms, l.parameters, l.text, l.body
                 from (values (excluded.is_analyzed, excluded.total_cost, excluded.duration_ms, excluded.parameters,
                               excluded.text, excluded.body, excluded.last_seen_at >= p.last_seen_at),
                              (p.is_analyzed, p.total_cost, p.duration_ms, p.parameters, p.text, p.body,
                               excluded.last_seen_at < p.last_seen_at))
                   as l (is_analyzed, total_cost, duration_ms, parameters, text, body, is_latest)
                where l.is_latest)
     returning p.id::text as id, p.seen`,
    [
      ...statement,
      sight.shape,
      sight.at,
      sight.isAnalyzed,
      sight.plan['Total Cost'],
      sight.durationMs,
      sight.parameters,
      sight.text,
      JSON.stringify(sight.plan).replaceAll('\\u0000', ''),
    ],
  )
  await keepRun(tx, statement, row!.id, sight.at)
  if (row!.seen === 1) await forgetOldest(tx, statement)
}

/** A sight that comes late (a log read again) makes no run of its own: what was in use around it is known already. */
async function keepRun(tx: Sql, statement: readonly unknown[], planId: string, at: Date): Promise<void> {
  const [latest] = await tx.query<{ plan_id: string; from_at: Date; to_at: Date }>(
    `select r.plan_id::text as plan_id, r.from_at, r.to_at
       from pgsteward.plan p join pgsteward.plan_run r on r.plan_id = p.id
      where p.target_id = $1 and p.database_name = $2 and p.fingerprint = $3
        and p.query_id is not distinct from $4::bigint and p.source = $5
      order by r.from_at desc, r.to_at desc, r.plan_id desc limit 1`,
    statement,
  )
  if (latest !== undefined && at <= latest.to_at) return
  if (latest?.plan_id === planId) {
    await tx.query(
      'update pgsteward.plan_run r set to_at = $3 where r.plan_id = $1::bigint and r.from_at = $2',
      [planId, latest.from_at, at],
    )
    return
  }
  await tx.query(
    `insert into pgsteward.plan_run (plan_id, from_at, to_at, before_plan_id, before_to_at)
     values ($1::bigint, $2, $2, $3::bigint, $4)`,
    [planId, at, latest?.plan_id ?? null, latest?.to_at ?? null],
  )
  await tx.query(
    `delete from pgsteward.plan_run d using (
       select r.plan_id, r.from_at
         from pgsteward.plan p join pgsteward.plan_run r on r.plan_id = p.id
        where p.target_id = $1 and p.database_name = $2 and p.fingerprint = $3
          and p.query_id is not distinct from $4::bigint and p.source = $5
        order by r.from_at desc offset ${MOST_RUNS}) o
      where d.plan_id = o.plan_id and d.from_at = o.from_at`,
    statement,
  )
}

async function forgetOldest(tx: Sql, statement: readonly unknown[]): Promise<void> {
  await tx.query(
    `delete from pgsteward.plan d using (
       select p.id from pgsteward.plan p
        where p.target_id = $1 and p.database_name = $2 and p.fingerprint = $3
          and p.query_id is not distinct from $4::bigint and p.source = $5
        order by p.last_seen_at desc, p.id desc offset ${MOST_SHAPES}) o
      where d.id = o.id`,
    statement,
  )
}

/** What was not seen since; its runs go with it. */
export async function prunePlans(sql: Sql, before: Date): Promise<void> {
  await sql.query('delete from pgsteward.plan p where p.last_seen_at < $1', [before])
  await sql.query('delete from pgsteward.plan_run r where r.to_at < $1', [before])
  await sql.query('delete from pgsteward.target_event e where e.at < $1', [before])
}
