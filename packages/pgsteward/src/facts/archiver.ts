// Archiving of WAL: whether it is on, when it last worked, when it last failed, and how much waits.

import { defineStateFact } from '../model/fact.ts'
import { dateOrNull, number, numberOrNull, text, textOrNull } from './column.ts'

/** One row. Counts are since the statistics reset: compare the moments, not the counts. */
export interface ArchiverRow {
  /** 'off', 'on', 'always'. */
  readonly archiveMode: string
  readonly archivedSinceReset: number
  readonly failedSinceReset: number
  readonly lastArchivedWal: string | null
  readonly lastArchivedAt: Date | null
  readonly lastFailedWal: string | null
  readonly lastFailedAt: Date | null
  /** Since the last success, by the server's clock; null when there was none since the reset. */
  readonly sinceArchivedMs: number | null
  readonly sinceFailedMs: number | null
  /** WAL files that wait to be archived; null when archiving is off. */
  readonly waitingFiles: number | null
  readonly statsResetAt: Date | null
}

// pg_ls_archive_statusdir reads a directory: only where archiving is on. pg_monitor may.
const ARCHIVER = `
  select pg_catalog.current_setting('archive_mode')   as archive_mode,
         a.archived_count                             as archived_since_reset,
         a.failed_count                               as failed_since_reset,
         a.last_archived_wal                          as last_archived_wal,
         a.last_archived_time                         as last_archived_at,
         a.last_failed_wal                            as last_failed_wal,
         a.last_failed_time                           as last_failed_at,
         extract(epoch from pg_catalog.clock_timestamp() - a.last_archived_time) * 1000 as since_archived_ms,
         extract(epoch from pg_catalog.clock_timestamp() - a.last_failed_time) * 1000   as since_failed_ms,
         case when pg_catalog.current_setting('archive_mode') <> 'off'
              then (select pg_catalog.count(*) from pg_catalog.pg_ls_archive_statusdir() f where f.name like '%.ready')
          end                                         as waiting_files,
         a.stats_reset                                as stats_reset_at
    from pg_catalog.pg_stat_archiver a`

export const archiver = defineStateFact<ArchiverRow>({
  id: 'archiver',
  title: 'Archiving of WAL: last success, last failure, files that wait',
  scope: 'cluster',
  everyMs: 60_000,
  variants: [{ since: 140000, sql: ARCHIVER }],
  keyOf: () => 'archiver',
  parse: (raw) => ({
    archiveMode: text(raw, 'archive_mode'),
    archivedSinceReset: number(raw, 'archived_since_reset'),
    failedSinceReset: number(raw, 'failed_since_reset'),
    lastArchivedWal: textOrNull(raw, 'last_archived_wal'),
    lastArchivedAt: dateOrNull(raw, 'last_archived_at'),
    lastFailedWal: textOrNull(raw, 'last_failed_wal'),
    lastFailedAt: dateOrNull(raw, 'last_failed_at'),
    sinceArchivedMs: numberOrNull(raw, 'since_archived_ms'),
    sinceFailedMs: numberOrNull(raw, 'since_failed_ms'),
    waitingFiles: numberOrNull(raw, 'waiting_files'),
    statsResetAt: dateOrNull(raw, 'stats_reset_at'),
  }),
  series: [{ name: 'archiver.waiting', unit: 'count', value: (row) => row.waitingFiles }],
})
