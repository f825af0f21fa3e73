// The workload of a replay: of a file, or of pg_stat_statements on a server that is only asked, not loaded.

import { readStatementsWorkload } from '../../advise/read-statements-workload.ts'
import { readJsonWorkload, readSqlWorkload } from '../../advise/workload.ts'
import { StewardError } from '../../model/error.ts'
import { openSession } from '../../postgres/connect.ts'
import { readWorkloadFile } from '../workload/read-workload-file.ts'
import type { ReplayWorkload } from './prepare-replay.ts'

const TIME_SQL = `
select s.queryid::text as query_id, sum(s.total_exec_time)::float8 as total_ms
from pg_stat_statements as s
where s.dbid = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database()) and s.toplevel
group by s.queryid
order by 2 desc
limit 5000`

export async function replayWorkloadOf(file: string): Promise<ReplayWorkload> {
  const read = await readWorkloadFile(file)
  const workload = read.kind === 'json' ? readJsonWorkload(read.list) : readSqlWorkload(read.text)
  return { ...workload, timeMs: null }
}

/** Throws 'usage' where there is no pg_stat_statements. */
export async function replayWorkloadFrom(url: string): Promise<ReplayWorkload> {
  const session = await openSession(url, { purpose: 'load', statementTimeoutMs: 60_000 })
  try {
    if (!session.server.extensions.has('pg_stat_statements'))
      throw new StewardError('usage', 'the server of --from has no pg_stat_statements to replay', {
        detail: 'The extension is not created in this database.',
        hint: "Start PostgreSQL with shared_preload_libraries = 'pg_stat_statements' and run: create extension pg_stat_statements",
      })
    const workload = await readStatementsWorkload((label, sql) => session.query(label, sql))
    const { rows } = await session.query('replay time', TIME_SQL)
    return {
      ...workload,
      timeMs: new Map(rows.map((row) => [String(row.query_id), Number(row.total_ms)])),
    }
  } finally {
    await session.close()
  }
}
