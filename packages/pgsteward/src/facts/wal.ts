// Write-ahead log generated since the last reading.

import { defineCounterFact } from '../model/fact.ts'
import { dateOrNull, number, numberOrNull } from './column.ts'
import { perSecond } from './rates.ts'

/** One row. */
export interface WalRow {
  readonly records: number
  readonly fullPageImages: number
  readonly bytes: number
  /** Times that WAL had to be written because its buffers were full: wal_buffers is too small for the load. */
  readonly buffersFull: number
  /** Null from 18 on, where the `io` fact has them (object 'wal'). */
  readonly writes: number | null
  readonly syncs: number | null
  /** Also 0 where track_wal_io_timing is off. */
  readonly writeMs: number | null
  readonly syncMs: number | null
  readonly statsResetAt: Date | null
}

const WAL_BEFORE_18 = `
  select w.wal_records       as records,
         w.wal_fpi           as full_page_images,
         w.wal_bytes         as bytes,
         w.wal_buffers_full  as buffers_full,
         w.wal_write         as writes,
         w.wal_sync          as syncs,
         w.wal_write_time    as write_ms,
         w.wal_sync_time     as sync_ms,
         w.stats_reset       as stats_reset_at
    from pg_catalog.pg_stat_wal w`

const WAL = `
  select w.wal_records       as records,
         w.wal_fpi           as full_page_images,
         w.wal_bytes         as bytes,
         w.wal_buffers_full  as buffers_full,
         null::bigint        as writes,
         null::bigint        as syncs,
         null::float8        as write_ms,
         null::float8        as sync_ms,
         w.stats_reset       as stats_reset_at
    from pg_catalog.pg_stat_wal w`

export const wal = defineCounterFact<WalRow>({
  id: 'wal',
  title: 'Write-ahead log generated: records, full page images, bytes',
  scope: 'cluster',
  everyMs: 60_000,
  variants: [
    { since: 140000, sql: WAL_BEFORE_18 },
    { since: 180000, sql: WAL },
  ],
  keyOf: () => 'wal',
  since: (row) => row.statsResetAt,
  counters: ['records', 'fullPageImages', 'bytes', 'buffersFull', 'writes', 'syncs', 'writeMs', 'syncMs'],
  parse: (raw) => ({
    records: number(raw, 'records'),
    fullPageImages: number(raw, 'full_page_images'),
    bytes: number(raw, 'bytes'),
    buffersFull: number(raw, 'buffers_full'),
    writes: numberOrNull(raw, 'writes'),
    syncs: numberOrNull(raw, 'syncs'),
    writeMs: numberOrNull(raw, 'write_ms'),
    syncMs: numberOrNull(raw, 'sync_ms'),
    statsResetAt: dateOrNull(raw, 'stats_reset_at'),
  }),
  series: [{ name: 'wal.bytes', unit: 'perSecond', value: (row, seconds) => perSecond(row.bytes, seconds) }],
})
