// What each database did: transactions, blocks, rows, temporary files, deadlocks, sessions.

import { defineCounterFact, defineStateFact, type Epoch } from '../model/fact.ts'
import { dateOrNull, number, numberOrNull, text } from './column.ts'
import { perSecond, shareOf } from './rates.ts'

export interface DatabaseRow {
  readonly database: string
  readonly commits: number
  readonly rollbacks: number
  readonly blocksRead: number
  readonly blocksHit: number
  readonly rowsReturned: number
  readonly rowsFetched: number
  readonly rowsInserted: number
  readonly rowsUpdated: number
  readonly rowsDeleted: number
  /** Queries cancelled on a standby because they conflicted with recovery. */
  readonly conflicts: number
  readonly tempFiles: number
  readonly tempBytes: number
  readonly deadlocks: number
  /** Null where data checksums are off. */
  readonly checksumFailures: number | null
  /** 0 where track_io_timing is off. */
  readonly blockReadMs: number
  readonly blockWriteMs: number
  readonly sessions: number
  readonly sessionMs: number
  readonly activeMs: number
  readonly idleInTransactionMs: number
  /** The client went away without saying so. */
  readonly sessionsAbandoned: number
  readonly sessionsFatal: number
  readonly sessionsKilled: number
  /** PostgreSQL 18+: parallel workers that plans asked for, and those that could be started; null before. */
  readonly parallelWorkersPlanned: number | null
  readonly parallelWorkersLaunched: number | null
  /** The last reset of the database's counters, or of those of any one table in it; null: never. */
  readonly statsResetAt: Date | null
}

const DATABASES = (planned: string, launched: string) => `
  select d.datname                              as database,
         s.xact_commit                          as commits,
         s.xact_rollback                        as rollbacks,
         s.blks_read                            as blocks_read,
         s.blks_hit                             as blocks_hit,
         s.tup_returned                         as rows_returned,
         s.tup_fetched                          as rows_fetched,
         s.tup_inserted                         as rows_inserted,
         s.tup_updated                          as rows_updated,
         s.tup_deleted                          as rows_deleted,
         s.conflicts                            as conflicts,
         s.temp_files                           as temp_files,
         s.temp_bytes                           as temp_bytes,
         s.deadlocks                            as deadlocks,
         s.checksum_failures                    as checksum_failures,
         s.blk_read_time                        as block_read_ms,
         s.blk_write_time                       as block_write_ms,
         s.sessions                             as sessions,
         s.session_time                         as session_ms,
         s.active_time                          as active_ms,
         s.idle_in_transaction_time             as idle_in_transaction_ms,
         s.sessions_abandoned                   as sessions_abandoned,
         s.sessions_fatal                       as sessions_fatal,
         s.sessions_killed                      as sessions_killed,
         ${planned}          as parallel_workers_planned,
         ${launched}            as parallel_workers_launched,
         s.stats_reset                          as stats_reset_at
    from pg_catalog.pg_database d
    join pg_catalog.pg_stat_database s on s.datid = d.oid
   order by d.datname
   limit 1000`

/** Below this many blocks in an interval a hit ratio is chance: 10,000 blocks are 80 MB of page visits. */
export const MIN_BLOCKS_FOR_RATIO = 10_000

export const databases = defineCounterFact<DatabaseRow>({
  id: 'databases',
  title: 'Databases: transactions, blocks, rows, temporary files, deadlocks, sessions',
  scope: 'cluster',
  isToldByDatabase: 'wholly',
  everyMs: 60_000,
  variants: [
    { since: 140000, sql: DATABASES('null::bigint', 'null::bigint') },
    {
      since: 180000,
      sql: DATABASES('s.parallel_workers_to_launch', 's.parallel_workers_launched'),
    },
  ],
  keyOf: (row) => row.database,
  // no `since`: resetting one table's counters moves the database's stats_reset too, though its own counters go on
  counters: [
    'commits',
    'rollbacks',
    'blocksRead',
    'blocksHit',
    'rowsReturned',
    'rowsFetched',
    'rowsInserted',
    'rowsUpdated',
    'rowsDeleted',
    'conflicts',
    'tempFiles',
    'tempBytes',
    'deadlocks',
    'checksumFailures',
    'blockReadMs',
    'blockWriteMs',
    'sessions',
    'sessionMs',
    'activeMs',
    'idleInTransactionMs',
    'sessionsAbandoned',
    'sessionsFatal',
    'sessionsKilled',
    'parallelWorkersPlanned',
    'parallelWorkersLaunched',
  ],
  parse: (raw) => ({
    database: text(raw, 'database'),
    commits: number(raw, 'commits'),
    rollbacks: number(raw, 'rollbacks'),
    blocksRead: number(raw, 'blocks_read'),
    blocksHit: number(raw, 'blocks_hit'),
    rowsReturned: number(raw, 'rows_returned'),
    rowsFetched: number(raw, 'rows_fetched'),
    rowsInserted: number(raw, 'rows_inserted'),
    rowsUpdated: number(raw, 'rows_updated'),
    rowsDeleted: number(raw, 'rows_deleted'),
    conflicts: number(raw, 'conflicts'),
    tempFiles: number(raw, 'temp_files'),
    tempBytes: number(raw, 'temp_bytes'),
    deadlocks: number(raw, 'deadlocks'),
    checksumFailures: numberOrNull(raw, 'checksum_failures'),
    blockReadMs: number(raw, 'block_read_ms'),
    blockWriteMs: number(raw, 'block_write_ms'),
    sessions: number(raw, 'sessions'),
    sessionMs: number(raw, 'session_ms'),
    activeMs: number(raw, 'active_ms'),
    idleInTransactionMs: number(raw, 'idle_in_transaction_ms'),
    sessionsAbandoned: number(raw, 'sessions_abandoned'),
    sessionsFatal: number(raw, 'sessions_fatal'),
    sessionsKilled: number(raw, 'sessions_killed'),
    parallelWorkersPlanned: numberOrNull(raw, 'parallel_workers_planned'),
    parallelWorkersLaunched: numberOrNull(raw, 'parallel_workers_launched'),
    statsResetAt: dateOrNull(raw, 'stats_reset_at'),
  }),
  series: [
    {
      name: 'database.transactions',
      unit: 'perSecond',
      value: (row, seconds) => perSecond(row.commits + row.rollbacks, seconds),
    },
    {
      name: 'database.cacheHit',
      unit: 'ratio',
      value: (row) => shareOf(row.blocksHit, row.blocksHit + row.blocksRead, MIN_BLOCKS_FOR_RATIO),
    },
    {
      name: 'database.tempBytes',
      unit: 'perSecond',
      value: (row, seconds) => perSecond(row.tempBytes, seconds),
    },
    { name: 'database.deadlocks', unit: 'count', value: (row) => row.deadlocks },
    {
      name: 'database.rowsWritten',
      unit: 'perSecond',
      value: (row, seconds) => perSecond(row.rowsInserted + row.rowsUpdated + row.rowsDeleted, seconds),
    },
  ],
})

/** Since when the connected database's statistics count: for counter facts on its tables and indexes (their `epoch`). */
export const databaseEpoch = defineStateFact<Epoch>({
  id: 'database-epoch',
  title: "Resets of the connected database's statistics",
  scope: 'database',
  everyMs: 60_000,
  variants: [
    {
      since: 140000,
      sql: `select s.stats_reset as reset_at
              from pg_catalog.pg_stat_database s
             where s.datname = pg_catalog.current_database()`,
    },
  ],
  keyOf: () => 'database',
  parse: (raw) => ({ resetAt: dateOrNull(raw, 'reset_at'), evictions: null }),
})
