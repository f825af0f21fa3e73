// What sessions did, by minute as it comes in and folded by hour. A window is read from as few rows as possible.

import type {
  ActivityDimension,
  ActivityFilter,
  ActivityGroup,
  ActivityLevel,
  ActivityMinute,
  ActivityPoint,
} from '../model/activity.ts'
import type { Window } from '../model/units.ts'
import type { Sql, StoreDatabase } from './database.ts'
import type { Partitions } from './partitions.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** Of an hour; the others keep their wait and lose the rest. */
const GROUPS_AN_HOUR = 400
/** A shorter window is read by the minute: a chart of it has fewer points than minutes. */
const HOURS_FROM_MS = 12 * HOUR_MS
const NAMED_VALUES = 20
const MAX_GROUPS = 500
/** What stands for all values beyond those named. */
const OTHER = '(other)'

type ActivityTable = 'activity_minute' | 'activity_hour'

const COLUMN: Readonly<Record<ActivityDimension, string>> = {
  waitType: 'g.wait_type',
  waitEvent: 'g.wait_event',
  queryId: 'g.query_id',
  database: 'g.database_name',
  user: 'g.user_name',
  application: 'g.application',
}

const LEVELS = `sum(m.seconds::float8) as seconds, max(m.peak_active::float8) as peak_active,
            sum(m.idle_in_transaction::float8 * m.seconds) / nullif(sum(m.seconds::float8), 0) as idle_in_transaction,
            sum(m.blocked::float8 * m.seconds) / nullif(sum(m.seconds::float8), 0) as blocked,
            max(m.oldest_transaction_ms) as oldest_transaction_ms, max(m.oldest_xmin_age) as oldest_xmin_age`

const GROUPS = `cross join lateral unnest(m.wait_types, m.wait_events, m.query_ids, m.databases, m.users, m.applications, m.sessions)
         as g (wait_type, wait_event, query_id, database_name, user_name, application, sessions)`

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

export async function activityFoldedUntil(sql: Sql, targetId: number): Promise<Date | null> {
  const [row] = await sql.query<{ until: Date | null }>(
    'select t.activity_folded_until as until from pgsteward.target t where t.id = $1',
    [targetId],
  )
  return row?.until ?? null
}

/** Where a window begins and ends as it is read: at minutes, and long ones at hours. */
interface Cover {
  readonly from: number
  readonly to: number
  readonly parts: readonly { readonly table: ActivityTable; readonly from: Date; readonly to: Date }[]
}

function coverOf(window: Window, foldedUntil: Date | null): Cover {
  const lengthMs = window.to.getTime() - window.from.getTime()
  const grain = lengthMs >= HOURS_FROM_MS && foldedUntil !== null ? HOUR_MS : MINUTE_MS
  const from = Math.floor(window.from.getTime() / grain) * grain
  const to = window.to.getTime()
  const middle = grain === HOUR_MS ? Math.min(Math.max(foldedUntil!.getTime(), from), to) : from
  const part = (table: ActivityTable, begin: number, end: number) =>
    end > begin ? [{ table, from: new Date(begin), to: new Date(end) }] : []
  return {
    from,
    to,
    parts: [...part('activity_hour', from, middle), ...part('activity_minute', middle, to)],
  }
}

const ROW =
  'm.at, m.seconds, m.peak_active, m.idle_in_transaction, m.blocked, m.oldest_transaction_ms, m.oldest_xmin_age'

/** The rows of a cover as one relation `m`; parameters from $2 on. */
function rowsSql(cover: Cover, columns: string): { readonly sql: string; readonly values: readonly Date[] } {
  const values: Date[] = []
  const sql = cover.parts.map(({ table, from, to }) => {
    const [a, b] = [values.push(from) + 1, values.push(to) + 1]
    return `select ${columns} from pgsteward.${table} m where m.target_id = $1 and m.at >= $${a} and m.at < $${b}`
  })
  return { sql: sql.join(' union all '), values }
}

const WITH_GROUPS = `${ROW}, m.wait_types, m.wait_events, m.query_ids, m.databases, m.users, m.applications, m.sessions`

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
