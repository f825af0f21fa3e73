// The workload as pg_stat_statements saw it: the current database's heaviest statements since its statistics began.

import type { Ask } from './read-surroundings.ts'
import type { LeftOut, Workload, WorkloadStatement } from './workload.ts'

/** Beyond these the rest is a fraction of a percent of the time. */
const MOST_STATEMENTS = 500

/** `queryid` alone may stand for several users' entries: they are one statement here. */
const STATEMENTS_SQL = `
select s.queryid::text as query_id, min(s.query) as query, sum(s.calls)::float8 as calls, sum(s.rows)::float8 as rows, sum(s.total_exec_time) as total_ms,
  (extract(epoch from pg_catalog.now() - (select coalesce(i.stats_reset, pg_catalog.pg_postmaster_start_time())
    from pg_stat_statements_info as i)) / 60)::float8 as minutes
from pg_stat_statements as s
where s.dbid = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
  and s.toplevel and s.queryid is not null and s.query !~ '/\\* pgsteward:'
  and s.query ~* '^\\s*(/\\*.*?\\*/\\s*|--[^\\n]*\\n\\s*)*\\(?\\s*(select|insert|update|delete|merge|with|values)\\M'
  and s.query !~* '\\m(pg_stat_|pg_catalog\\.|information_schema\\.)'
group by s.queryid
order by sum(s.total_exec_time) desc, s.queryid
limit ${MOST_STATEMENTS}`

export async function readStatementsWorkload(ask: Ask): Promise<Workload> {
  const { rows } = await ask('advise statements', STATEMENTS_SQL)
  const statements: WorkloadStatement[] = []
  const leftOut: LeftOut[] = []
  for (const row of rows) {
    const id = String(row.query_id)
    const sql = String(row.query ?? '')
    if (sql === '' || sql === '<insufficient privilege>') {
      leftOut.push({ id, because: 'its text may not be read: the role needs pg_read_all_stats' })
      continue
    }
    const calls = Number(row.calls)
    statements.push({
      id,
      sql: sql.trim().replace(/;\s*$/, ''),
      callsPerMinute: calls / Math.max(1, Number(row.minutes)),
      variants: [],
      rowsPerCall: calls > 0 ? Number(row.rows) / calls : null,
      ...(calls > 0 ? { meanMs: Number(row.total_ms) / calls } : {}),
    })
  }
  return { statements, leftOut }
}
