// How one statement did over a window, in buckets: from readings where they are kept, else from hours.

import type { Window } from '../../model/units.ts'
import type { Sql } from '../database.ts'
import { foldState } from '../fold.ts'
import { alignedWindow } from '../grain.ts'
import type { StatementPoint } from '../store.ts'
import { idsOf } from './statements.ts'

const HOUR_MS = 3_600_000

/** Sums by bucket of a width that divides the window; buckets without readings are left out, so a gap stays a gap. */
export async function statementHistory(
  sql: Sql,
  targetId: number,
  queryId: string,
  window: Window,
  buckets: number,
): Promise<readonly StatementPoint[]> {
  const { foldedUntil } = await foldState(sql, targetId)
  const lengthMs = window.to.getTime() - window.from.getTime()
  const wantedMs = Math.max(1, lengthMs / Math.max(1, buckets))
  const [oldest] = await sql.query<{ at: Date | null }>(
    'select min(i.at) as at from pgsteward.statement_interval i where i.target_id = $1',
    [targetId],
  )
  const hasRaw = oldest?.at != null && oldest.at.getTime() <= window.from.getTime() + 2 * HOUR_MS
  const isCoarse = foldedUntil !== null && (wantedMs >= HOUR_MS || !hasRaw)
  const ids = await idsOf(sql, targetId, queryId)
  if (ids.length === 0) return []
  const span = isCoarse ? alignedWindow(window, foldedUntil) : window
  const widthMs = isCoarse ? Math.ceil(wantedMs / HOUR_MS) * HOUR_MS : Math.ceil(wantedMs)
  const rows = isCoarse
    ? await coarseHistory(sql, targetId, ids, span, foldedUntil, widthMs)
    : await fineHistory(sql, targetId, ids, span, widthMs)
  return rows
    .filter((row) => row.seconds > 0)
    .map((row) => ({
      at: new Date(Math.min(span.from.getTime() + (row.bucket + 1) * widthMs, span.to.getTime())),
      seconds: row.seconds,
      calls: row.calls,
      totalExecMs: row.exec_ms,
      rows: row.rows,
      sharedBlocksHit: row.blocks_hit,
      sharedBlocksRead: row.blocks_read,
      tempBlocksWritten: row.temp_written,
    }))
}

const HISTORY_COLUMNS = ['calls', 'exec_ms', 'rows', 'blocks_hit', 'blocks_read', 'temp_written'] as const

type HistoryRow = Record<(typeof HISTORY_COLUMNS)[number], number> & {
  readonly bucket: number
  readonly seconds: number
}

const HISTORY_SUMS = HISTORY_COLUMNS.map((name) => `coalesce(sum(e.${name}), 0) as ${name}`).join(', ')

/** An interval without the statement counts its seconds too: the statement did not run. By position: see pickedSql in statements.ts. */
async function fineHistory(
  sql: Sql,
  targetId: number,
  ids: readonly number[],
  { from, to }: Window,
  widthMs: number,
): Promise<readonly HistoryRow[]> {
  return await sql.query<HistoryRow>(
    `select least(floor((extract(epoch from e.at - $2) * 1000 - 0.5) / $4::float8), $5::float8)::int as bucket,
            sum(e.seconds::float8) filter (where e.is_first) as seconds, ${HISTORY_SUMS}
       from (select f.at, f.seconds, k.place = 1 as is_first,
                    ${HISTORY_COLUMNS.map((name) => `f.${name}[p.position]::float8 as ${name}`).join(', ')}
               from (select i.at, i.seconds, i.statement_ids || '{}'::int[] as statement_ids,
                            ${HISTORY_COLUMNS.map((name) => `i.${name} || '{}'::real[] as ${name}`).join(', ')}
                       from pgsteward.statement_interval i
                      where i.target_id = $1 and i.at > $2 and i.at <= $3 offset 0) f
              cross join unnest($6::int[]) with ordinality as k (id, place)
              cross join lateral (select pg_catalog.array_position(f.statement_ids, k.id) as position offset 0) p) e
      group by 1 order by 1`,
    [targetId, from, to, widthMs, Math.ceil((to.getTime() - from.getTime()) / widthMs) - 1, ids],
  )
}

/** From hourly rows, and what is not folded yet at full grain. */
async function coarseHistory(
  sql: Sql,
  targetId: number,
  ids: readonly number[],
  { from, to }: Window,
  foldedUntil: Date,
  widthMs: number,
): Promise<readonly HistoryRow[]> {
  return await sql.query<HistoryRow>(
    `select least(floor((extract(epoch from e.at - $2) * 1000) / $4::float8), $5::float8)::int as bucket,
            sum(e.seconds) as seconds, ${HISTORY_SUMS}
       from (select c.at, c.seconds, ${HISTORY_COLUMNS.map((name) => `0::float8 as ${name}`).join(', ')}
               from pgsteward.covered_hour c
              where c.target_id = $1 and c.at >= $2 and c.at < $3
              union all
             select r.at, 0, ${HISTORY_COLUMNS.map((name) => `r.${name}`).join(', ')}
               from pgsteward.statement_hour r
              where r.statement_id = any($6::int[]) and r.at >= $2 and r.at < $3
              union all
             select i.at - interval '1 millisecond', case when u.position = 1 then i.seconds else 0 end,
                    ${HISTORY_COLUMNS.map((name) => `coalesce(u.${name}::float8, 0)`).join(', ')}
               from pgsteward.statement_interval i
              cross join lateral (
                select coalesce(v.position, 1) as position, ${HISTORY_COLUMNS.map((name) => `v.${name}`).join(', ')}
                  from (values (1)) one (n)
                  left join (
                    select row_number() over () as position, w.*
                      from unnest(i.statement_ids, ${HISTORY_COLUMNS.map((name) => `i.${name}`).join(', ')})
                        as w (statement_id, ${HISTORY_COLUMNS.join(', ')})
                     where w.statement_id = any($6::int[])) v on true) u
              where i.target_id = $1 and i.at > greatest($2, $7) and i.at <= $3) e
      group by 1 order by 1`,
    [targetId, from, to, widthMs, Math.ceil((to.getTime() - from.getTime()) / widthMs) - 1, ids, foldedUntil],
  )
}
