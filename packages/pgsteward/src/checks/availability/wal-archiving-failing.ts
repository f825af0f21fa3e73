// Archiving of WAL that fails: backups can't be brought up to date any more, and WAL piles up on the disk.

import { z } from 'zod'
import { archiver } from '../../facts/archiver.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'

export const walArchivingFailing = defineCheck({
  id: 'wal-archiving-failing',
  area: 'availability',
  title: 'Archiving of WAL fails',
  needs: { archiver },
  // PostgreSQL tries three times and then again after a minute: one failure means nothing yet
  holdMs: 2 * 60_000,
  options: z.object({
    criticalAfter: duration()
      .prefault('15m')
      .describe('Since the last file that was archived: that much work would be missing after a restore.'),
    criticalFiles: z
      .number()
      .int()
      .positive()
      .prefault(64)
      .describe('Files that wait: 1 GB with files of 16 MB, and the disk fills up.'),
  }),
  run({ archiver }, { criticalAfter, criticalFiles }) {
    const [row] = archiver
    if (row === undefined || row.archiveMode === 'off' || row.lastFailedAt === null) return []
    if (row.lastArchivedAt !== null && row.lastArchivedAt >= row.lastFailedAt) return []
    const waiting = row.waitingFiles ?? 0
    const isCritical =
      waiting >= criticalFiles || (row.sinceArchivedMs ?? Number.POSITIVE_INFINITY) >= criticalAfter
    return [
      {
        subject: { kind: 'server' },
        // nothing archived since the statistics began may be a server just set up: then the files that wait decide
        severity:
          isCritical && (row.lastArchivedAt !== null || waiting >= criticalFiles) ? 'critical' : 'warning',
        summary: 'Archiving of WAL fails: restores end at the last file that was archived',
        evidence: [
          { label: 'last failure', value: row.sinceFailedMs ?? 0, unit: 'ms' },
          { label: 'file that fails', value: row.lastFailedWal ?? 'unknown', unit: 'text' },
          row.sinceArchivedMs === null
            ? { label: 'last success', value: 'none since the statistics began', unit: 'text' }
            : { label: 'last success', value: row.sinceArchivedMs, unit: 'ms' },
          { label: 'critical from', value: criticalAfter, unit: 'ms' },
          { label: 'files that wait', value: waiting, unit: 'count' },
          { label: 'critical from files', value: criticalFiles, unit: 'count' },
        ],
      },
    ]
  },
})
