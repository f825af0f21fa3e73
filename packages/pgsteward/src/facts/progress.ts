// Long commands that report their progress: vacuum, analyze, create index, cluster, copy, base backup.

import { defineStateFact } from '../model/fact.ts'
import { isTrue, number, numberOrNull, text, textOrNull } from './column.ts'

export interface ProgressRow {
  readonly pid: number
  /** 'vacuum', 'analyze', 'create index', 'create index concurrently', 'reindex', 'cluster', 'vacuum full', 'copy', ... */
  readonly command: string
  readonly database: string | null
  /** `schema.table`; null where the command runs in another database, or has no table. */
  readonly relation: string | null
  /** In PostgreSQL's words, such as 'vacuuming indexes'. */
  readonly phase: string
  /** Of the phase that counts something: null where the phase has no measure. */
  readonly done: number | null
  readonly total: number | null
  readonly unit: 'blocks' | 'tuples' | 'bytes' | null
  readonly runningMs: number | null
  readonly isAutovacuum: boolean
  /** An autovacuum that wraparound protection started: it does not give way to others. */
  readonly isAgainstWraparound: boolean
  /** Vacuum: passes over all indexes; more than one means that maintenance_work_mem was too small. */
  readonly indexPasses: number | null
  /** Vacuum: how full its memory for dead tuples is. */
  readonly deadTupleMemoryRatio: number | null
}

const PROGRESS = (deadTuples: string) => `
  select p.pid                                              as pid,
         pg_catalog.lower(p.command)                        as command,
         coalesce(a.datname, p.datname)                     as database,
         (select pg_catalog.format('%s.%s', n.nspname, c.relname)
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
           where c.oid = p.relid and p.datname = pg_catalog.current_database()) as relation,
         p.phase                                            as phase,
         p.done                                             as done,
         nullif(p.total, 0)                                 as total,
         p.unit                                             as unit,
         extract(epoch from pg_catalog.clock_timestamp() - a.query_start) * 1000 as running_ms,
         a.backend_type is not distinct from 'autovacuum worker' as is_autovacuum,
         coalesce(a.query like '%(to prevent wraparound)%', false) as is_against_wraparound,
         p.index_passes                                     as index_passes,
         p.dead_tuple_memory_ratio                          as dead_tuple_memory_ratio
    from (select v.pid, v.datname, v.relid, 'vacuum' as command, v.phase,
                 case when v.phase = 'vacuuming heap' then v.heap_blks_vacuumed else v.heap_blks_scanned end as done,
                 v.heap_blks_total as total, 'blocks' as unit,
                 v.index_vacuum_count as index_passes, ${deadTuples} as dead_tuple_memory_ratio
            from pg_catalog.pg_stat_progress_vacuum v
           union all
          select v.pid, v.datname, v.relid, 'analyze', v.phase, v.sample_blks_scanned, v.sample_blks_total, 'blocks',
                 null, null
            from pg_catalog.pg_stat_progress_analyze v
           union all
          select v.pid, v.datname, v.relid, v.command, v.phase,
                 case when v.blocks_total > 0 then v.blocks_done else v.tuples_done end,
                 case when v.blocks_total > 0 then v.blocks_total else v.tuples_total end,
                 case when v.blocks_total > 0 then 'blocks' else 'tuples' end, null, null
            from pg_catalog.pg_stat_progress_create_index v
           union all
          select v.pid, v.datname, v.relid, v.command, v.phase, v.heap_blks_scanned, v.heap_blks_total, 'blocks',
                 null, null
            from pg_catalog.pg_stat_progress_cluster v
           union all
          select v.pid, v.datname, v.relid, 'copy', v.command, v.bytes_processed, v.bytes_total, 'bytes', null, null
            from pg_catalog.pg_stat_progress_copy v
           union all
          select v.pid, null, null, 'base backup', v.phase, v.backup_streamed, v.backup_total, 'bytes', null, null
            from pg_catalog.pg_stat_progress_basebackup v) p
    left join pg_catalog.pg_stat_activity a on a.pid = p.pid
   where coalesce(a.application_name, '') not like 'pgsteward%'
   order by p.pid, p.command
   limit 500`

export const progress = defineStateFact<ProgressRow>({
  id: 'progress',
  title: 'Progress of vacuum, analyze, create index, cluster, copy and base backup',
  scope: 'cluster',
  isToldByDatabase: 'rows',
  everyMs: 30_000,
  needsAllStats: true,
  variants: [
    { since: 140000, sql: PROGRESS('v.num_dead_tuples::float8 / nullif(v.max_dead_tuples, 0)') },
    { since: 170000, sql: PROGRESS('v.dead_tuple_bytes::float8 / nullif(v.max_dead_tuple_bytes, 0)') },
  ],
  keyOf: (row) => `${row.pid}/${row.command}`,
  parse: (raw) => {
    const total = numberOrNull(raw, 'total')
    return {
      pid: number(raw, 'pid'),
      command: text(raw, 'command'),
      database: textOrNull(raw, 'database'),
      relation: textOrNull(raw, 'relation'),
      phase: text(raw, 'phase'),
      done: total === null ? null : numberOrNull(raw, 'done'),
      total,
      unit: total === null ? null : (text(raw, 'unit') as ProgressRow['unit']),
      runningMs: numberOrNull(raw, 'running_ms'),
      isAutovacuum: isTrue(raw, 'is_autovacuum'),
      isAgainstWraparound: isTrue(raw, 'is_against_wraparound'),
      indexPasses: numberOrNull(raw, 'index_passes'),
      deadTupleMemoryRatio: numberOrNull(raw, 'dead_tuple_memory_ratio'),
    }
  },
})
