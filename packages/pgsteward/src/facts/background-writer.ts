// Who writes dirty buffers besides checkpoints. Apart from `checkpoints`: from 17 on each view is reset for itself.

import { defineCounterFact } from '../model/fact.ts'
import { dateOrNull, number, numberOrNull } from './column.ts'

/** One row. */
export interface BackgroundWriterRow {
  readonly buffersWritten: number
  /** Times that it stopped at bgwriter_lru_maxpages. */
  readonly stops: number
  readonly buffersAllocated: number
  /** Dirty buffers that backends had to write themselves, and their own fsyncs; null from 17 on (see `io`). */
  readonly buffersByBackends: number | null
  readonly backendFsyncs: number | null
  readonly statsResetAt: Date | null
}

const BACKGROUND_WRITER_BEFORE_17 = `
  select b.buffers_clean           as buffers_written,
         b.maxwritten_clean        as stops,
         b.buffers_alloc           as buffers_allocated,
         b.buffers_backend         as buffers_by_backends,
         b.buffers_backend_fsync   as backend_fsyncs,
         b.stats_reset             as stats_reset_at
    from pg_catalog.pg_stat_bgwriter b`

const BACKGROUND_WRITER = `
  select b.buffers_clean           as buffers_written,
         b.maxwritten_clean        as stops,
         b.buffers_alloc           as buffers_allocated,
         null::bigint              as buffers_by_backends,
         null::bigint              as backend_fsyncs,
         b.stats_reset             as stats_reset_at
    from pg_catalog.pg_stat_bgwriter b`

export const backgroundWriter = defineCounterFact<BackgroundWriterRow>({
  id: 'background-writer',
  title: 'Buffers written by the background writer and, before 17, by backends',
  scope: 'cluster',
  everyMs: 60_000,
  variants: [
    { since: 140000, sql: BACKGROUND_WRITER_BEFORE_17 },
    { since: 170000, sql: BACKGROUND_WRITER },
  ],
  keyOf: () => 'background-writer',
  since: (row) => row.statsResetAt,
  counters: ['buffersWritten', 'stops', 'buffersAllocated', 'buffersByBackends', 'backendFsyncs'],
  parse: (raw) => ({
    buffersWritten: number(raw, 'buffers_written'),
    stops: number(raw, 'stops'),
    buffersAllocated: number(raw, 'buffers_allocated'),
    buffersByBackends: numberOrNull(raw, 'buffers_by_backends'),
    backendFsyncs: numberOrNull(raw, 'backend_fsyncs'),
    statsResetAt: dateOrNull(raw, 'stats_reset_at'),
  }),
})
