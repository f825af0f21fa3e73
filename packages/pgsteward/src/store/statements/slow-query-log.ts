// slow_query_log (S1): single slow queries with everything that was known of them, by day.

import type {
  SlowQuery,
  SlowQueryFilter,
  SlowQueryGroup,
  SlowQueryRates,
  SlowQueryRecord,
} from '../../model/application.ts'
import {
  APPLICATION_CRITICAL_MS,
  APPLICATION_SLOW_MS,
  DATABASE_CRITICAL_MS,
  DATABASE_SLOW_MS,
} from '../../model/slow-limits.ts'
import type { Window } from '../../model/units.ts'
import { type Sql, toJson } from '../database.ts'
import { hashOf } from './texts.ts'

/** Of one statement at one place, and of a target, a minute; beyond they are counted only, the repetitive ones first. */
const A_PLACE_A_MINUTE = 30
const A_TARGET_A_MINUTE = 1_000

const MINUTE_MS = 60_000

export interface SlowQueryGate {
  /** Those that are let in, and how many are not. */
  readonly admit: (
    targetId: number,
    slowQueries: readonly SlowQuery[],
    now: Date,
  ) => { readonly admitted: readonly SlowQuery[]; readonly refused: number }
}

export function slowQueryGate(): SlowQueryGate {
  const counts = new Map<string, number>()
  let minute = 0
  const countOf = (key: string) => {
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return count
  }
  return {
    admit: (targetId, slowQueries, now) => {
      const at = Math.floor(now.getTime() / MINUTE_MS)
      if (at !== minute) counts.clear()
      minute = at
      const admitted = slowQueries.filter(
        (each) =>
          countOf(JSON.stringify([targetId, each.fingerprint, each.route, each.caller])) <=
            A_PLACE_A_MINUTE && countOf(String(targetId)) <= A_TARGET_A_MINUTE,
      )
      return { admitted, refused: slowQueries.length - admitted.length }
    },
  }
}

/** The texts and the partitions must be there. */
export async function insertSlowQueries(
  tx: Sql,
  targetId: number,
  applicationId: number | null,
  slowQueries: readonly SlowQuery[],
): Promise<void> {
  const column = (value: (each: SlowQuery) => unknown) => slowQueries.map(value)
  if (slowQueries.length === 0) return
  await tx.query(
    `insert into pgsteward.slow_query_log
            (target_id, application_id, at, source, fingerprint, query_hash, duration_ms, waited_for_pool_ms, rows, caller,
             route, model, action, parameters, database_name, user_name, trace_id, sql_state, wait_event, plan)
     select $1, $2, k.at, k.source, k.fingerprint, decode(k.hash, 'hex'), k.duration_ms, k.waited_ms, k.rows, k.caller,
            k.route, k.model, k.action,
            case when k.parameters is not null then array(select jsonb_array_elements_text(k.parameters::jsonb)) end,
            k.database_name, k.user_name, k.trace_id, k.sql_state, k.wait_event, k.plan::jsonb
       from unnest($3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::float8[], $9::float8[],
                   $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
                   $18::text[], $19::text[], $20::text[])
         as k (at, source, fingerprint, hash, duration_ms, waited_ms, rows, caller, route, model, action, parameters,
               database_name, user_name, trace_id, sql_state, wait_event, plan)`,
    [
      targetId,
      applicationId,
      column((each) => each.at),
      column((each) => each.source),
      column((each) => each.fingerprint),
      column((each) => hashOf(each.text)),
      column((each) => each.durationMs),
      column((each) => each.waitedForPoolMs),
      column((each) => each.rows),
      column((each) => each.caller),
      column((each) => each.route),
      column((each) => each.model),
      column((each) => each.action),
      column((each) => (each.parameters === null ? null : toJson(each.parameters))),
      column((each) => each.database),
      column((each) => each.user),
      column((each) => each.traceId),
      column((each) => each.sqlState),
      column((each) => each.waitEvent),
      column((each) => (each.plan === null || each.plan === undefined ? null : toJson(each.plan))),
    ],
  )
}

export async function countDropped(tx: Sql, targetId: number, at: Date, count: number): Promise<void> {
  if (count === 0) return
  await tx.query(
    `insert into pgsteward.slow_query_dropped as d (target_id, at, count)
     values ($1, pg_catalog.date_bin('1 hour', $2::timestamptz, timestamptz 'epoch'), $3)
     on conflict (target_id, at) do update set count = d.count + excluded.count`,
    [targetId, at, count],
  )
}

