// Rows of what sessions did, as SQL: their levels and groups, and those that cover a window.

import type { Window } from '../../model/units.ts'
import type { Sql } from '../database.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000

/** A shorter window is read by the minute: a chart of it has fewer points than minutes. */
const HOURS_FROM_MS = 12 * HOUR_MS
/** What stands for all values beyond those named. */
export const OTHER = '(other)'

type ActivityTable = 'activity_minute' | 'activity_hour'

export const LEVELS = `sum(m.seconds::float8) as seconds, max(m.peak_active::float8) as peak_active,
            sum(m.idle_in_transaction::float8 * m.seconds) / nullif(sum(m.seconds::float8), 0) as idle_in_transaction,
            sum(m.blocked::float8 * m.seconds) / nullif(sum(m.seconds::float8), 0) as blocked,
            max(m.oldest_transaction_ms) as oldest_transaction_ms, max(m.oldest_xmin_age) as oldest_xmin_age`

export const GROUPS = `cross join lateral unnest(m.wait_types, m.wait_events, m.query_ids, m.databases, m.users, m.applications, m.sessions)
         as g (wait_type, wait_event, query_id, database_name, user_name, application, sessions)`

export const ROW =
  'm.at, m.seconds, m.peak_active, m.idle_in_transaction, m.blocked, m.oldest_transaction_ms, m.oldest_xmin_age'
export const WITH_GROUPS = `${ROW}, m.wait_types, m.wait_events, m.query_ids, m.databases, m.users, m.applications, m.sessions`

export async function activityFoldedUntil(sql: Sql, targetId: number): Promise<Date | null> {
  const [row] = await sql.query<{ until: Date | null }>(
    'select t.activity_folded_until as until from pgsteward.target t where t.id = $1',
    [targetId],
  )
  return row?.until ?? null
}

/** Where a window begins and ends as it is read: at minutes, and long ones at hours. */
export interface Cover {
  readonly from: number
  readonly to: number
  readonly parts: readonly { readonly table: ActivityTable; readonly from: Date; readonly to: Date }[]
}

export function coverOf(window: Window, foldedUntil: Date | null): Cover {
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

/** The rows of a cover as one relation `m`; parameters from $2 on. */
export function rowsSql(
  cover: Cover,
  columns: string,
): { readonly sql: string; readonly values: readonly Date[] } {
  const values: Date[] = []
  const sql = cover.parts.map(({ table, from, to }) => {
    const [a, b] = [values.push(from) + 1, values.push(to) + 1]
    return `select ${columns} from pgsteward.${table} m where m.target_id = $1 and m.at >= $${a} and m.at < $${b}`
  })
  return { sql: sql.join(' union all '), values }
}
