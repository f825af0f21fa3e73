// Keeps what sessions did: by minute as it comes in, and folded by hour.

import type { ActivityGroup, ActivityMinute } from '../../model/activity.ts'
import type { Sql, StoreDatabase } from '../database.ts'
import type { Partitions } from '../partitions.ts'
import { activityFoldedUntil, GROUPS, HOUR_MS, LEVELS, OTHER } from './activity-rows.ts'

/** Of an hour; the others keep their wait and lose the rest. */
const GROUPS_AN_HOUR = 400

/** The same minute again replaces what it had so far. The partition must be there. */
export async function insertMinute(sql: Sql, targetId: number, minute: ActivityMinute): Promise<void> {
  const column = (value: (each: ActivityGroup) => unknown) => minute.groups.map(value)
  await sql.query(
    `insert into pgsteward.activity_minute
            (target_id, at, started_at, seconds, peak_active, idle_in_transaction, blocked, oldest_transaction_ms,
             oldest_xmin_age, wait_types, wait_events, query_ids, databases, users, applications, sessions)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text[], $11::text[], $12::bigint[], $13::text[], $14::text[],
             $15::text[], $16::real[])
     on conflict (target_id, at, started_at) do update
        set seconds = excluded.seconds, peak_active = excluded.peak_active,
            idle_in_transaction = excluded.idle_in_transaction, blocked = excluded.blocked,
            oldest_transaction_ms = excluded.oldest_transaction_ms, oldest_xmin_age = excluded.oldest_xmin_age,
            wait_types = excluded.wait_types, wait_events = excluded.wait_events, query_ids = excluded.query_ids,
            databases = excluded.databases, users = excluded.users, applications = excluded.applications,
            sessions = excluded.sessions`,
    [
      targetId,
      minute.at,
      minute.startedAt ?? minute.at,
      minute.samples,
      minute.peakActive,
      minute.idleInTransactionMean,
      minute.blockedMean,
      minute.oldestTransactionMs,
      minute.oldestXminAge,
      column((each) => each.waitType),
      column((each) => each.waitEvent),
      column((each) => each.queryId),
      column((each) => each.database),
      column((each) => each.user),
      column((each) => each.application),
      column((each) => each.sessions),
    ],
  )
}

/** Writes the hours that ended by `at` anew from their minutes; a second run changes nothing. Returns the hours folded. */
export async function foldActivity(
  database: StoreDatabase,
  partitions: Partitions,
  targetId: number,
  at: Date,
): Promise<number> {
  const until = new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS)
  const from = await activityFoldedUntil(database, targetId)
  if (from !== null && from >= until) return 0
  const hours = await database.query<{ at: Date }>(
    `select distinct pg_catalog.date_bin('1 hour', m.at, timestamptz 'epoch') as at
       from pgsteward.activity_minute m
      where m.target_id = $1 and ($2::timestamptz is null or m.at >= $2) and m.at < $3 order by 1`,
    [targetId, from, until],
  )
  for (const hour of hours) await partitions.ensure('activity_hour', hour.at)
  await database.transaction(async (tx) => {
    const claimed = await tx.query(
      `update pgsteward.target set activity_folded_until = $3
        where id = $1 and activity_folded_until is not distinct from $2 returning id`,
      [targetId, from, until],
    )
    if (claimed.length === 0) return
    for (const hour of hours) await foldHour(tx, targetId, hour.at)
  })
  return hours.length
}

async function foldHour(tx: Sql, targetId: number, at: Date): Promise<void> {
  await tx.query(
    `with minutes as materialized (
       select * from pgsteward.activity_minute m
        where m.target_id = $1 and m.at >= $2::timestamptz and m.at < $2::timestamptz + interval '1 hour'),
     summed as (
       select g.wait_type, g.wait_event, g.query_id, g.database_name, g.user_name, g.application,
              sum(g.sessions::float8) as sessions
         from minutes m ${GROUPS}
        group by 1, 2, 3, 4, 5, 6),
     ranked as (
       select s.*, row_number() over (order by s.sessions desc, s.query_id, s.wait_event collate "C") <= $3 as is_named
         from summed s),
     bounded as (
       select r.wait_type, r.wait_event, case when r.is_named then r.query_id end as query_id,
              case when r.is_named then r.database_name end as database_name,
              case when r.is_named then r.user_name end as user_name,
              case when r.is_named then r.application else '${OTHER}' end as application, sum(r.sessions) as sessions
         from ranked r group by 1, 2, 3, 4, 5, 6)
     insert into pgsteward.activity_hour
            (target_id, at, started_at, seconds, peak_active, idle_in_transaction, blocked, oldest_transaction_ms,
             oldest_xmin_age, wait_types, wait_events, query_ids, databases, users, applications, sessions)
     select $1, $2, $2, f.*, coalesce(g.wait_types, '{}'), coalesce(g.wait_events, '{}'), coalesce(g.query_ids, '{}'),
            coalesce(g.databases, '{}'), coalesce(g.users, '{}'), coalesce(g.applications, '{}'),
            coalesce(g.sessions, '{}')
       from (select ${LEVELS} from minutes m) f
      cross join (select array_agg(b.wait_type) as wait_types, array_agg(b.wait_event) as wait_events,
                         array_agg(b.query_id) as query_ids, array_agg(b.database_name) as databases,
                         array_agg(b.user_name) as users, array_agg(b.application) as applications,
                         array_agg(b.sessions::real) as sessions
                    from bounded b) g
     on conflict (target_id, at, started_at) do nothing`,
    [targetId, at, GROUPS_AN_HOUR],
  )
}
