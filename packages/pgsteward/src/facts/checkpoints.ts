// Checkpoints: how many, why, and what they cost. In pg_stat_bgwriter up to 16, in pg_stat_checkpointer from 17.

import { defineCounterFact } from '../model/fact.ts'
import { dateOrNull, number, numberOrNull } from './column.ts'

/** One row. */
export interface CheckpointsRow {
  /** Because checkpoint_timeout was over; from 17 on also those skipped since nothing had changed. */
  readonly timed: number
  /** Because max_wal_size was reached, or someone asked: many of them mean that max_wal_size is too small. */
  readonly requested: number
  /** Really performed; null before 18. */
  readonly done: number | null
  readonly writeMs: number
  readonly syncMs: number
  readonly buffersWritten: number
  readonly statsResetAt: Date | null
}

const CHECKPOINTS_BEFORE_17 = `
  select b.checkpoints_timed       as timed,
         b.checkpoints_req         as requested,
         null::bigint              as done,
         b.checkpoint_write_time   as write_ms,
         b.checkpoint_sync_time    as sync_ms,
         b.buffers_checkpoint      as buffers_written,
         b.stats_reset             as stats_reset_at
    from pg_catalog.pg_stat_bgwriter b`

const CHECKPOINTS_17 = `
  select c.num_timed               as timed,
         c.num_requested           as requested,
         null::bigint              as done,
         c.write_time              as write_ms,
         c.sync_time               as sync_ms,
         c.buffers_written         as buffers_written,
         c.stats_reset             as stats_reset_at
    from pg_catalog.pg_stat_checkpointer c`

const CHECKPOINTS = `
  select c.num_timed               as timed,
         c.num_requested           as requested,
         c.num_done                as done,
         c.write_time              as write_ms,
         c.sync_time               as sync_ms,
         c.buffers_written         as buffers_written,
         c.stats_reset             as stats_reset_at
    from pg_catalog.pg_stat_checkpointer c`

export const checkpoints = defineCounterFact<CheckpointsRow>({
  id: 'checkpoints',
  title: 'Checkpoints, their cause and their cost',
  scope: 'cluster',
  everyMs: 60_000,
  variants: [
    { since: 140000, sql: CHECKPOINTS_BEFORE_17 },
    { since: 170000, sql: CHECKPOINTS_17 },
    { since: 180000, sql: CHECKPOINTS },
  ],
  keyOf: () => 'checkpoints',
  since: (row) => row.statsResetAt,
  counters: ['timed', 'requested', 'done', 'writeMs', 'syncMs', 'buffersWritten'],
  parse: (raw) => ({
    timed: number(raw, 'timed'),
    requested: number(raw, 'requested'),
    done: numberOrNull(raw, 'done'),
    writeMs: number(raw, 'write_ms'),
    syncMs: number(raw, 'sync_ms'),
    buffersWritten: number(raw, 'buffers_written'),
    statsResetAt: dateOrNull(raw, 'stats_reset_at'),
  }),
  series: [
    { name: 'checkpoints.timed', unit: 'count', value: (row) => row.timed },
    { name: 'checkpoints.requested', unit: 'count', value: (row) => row.requested },
  ],
})