export async function slowQueries(
  sql: Sql,
  targetId: number,
  window: Window,
  filter: SlowQueryFilter,
): Promise<readonly SlowQueryRecord[]> {
  const { where, values } = whereOf(targetId, window, filter)
  const order = filter.order === 'latest' ? 'l.at desc, l.id desc' : 'l.duration_ms desc, l.id desc'
  return await sql.query<SlowQueryRecord>(
    `select l.id::text as id, l.at, a.name as application, l.fingerprint, coalesce(q.text, '') as text,
            l.duration_ms::float8 as "durationMs", l.waited_for_pool_ms::float8 as "waitedForPoolMs", l.rows, l.caller,
            l.route, l.model, l.action, l.parameters, l.database_name as database, l.user_name as user,
            l.trace_id as "traceId", l.sql_state as "sqlState", l.wait_event as "waitEvent", l.plan, l.source
       from pgsteward.slow_query_log l
       left join pgsteward.application a on a.id = l.application_id
       left join pgsteward.query_text q on q.hash = l.query_hash
      where ${where} order by ${order} limit $${values.length + 1}`,
    [...values, filter.limit],
  )
}

export async function slowQueryGroups(
  sql: Sql,
  targetId: number,
  window: Window,
  filter: Omit<SlowQueryFilter, 'order'>,
): Promise<readonly SlowQueryGroup[]> {
  const { where, values } = whereOf(targetId, window, filter)
  return await sql.query<SlowQueryGroup>(
    `select g.fingerprint, coalesce(q.text, '') as text, g.application, g.route, g.model, g.action, g.caller,
            g.count, g.total_ms as "totalMs", g.max_ms as "maxMs", g.last_at as "lastAt"
       from (select l.fingerprint, a.name as application, l.route, l.model, l.action, l.caller,
                    (array_agg(l.query_hash order by l.at desc))[1] as query_hash,
                    count(*)::int as count, sum(l.duration_ms::float8) as total_ms,
                    max(l.duration_ms)::float8 as max_ms, max(l.at) as last_at
               from pgsteward.slow_query_log l
               left join pgsteward.application a on a.id = l.application_id
              where ${where}
              group by 1, 2, 3, 4, 5, 6
              order by 9 desc, 1, 2, 3, 4, 5, 6
              limit $${values.length + 1}) g
       left join pgsteward.query_text q on q.hash = g.query_hash
      order by g.total_ms desc, g.fingerprint, g.application, g.route, g.model, g.action, g.caller`,
    [...values, filter.limit],
  )
}

function whereOf(
  targetId: number,
  window: Window,
  { application, route, fingerprint }: Omit<SlowQueryFilter, 'order'>,
): { readonly where: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [targetId, window.from, window.to]
  const also = (condition: string, value: unknown) =>
    value === undefined ? '' : ` and ${condition} = $${values.push(value)}`
  const where = `l.target_id = $1 and l.at > $2 and l.at <= $3${also('a.name', application)}${also('l.route', route)}${also('l.fingerprint', fingerprint)}`
  return { where, values }
}

export async function slowQueryCounts(
  sql: Sql,
  targetId: number,
  window: Window,
): Promise<{ readonly kept: number; readonly dropped: number }> {
  const [row] = await sql.query<{ kept: number; dropped: number }>(
    `select (select count(*)::int from pgsteward.slow_query_log l
              where l.target_id = $1 and l.at > $2 and l.at <= $3) as kept,
            (select coalesce(sum(d.count), 0) from pgsteward.slow_query_dropped d
              where d.target_id = $1 and d.at > $2::timestamptz - interval '1 hour' and d.at <= $3) as dropped`,
    [targetId, window.from, window.to],
  )
  return { kept: row?.kept ?? 0, dropped: row?.dropped ?? 0 }
}

/**
 * One that both the application and the database told of counts once: of each statement the side counts that told of more. At most
 * what the gate lets in, 30 a minute of a place.
 */
export async function slowQueryRates(sql: Sql, targetId: number, window: Window): Promise<SlowQueryRates> {
  const [row] = await sql.query<SlowQueryRates>(
    `select coalesce(sum(greatest(g.application, g.database)), 0)::int as slow,
            coalesce(sum(greatest(g.application_critical, g.database_critical)), 0)::int as critical
       from (select count(*) filter (where l.source = 'application' and l.duration_ms >= $4) as application,
                    count(*) filter (where l.source = 'application' and l.duration_ms >= $5) as application_critical,
                    count(*) filter (where l.source <> 'application' and l.duration_ms >= $6) as database,
                    count(*) filter (where l.source <> 'application' and l.duration_ms >= $7) as database_critical
               from pgsteward.slow_query_log l
              where l.target_id = $1 and l.at > $2 and l.at <= $3
              group by l.fingerprint) g`,
    [
      targetId,
      window.from,
      window.to,
      APPLICATION_SLOW_MS,
      APPLICATION_CRITICAL_MS,
      DATABASE_SLOW_MS,
      DATABASE_CRITICAL_MS,
    ],
  )
  return row ?? { slow: 0, critical: 0 }
}
