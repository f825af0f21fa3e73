// Reads, writes and syncs by kind of backend, object and context (PostgreSQL 16+).

import { defineCounterFact } from '../model/fact.ts'
import { dateOrNull, number, text } from './column.ts'

export interface IoRow {
  /** 'client backend', 'autovacuum worker', 'checkpointer', ... */
  readonly backendType: string
  /** 'relation', 'temp relation', from 18 on 'wal'. */
  readonly object: string
  /** 'normal', 'vacuum', 'bulkread', 'bulkwrite', from 18 on 'init'. */
  readonly context: string
  readonly reads: number
  readonly readBytes: number
  /** Times are 0 where track_io_timing (for WAL: track_wal_io_timing) is off. */
  readonly readMs: number
  readonly writes: number
  readonly writeBytes: number
  readonly writeMs: number
  readonly extends: number
  readonly extendBytes: number
  readonly extendMs: number
  readonly hits: number
  readonly evictions: number
  readonly reuses: number
  readonly fsyncs: number
  readonly fsyncMs: number
  readonly statsResetAt: Date | null
}

// Up to 17 every operation has the same size, op_bytes.
const IO_BEFORE_18 = `
  select i.backend_type           as backend_type,
         i.object                 as object,
         i.context                as context,
         i.reads                  as reads,
         i.reads * i.op_bytes     as read_bytes,
         i.read_time              as read_ms,
         i.writes                 as writes,
         i.writes * i.op_bytes    as write_bytes,
         i.write_time             as write_ms,
         i.extends                as extends,
         i.extends * i.op_bytes   as extend_bytes,
         i.extend_time            as extend_ms,
         i.hits                   as hits,
         i.evictions              as evictions,
         i.reuses                 as reuses,
         i.fsyncs                 as fsyncs,
         i.fsync_time             as fsync_ms,
         i.stats_reset            as stats_reset_at
    from pg_catalog.pg_stat_io i
   order by i.backend_type, i.object, i.context`

const IO = `
  select i.backend_type           as backend_type,
         i.object                 as object,
         i.context                as context,
         i.reads                  as reads,
         i.read_bytes             as read_bytes,
         i.read_time              as read_ms,
         i.writes                 as writes,
         i.write_bytes            as write_bytes,
         i.write_time             as write_ms,
         i.extends                as extends,
         i.extend_bytes           as extend_bytes,
         i.extend_time            as extend_ms,
         i.hits                   as hits,
         i.evictions              as evictions,
         i.reuses                 as reuses,
         i.fsyncs                 as fsyncs,
         i.fsync_time             as fsync_ms,
         i.stats_reset            as stats_reset_at
    from pg_catalog.pg_stat_io i
   order by i.backend_type, i.object, i.context`

/** No series: some eighty rows a reading would be most of the store. Only rows that moved are kept. */
export const io = defineCounterFact<IoRow>({
  id: 'io',
  title: 'Input and output by kind of backend, object and context',
  scope: 'cluster',
  everyMs: 60_000,
  variants: [
    { since: 160000, sql: IO_BEFORE_18 },
    { since: 180000, sql: IO },
  ],
  keyOf: (row) => `${row.backendType}/${row.object}/${row.context}`,
  since: (row) => row.statsResetAt,
  counters: [
    'reads',
    'readBytes',
    'readMs',
    'writes',
    'writeBytes',
    'writeMs',
    'extends',
    'extendBytes',
    'extendMs',
    'hits',
    'evictions',
    'reuses',
    'fsyncs',
    'fsyncMs',
  ],
  parse: (raw) => ({
    backendType: text(raw, 'backend_type'),
    object: text(raw, 'object'),
    context: text(raw, 'context'),
    reads: number(raw, 'reads'),
    readBytes: number(raw, 'read_bytes'),
    readMs: number(raw, 'read_ms'),
    writes: number(raw, 'writes'),
    writeBytes: number(raw, 'write_bytes'),
    writeMs: number(raw, 'write_ms'),
    extends: number(raw, 'extends'),
    extendBytes: number(raw, 'extend_bytes'),
    extendMs: number(raw, 'extend_ms'),
    hits: number(raw, 'hits'),
    evictions: number(raw, 'evictions'),
    reuses: number(raw, 'reuses'),
    fsyncs: number(raw, 'fsyncs'),
    fsyncMs: number(raw, 'fsync_ms'),
    statsResetAt: dateOrNull(raw, 'stats_reset_at'),
  }),
})
