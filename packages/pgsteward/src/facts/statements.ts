// pg_stat_statements, as counters: one row a database, user, query id and level. Texts are a fact of their own, since reading
// them makes the server load its whole text file.

import { defineCounterFact, defineStateFact, type Epoch } from '../model/fact.ts'
import { dateOrNull, isTrue, momentOrNull, number, text, textOrNull } from './column.ts'

export interface StatementRow {
  readonly queryId: string
  readonly databaseId: string
  readonly database: string
  readonly userId: string
  readonly user: string
  /** False for statements run inside functions (PostgreSQL 14+ tells them apart). */
  readonly isTopLevel: boolean
  readonly calls: number
  readonly totalExecMs: number
  readonly totalPlanMs: number
  readonly rows: number
  readonly sharedBlocksHit: number
  readonly sharedBlocksRead: number
  readonly sharedBlocksDirtied: number
  readonly sharedBlocksWritten: number
  readonly tempBlocksRead: number
  readonly tempBlocksWritten: number
  /** 0 where track_io_timing is off. */
  readonly blockReadMs: number
  readonly blockWriteMs: number
  readonly walBytes: number
  readonly jitMs: number
  /** Not counters: of all calls since the entry began. */
  readonly meanExecMs: number
  readonly maxExecMs: number
  /** PostgreSQL 17+ (extension 1.11); null before. */
  readonly statsSince: Date | null
}

// Neither sorted nor cast, and with the one join that can't be had otherwise: of 5,000 rows each would cost the server a tenth
// more. Rows are told apart by their key, so their order means nothing.
const STATEMENTS = (columns: { readTime: string; writeTime: string; jit: string; since: string }) => `
  select s.queryid                                as query_id,
         s.dbid                                   as database_id,
         d.datname                                as database,
         s.userid                                 as user_id,
         pg_catalog.pg_get_userbyid(s.userid)     as user_name,
         s.toplevel                               as is_top_level,
         s.calls                                  as calls,
         s.total_exec_time                        as total_exec_ms,
         s.total_plan_time                        as total_plan_ms,
         s.rows                                   as rows,
         s.shared_blks_hit                        as shared_blocks_hit,
         s.shared_blks_read                       as shared_blocks_read,
         s.shared_blks_dirtied                    as shared_blocks_dirtied,
         s.shared_blks_written                    as shared_blocks_written,
         s.temp_blks_read                         as temp_blocks_read,
         s.temp_blks_written                      as temp_blocks_written,
         ${columns.readTime}                      as block_read_ms,
         ${columns.writeTime}                     as block_write_ms,
         s.wal_bytes                              as wal_bytes,
         ${columns.jit}                           as jit_ms,
         s.max_exec_time                          as max_exec_ms,
         ${columns.since}                         as stats_since_seconds
    from pg_stat_statements(false) s
    left join pg_catalog.pg_database d on d.oid = s.dbid
   where s.queryid is not null`

const JIT = 's.jit_generation_time + s.jit_inlining_time + s.jit_optimization_time + s.jit_emission_time'

/** pg_stat_statements_info: resets and evictions of the whole view. */
export const statementsEpoch = defineStateFact<Epoch>({
  id: 'statements-epoch',
  title: 'Resets and evictions of pg_stat_statements',
  scope: 'cluster',
  everyMs: 60_000,
  extension: 'pg_stat_statements',
  variants: [
    {
      since: '1.9',
      sql: 'select i.stats_reset as reset_at, i.dealloc as evictions from pg_stat_statements_info i',
    },
  ],
  keyOf: () => 'statements',
  parse: (raw) => ({ resetAt: dateOrNull(raw, 'reset_at'), evictions: number(raw, 'evictions') }),
})

export const statements = defineCounterFact<StatementRow>({
  id: 'statements',
  title: 'Statements by database, user, query id and level, from pg_stat_statements',
  scope: 'cluster',
  everyMs: 60_000,
  needsAllStats: true,
  extension: 'pg_stat_statements',
  variants: [
    {
      since: '1.9',
      sql: STATEMENTS({
        readTime: 's.blk_read_time',
        writeTime: 's.blk_write_time',
        jit: '0',
        since: 'null::float8',
      }),
    },
    {
      since: '1.10',
      sql: STATEMENTS({
        readTime: 's.blk_read_time',
        writeTime: 's.blk_write_time',
        jit: JIT,
        since: 'null::float8',
      }),
    },
    {
      since: '1.11',
      sql: STATEMENTS({
        readTime: 's.shared_blk_read_time',
        writeTime: 's.shared_blk_write_time',
        jit: JIT,
        since: "pg_catalog.date_part('epoch', s.stats_since)",
      }),
    },
  ],
  keyOf: (row) => `${row.databaseId}/${row.userId}/${row.queryId}/${row.isTopLevel}`,
  since: (row) => row.statsSince,
  epoch: statementsEpoch,
  counters: [
    'calls',
    'totalExecMs',
    'totalPlanMs',
    'rows',
    'sharedBlocksHit',
    'sharedBlocksRead',
    'sharedBlocksDirtied',
    'sharedBlocksWritten',
    'tempBlocksRead',
    'tempBlocksWritten',
    'blockReadMs',
    'blockWriteMs',
    'walBytes',
    'jitMs',
  ],
  parse: (raw) => ({
    queryId: text(raw, 'query_id'),
    databaseId: text(raw, 'database_id'),
    database: textOrNull(raw, 'database') ?? text(raw, 'database_id'),
    userId: text(raw, 'user_id'),
    user: text(raw, 'user_name'),
    isTopLevel: isTrue(raw, 'is_top_level'),
    calls: number(raw, 'calls'),
    totalExecMs: number(raw, 'total_exec_ms'),
    totalPlanMs: number(raw, 'total_plan_ms'),
    rows: number(raw, 'rows'),
    sharedBlocksHit: number(raw, 'shared_blocks_hit'),
    sharedBlocksRead: number(raw, 'shared_blocks_read'),
    sharedBlocksDirtied: number(raw, 'shared_blocks_dirtied'),
    sharedBlocksWritten: number(raw, 'shared_blocks_written'),
    tempBlocksRead: number(raw, 'temp_blocks_read'),
    tempBlocksWritten: number(raw, 'temp_blocks_written'),
    blockReadMs: number(raw, 'block_read_ms'),
    blockWriteMs: number(raw, 'block_write_ms'),
    walBytes: number(raw, 'wal_bytes'),
    jitMs: number(raw, 'jit_ms'),
    meanExecMs: number(raw, 'total_exec_ms') / Math.max(1, number(raw, 'calls')),
    maxExecMs: number(raw, 'max_exec_ms'),
    statsSince: momentOrNull(raw, 'stats_since_seconds'),
  }),
})
