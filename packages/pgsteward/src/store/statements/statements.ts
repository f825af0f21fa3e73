// Questions about statements over a window: the heaviest, one, the sums of all. Put together from roll-ups.

import type { Window } from '../../model/units.ts'
import type { Sql } from '../database.ts'
import { foldState } from '../fold.ts'
import { type Cover, cover, GRAINS } from '../grain.ts'
import type { StatementOrder, StatementSums, StatementTotals } from '../store.ts'
import { COLUMN_NAMES, type StatementColumn } from './statement-interval.ts'

/** What decides the order; the mean needs the calls as well. */
const RANKED_BY: Readonly<Record<StatementOrder, { columns: readonly StatementColumn[]; rank: string }>> = {
  totalTime: { columns: ['exec_ms'], rank: 'sum(p.exec_ms)' },
  calls: { columns: ['calls'], rank: 'sum(p.calls)' },
  meanTime: { columns: ['exec_ms', 'calls'], rank: 'sum(p.exec_ms) / nullif(sum(p.calls), 0)' },
  rows: { columns: ['rows'], rank: 'sum(p.rows)' },
  reads: { columns: ['blocks_read'], rank: 'sum(p.blocks_read)' },
  tempBlocks: { columns: ['temp_written'], rank: 'sum(p.temp_written)' },
}

/** Ranks by one column over all statements, then sums the others for the few that won: half the work of summing everything. */
export async function topStatements(
  sql: Sql,
  targetId: number,
  window: Window,
  order: StatementOrder,
  limit: number,
): Promise<readonly StatementTotals[]> {
  const { foldedUntil } = await foldState(sql, targetId)
  const parts = cover(window, foldedUntil)
  const { columns, rank } = RANKED_BY[order]
  // so many could not be picked from readings: those would all be unpacked twice
  if (limit > PICKED_UP_TO && parts.raw.length > 0) return summedAtOnce(sql, targetId, parts, rank, limit)
  const ranked = partsSql(parts, columns)
  const winners = await sql.query<{ ids: number[] }>(
    `select array_agg(s.id) as ids
       from (select p.statement_id, ${columns.map((name) => `sum(p.${name}) as ${name}`).join(', ')}
               from (${ranked.sql}) p group by p.statement_id) p
       join pgsteward.statement s on s.id = p.statement_id
      group by s.query_id, s.database_name, s.user_name
      order by ${rank} desc nulls last, s.query_id, s.database_name, s.user_name
      limit $${ranked.values.length + 2}`,
    [targetId, ...ranked.values, limit],
  )
  return totalsOf(
    sql,
    targetId,
    parts,
    winners.flatMap((each) => each.ids),
    rank,
  )
}

/** Sums everything, and keeps the first: for long lists. */
async function summedAtOnce(
  sql: Sql,
  targetId: number,
  parts: Cover,
  rank: string,
  limit: number,
): Promise<readonly StatementTotals[]> {
  const { sql: all, values } = partsSql(parts, COLUMN_NAMES)
  const sums = COLUMN_NAMES.map((name) => `sum(p.${name}) as ${name}`).join(', ')
  const rows = await sql.query<TotalsRow>(
    `with top as (
       select s.query_id, s.database_name, s.user_name, ${sums},
              row_number() over (order by ${rank} desc nulls last, s.query_id, s.database_name, s.user_name) as place
         from (select p.statement_id, ${sums} from (${all}) p group by p.statement_id) p
         join pgsteward.statement s on s.id = p.statement_id
        group by s.query_id, s.database_name, s.user_name
        order by place
        limit $${values.length + 2})
     select t.query_id::text as query_id, t.database_name, t.user_name, coalesce(q.text, '') as text,
            ${COLUMN_NAMES.map((name) => `coalesce(t.${name}, 0) as ${name}`).join(', ')}
       from top t
       left join pgsteward.statement_text x on x.target_id = $1 and x.query_id = t.query_id
       left join pgsteward.query_text q on q.hash = x.hash
      order by t.place`,
    [targetId, ...values, limit],
  )
  return rows.map(totalsView)
}

