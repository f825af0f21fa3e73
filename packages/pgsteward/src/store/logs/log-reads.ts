// Questions about a target's log: counts by class, history, events, sources.

import type {
  LogClassCount,
  LogEventFilter,
  LogHistoryPoint,
  LogPosition,
  LogRecord,
  LogSourceState,
} from '../../model/log-event.ts'
import type { Window } from '../../model/units.ts'
import { fromJson, type Sql } from '../database.ts'

const MOST_EVENTS = 1_000
const DEFAULT_EVENTS = 100
const MOST_SOURCES = 100
/** A source that brought nothing for so long is no longer told of; its position stays. */
const REMEMBERED = '30 days'

const COLUMNS = `e.id::text as id, e.at, e.class, e.severity, e.sql_state as "sqlState", e.pid, e.user_name as "user",
       e.database_name as database, e.application, e.client, e.query_id as "queryId", e.fingerprint, q.text as query,
       e.message, e.detail, e.hint, e.context, e.duration_ms as "durationMs", e.parameters, e.figures, e.plan`

/** Most first. */
export async function logCounts(
  sql: Sql,
  targetId: number,
  window: Window,
): Promise<readonly LogClassCount[]> {
  return await sql.query<LogClassCount>(
    `select c.class, c.severity, nullif(c.database_name, '') as database, sum(c.count) as count,
            min(c.first_at) as "firstAt", max(c.last_at) as "lastAt"
       from pgsteward.log_count c
      where c.target_id = $1 and c.at > $2::timestamptz - interval '1 minute' and c.at <= $3
        and c.last_at > $2 and c.first_at <= $3
      group by 1, 2, 3
      order by 4 desc, 1, 2, 3
      limit 2000`,
    [targetId, window.from, window.to],
  )
}

/** Buckets without any message are left out. */
export async function logHistory(
  sql: Sql,
  targetId: number,
  window: Window,
  buckets: number,
): Promise<readonly LogHistoryPoint[]> {
  const lengthMs = window.to.getTime() - window.from.getTime()
  const widthMs = Math.max(1, Math.ceil(lengthMs / Math.max(1, buckets) / 60_000)) * 60_000
  return await sql.query<LogHistoryPoint>(
    `select pg_catalog.date_bin($4::float8 * interval '1 millisecond', c.at, timestamptz 'epoch')
              + $4::float8 * interval '1 millisecond' as at,
            c.class, c.severity, sum(c.count) as count
       from pgsteward.log_count c
      where c.target_id = $1 and c.at > $2::timestamptz - interval '1 minute' and c.at <= $3
      group by 1, 2, 3
      order by 1, 2, 3`,
    [targetId, window.from, window.to, widthMs],
  )
}

/** The latest first. */
export async function logEvents(
  sql: Sql,
  targetId: number,
  window: Window,
  filter: LogEventFilter,
): Promise<readonly LogRecord[]> {
  const values: unknown[] = [targetId, window.from, window.to]
  const also = (condition: (parameter: string) => string, value: unknown) =>
    value === undefined ? '' : ` and ${condition(`$${values.push(value)}`)}`
  const pattern = filter.search === undefined ? undefined : `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`
  const where = [
    also((parameter) => `e.class = any(${parameter}::text[])`, filter.classes),
    also((parameter) => `e.severity = any(${parameter}::text[])`, filter.severities),
    also((parameter) => `e.query_id = ${parameter}`, filter.queryId),
    also((parameter) => `e.fingerprint = ${parameter}`, filter.fingerprint),
    also((parameter) => `e.database_name = ${parameter}`, filter.database),
    also(
      (parameter) =>
        `(e.message ilike ${parameter} or e.detail ilike ${parameter} or e.context ilike ${parameter} or q.text ilike ${parameter}
          or e.user_name ilike ${parameter} or e.application ilike ${parameter} or e.sql_state ilike ${parameter})`,
      pattern,
    ),
  ].join('')
  const limit = Math.min(filter.limit ?? DEFAULT_EVENTS, MOST_EVENTS)
  const rows = await sql.query<LogRecord>(
    `select ${COLUMNS}
       from pgsteward.log_event e
       left join pgsteward.query_text q on q.hash = e.query_hash
      where e.target_id = $1 and e.at > $2 and e.at <= $3${where}
      order by e.at desc, e.id desc limit ${limit}`,
    values,
  )
  return rows.map(recordOf)
}

export async function logEvent(sql: Sql, targetId: number, id: string): Promise<LogRecord | null> {
  if (!/^\d{1,18}$/.test(id)) return null
  const [row] = await sql.query<LogRecord>(
    `select ${COLUMNS}
       from pgsteward.log_event e
       left join pgsteward.query_text q on q.hash = e.query_hash
      where e.target_id = $1 and e.id = $2`,
    [targetId, id],
  )
  return row === undefined ? null : recordOf(row)
}

function recordOf(row: LogRecord): LogRecord {
  const read = <T>(value: T): T => (value === null ? value : (fromJson(value) as T))
  return { ...row, parameters: read(row.parameters), figures: read(row.figures), plan: read(row.plan) }
}

export async function logSources(sql: Sql, targetId: number): Promise<readonly LogSourceState[]> {
  return await sql.query<LogSourceState>(
    `select s.source, s.last_at as "lastAt", s.lines, s.bytes, s.unknown, s.unreadable, s.because
       from pgsteward.log_source s
      where s.target_id = $1
        and s.seen_at > (select max(m.seen_at) from pgsteward.log_source m where m.target_id = $1) - interval '${REMEMBERED}'
      order by s.last_at desc nulls last, s.source collate "C" limit ${MOST_SOURCES}`,
    [targetId],
  )
}

export async function logPositions(sql: Sql, targetId: number): Promise<ReadonlyMap<string, LogPosition>> {
  const rows = await sql.query<{ source: string; position: unknown }>(
    `select s.source, s.position from pgsteward.log_source s
      where s.target_id = $1 and s.position is not null order by s.source collate "C"`,
    [targetId],
  )
  return new Map(rows.map(({ source, position }) => [source, fromJson(position) as LogPosition]))
}
