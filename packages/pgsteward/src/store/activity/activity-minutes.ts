// What sessions did in a window, read from as few rows as possible: minutes, and hours where it is long.

import type {
  ActivityDimension,
  ActivityFilter,
  ActivityGroup,
  ActivityLevel,
  ActivityPoint,
} from '../../model/activity.ts'
import type { Window } from '../../model/units.ts'
import type { Sql } from '../database.ts'
import {
  activityFoldedUntil,
  type Cover,
  coverOf,
  GROUPS,
  HOUR_MS,
  LEVELS,
  MINUTE_MS,
  OTHER,
  ROW,
  rowsSql,
  WITH_GROUPS,
} from './activity-rows.ts'

const NAMED_VALUES = 20
const MAX_GROUPS = 500

const COLUMN: Readonly<Record<ActivityDimension, string>> = {
  waitType: 'g.wait_type',
  waitEvent: 'g.wait_event',
  queryId: 'g.query_id',
  database: 'g.database_name',
  user: 'g.user_name',
  application: 'g.application',
}

function conditionOf(filter: ActivityFilter, values: unknown[]): string {
  return Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(([dimension, value]) => {
      const type = dimension === 'queryId' ? 'bigint' : 'text'
      return ` and ${COLUMN[dimension as ActivityDimension]} is not distinct from $${values.push(value)}::${type}`
    })
    .join('')
}

export async function activityGroups(
  sql: Sql,
  targetId: number,
  window: Window,
  filter: ActivityFilter,
): Promise<{ readonly samples: number; readonly groups: readonly ActivityGroup[] }> {
  const cover = coverOf(window, await activityFoldedUntil(sql, targetId))
  if (cover.parts.length === 0) return { samples: 0, groups: [] }
  const covered = rowsSql(cover, 'm.seconds')
  const [total] = await sql.query<{ seconds: number }>(
    `select coalesce(sum(m.seconds::float8), 0) as seconds from (${covered.sql}) m`,
    [targetId, ...covered.values],
  )
  const rows = rowsSql(cover, WITH_GROUPS)
  const values: unknown[] = [targetId, ...rows.values]
  const condition = conditionOf(filter, values)
  const groups = await sql.query<ActivityGroup>(
    `select g.wait_type as "waitType", g.wait_event as "waitEvent", g.query_id::text as "queryId",
            g.database_name as database, g.user_name as user, g.application, sum(g.sessions::float8) as sessions
       from (${rows.sql}) m ${GROUPS}
      where true${condition}
      group by g.wait_type, g.wait_event, g.query_id, g.database_name, g.user_name, g.application
      order by sum(g.sessions::float8) desc, g.query_id, g.wait_event collate "C", g.application collate "C",
               g.user_name collate "C", g.database_name collate "C"
      limit ${MAX_GROUPS}`,
    values,
  )
  return { samples: total?.seconds ?? 0, groups }
}

/** Each bucket's number and the seconds that its rows cover. A row belongs to the bucket in which it begins. */
async function levels(sql: Sql, targetId: number, cover: Cover, bucketMs: number) {
  const rows = rowsSql(cover, ROW)
  const values: unknown[] = [targetId, ...rows.values]
  const bucket = bucketSql(cover, bucketMs, values)
  return await sql.query<{
    bucket: number
    seconds: number
    peak_active: number
    idle_in_transaction: number | null
    blocked: number | null
    oldest_transaction_ms: number | null
    oldest_xmin_age: number | null
  }>(`select ${bucket} as bucket, ${LEVELS} from (${rows.sql}) m group by 1 order by 1`, values)
}

function bucketSql(cover: Cover, bucketMs: number, values: unknown[]): string {
  const begin = values.push(cover.from / 1000)
  const length = values.push(bucketMs / 1000)
  return `pg_catalog.floor((pg_catalog.date_part('epoch', m.at) - $${begin}::float8) / $${length}::float8)::int`
}

/** The last one is not over yet: it ends where the window does. */
function endOf(cover: Cover, bucket: number, bucketMs: number): Date {
  return new Date(Math.min(cover.from + (bucket + 1) * bucketMs, cover.to))
}

/** Not shorter than the rows that fill them: an hour's row would leave gaps between buckets of minutes. */
function bucketMsOf(cover: Cover, buckets: number): number {
  const grain = cover.parts.some(({ table }) => table === 'activity_hour') ? HOUR_MS : MINUTE_MS
  return Math.max(1, Math.ceil((cover.to - cover.from) / Math.max(1, buckets) / grain)) * grain
}

export async function activityLevels(
  sql: Sql,
  targetId: number,
  window: Window,
  buckets: number,
): Promise<readonly ActivityLevel[]> {
  const cover = coverOf(window, await activityFoldedUntil(sql, targetId))
  if (cover.parts.length === 0) return []
  const bucketMs = bucketMsOf(cover, buckets)
  return (await levels(sql, targetId, cover, bucketMs)).map((row) => ({
    at: endOf(cover, row.bucket, bucketMs),
    seconds: row.seconds,
    peakActive: row.peak_active,
    idleInTransactionMean: row.idle_in_transaction ?? 0,
    blockedMean: row.blocked ?? 0,
    oldestTransactionMs: row.oldest_transaction_ms,
    oldestXminAge: row.oldest_xmin_age,
  }))
}

export async function activityHistory(
  sql: Sql,
  targetId: number,
  window: Window,
  by: ActivityDimension,
  buckets: number,
  filter: ActivityFilter,
): Promise<readonly ActivityPoint[]> {
  const cover = coverOf(window, await activityFoldedUntil(sql, targetId))
  if (cover.parts.length === 0) return []
  const bucketMs = bucketMsOf(cover, buckets)
  const rows = rowsSql(cover, WITH_GROUPS)
  const values: unknown[] = [targetId, ...rows.values]
  const bucket = bucketSql(cover, bucketMs, values)
  const condition = conditionOf(filter, values)
  const sums = await sql.query<{ bucket: number; value: string | null; sessions: number }>(
    `with grouped as materialized (
       select ${bucket} as bucket, ${COLUMN[by]}::text as value, sum(g.sessions::float8) as sessions
         from (${rows.sql}) m ${GROUPS}
        where true${condition}
        group by 1, 2),
     ranked as (
       select v.value, row_number() over (order by v.sessions desc, v.value collate "C") as position
         from (select g.value, sum(g.sessions) as sessions from grouped g group by g.value) v)
     select g.bucket, case when r.position <= ${NAMED_VALUES} then g.value else '${OTHER}' end as value,
            sum(g.sessions) as sessions
       from grouped g join ranked r on r.value is not distinct from g.value
      group by 1, 2
      order by 1, 3 desc, 2`,
    values,
  )
  const byBucket = Map.groupBy(sums, (row) => row.bucket)
  const covered = await levels(sql, targetId, cover, bucketMs)
  return covered.map(({ bucket: number, seconds }) => ({
    at: endOf(cover, number, bucketMs),
    seconds,
    sessions: new Map(
      (byBucket.get(number) ?? []).map((row) => [row.value, seconds > 0 ? row.sessions / seconds : 0]),
    ),
  }))
}