/** One query, by database and user, the heaviest first: however many others were heavier. Empty when it did not run. */
export async function statementTotals(
  sql: Sql,
  targetId: number,
  queryId: string,
  window: Window,
): Promise<readonly StatementTotals[]> {
  const { foldedUntil } = await foldState(sql, targetId)
  const ids = await idsOf(sql, targetId, queryId)
  return totalsOf(sql, targetId, cover(window, foldedUntil), ids, RANKED_BY.totalTime.rank)
}

/** Of all databases and users. */
export async function idsOf(sql: Sql, targetId: number, queryId: string): Promise<readonly number[]> {
  const rows = await sql.query<{ id: number }>(
    'select s.id from pgsteward.statement s where s.target_id = $1 and s.query_id = $2::bigint',
    [targetId, queryId],
  )
  return rows.map((row) => row.id)
}

/** `ids` of statements; `rank` as RANKED_BY has it. */
async function totalsOf(
  sql: Sql,
  targetId: number,
  parts: Cover,
  ids: readonly number[],
  rank: string,
): Promise<readonly StatementTotals[]> {
  if (ids.length === 0) return []
  const summed = partsSql(parts, COLUMN_NAMES, ids.length)
  const rows = await sql.query<TotalsRow>(
    `select s.query_id::text as query_id, s.database_name, s.user_name, coalesce(q.text, '') as text,
            ${COLUMN_NAMES.map((name) => `coalesce(sum(p.${name}), 0) as ${name}`).join(', ')}
       from (${summed.sql}) p
       join pgsteward.statement s on s.id = p.statement_id
       left join pgsteward.statement_text t on t.target_id = s.target_id and t.query_id = s.query_id
       left join pgsteward.query_text q on q.hash = t.hash
      group by s.query_id, s.database_name, s.user_name, q.text
      order by ${rank} desc nulls last, s.query_id, s.database_name, s.user_name`,
    [targetId, ...summed.values, ids],
  )
  return rows.map(totalsView)
}

interface TotalsRow extends Readonly<Record<StatementColumn, number>> {
  readonly query_id: string
  readonly database_name: string
  readonly user_name: string
  readonly text: string
}

const totalsView = (row: TotalsRow): StatementTotals => ({
  queryId: row.query_id,
  database: row.database_name,
  user: row.user_name,
  text: row.text,
  calls: row.calls,
  totalExecMs: row.exec_ms,
  rows: row.rows,
  sharedBlocksHit: row.blocks_hit,
  sharedBlocksRead: row.blocks_read,
  tempBlocksWritten: row.temp_written,
  walBytes: row.wal_bytes,
  blockReadMs: row.block_read_ms,
})

export async function statementSums(sql: Sql, targetId: number, window: Window): Promise<StatementSums> {
  const { foldedUntil } = await foldState(sql, targetId)
  const covered = cover(window, foldedUntil)
  const { sql: parts, values } = partsSql(covered, ['exec_ms', 'calls'])
  const [row] = await sql.query<{ exec_ms: number; calls: number }>(
    `select coalesce(sum(p.exec_ms), 0) as exec_ms, coalesce(sum(p.calls), 0) as calls from (${parts}) p`,
    [targetId, ...values],
  )
  return {
    totalExecMs: row?.exec_ms ?? 0,
    calls: row?.calls ?? 0,
    seconds: await coveredSeconds(sql, targetId, covered),
  }
}

/** Buckets are neighbours, so their hours are one span; what is not folded yet counts its intervals. */
async function coveredSeconds(sql: Sql, targetId: number, { buckets, raw }: Cover): Promise<number> {
  const starts = buckets.flatMap(({ table, starts }) => {
    const { ms } = GRAINS.find((grain) => grain.table === table)!
    return starts.map((start) => ({ from: start.getTime(), to: start.getTime() + ms }))
  })
  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value) + 1}::timestamptz`
  const parts = raw.map(
    ({ from, to }) => `select i.seconds::float8 as seconds from pgsteward.statement_interval i
                        where i.target_id = $1 and i.at > ${bind(from)} and i.at <= ${bind(to)}`,
  )
  if (starts.length > 0) {
    const from = new Date(Math.min(...starts.map((each) => each.from)))
    const to = new Date(Math.max(...starts.map((each) => each.to)))
    parts.push(`select c.seconds from pgsteward.covered_hour c
                 where c.target_id = $1 and c.at >= ${bind(from)} and c.at < ${bind(to)}`)
  }
  if (parts.length === 0) return 0
  const [row] = await sql.query<{ seconds: number }>(
    `select coalesce(sum(p.seconds), 0) as seconds from (${parts.join(' union all ')}) p`,
    [targetId, ...values],
  )
  return row?.seconds ?? 0
}

/** Each pick walks through the ids of an interval, which soon costs more than unpacking them all once. */
const PICKED_UP_TO = 50

/** $1 is the target; with `onlyIds`, their number, the last parameter holds statement ids, which the roll-ups' primary keys answer. */
function partsSql(
  { buckets, raw }: Cover,
  columns: readonly StatementColumn[],
  onlyIds?: number,
): { readonly sql: string; readonly values: readonly unknown[] } {
  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value) + 1}`
  const idsAt = buckets.length + 2 * raw.length + 2
  const ids = (column: string) => (onlyIds === undefined ? '' : ` and ${column} = any($${idsAt}::int[])`)
  const parts = buckets.map(
    ({ table, starts }) =>
      `select r.statement_id, ${columns.map((name) => `r.${name}`).join(', ')}
         from pgsteward.${table} r
        where r.target_id = $1 and r.at = any(${bind(starts)}::timestamptz[])${ids('r.statement_id')}`,
  )
  for (const { from, to } of raw) {
    const span = `i.target_id = $1 and i.at > ${bind(from)} and i.at <= ${bind(to)}`
    parts.push(
      onlyIds !== undefined && onlyIds <= PICKED_UP_TO
        ? pickedSql(columns, span, `$${idsAt}::int[]`)
        : unpackedSql(columns, `${span}${ids('u.statement_id')}`),
    )
  }
  if (parts.length === 0) {
    parts.push(
      `select 0 as statement_id, ${columns.map((name) => `0::float8 as ${name}`).join(', ')} where $1 < 0`,
    )
  }
  return { sql: parts.join('\n union all '), values }
}

/** All statements of the intervals as rows. */
function unpackedSql(columns: readonly StatementColumn[], span: string): string {
  return `select u.statement_id, ${columns.map((name) => `u.${name}::float8`).join(', ')}
            from pgsteward.statement_interval i
           cross join lateral unnest(i.statement_ids, ${columns.map((name) => `i.${name}`).join(', ')})
                 as u (statement_id, ${columns.join(', ')})
           where ${span}`
}

/**
 * A few statements of the intervals, by their position: a third of the time of unpacking all columns of all. Appending nothing makes
 * an array that lies in memory whole; a subscript of the stored one would decompress it anew each time.
 */
function pickedSql(columns: readonly StatementColumn[], span: string, ids: string): string {
  return `select k.id as statement_id, ${columns.map((name) => `f.${name}[p.position]::float8 as ${name}`).join(', ')}
            from (select i.statement_ids || '{}'::int[] as statement_ids,
                         ${columns.map((name) => `i.${name} || '{}'::real[] as ${name}`).join(', ')}
                    from pgsteward.statement_interval i where ${span} offset 0) f
           cross join unnest(${ids}) as k (id)
           cross join lateral (select pg_catalog.array_position(f.statement_ids, k.id) as position offset 0) p
           where p.position is not null`
}
