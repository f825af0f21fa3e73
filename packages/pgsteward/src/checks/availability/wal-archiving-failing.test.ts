import { expect, test } from 'vitest'
import { ago, judge } from '../../../test/judge.ts'
import type { ArchiverRow } from '../../facts/archiver.ts'
import { walArchivingFailing } from './wal-archiving-failing.ts'

const MINUTE = 60_000
const archiver = (
  failedMin: number | null,
  archivedMin: number | null,
  over: Partial<ArchiverRow> = {},
): ArchiverRow => ({
  archiveMode: 'on',
  archivedSinceReset: archivedMin === null ? 0 : 100,
  failedSinceReset: failedMin === null ? 0 : 3,
  lastArchivedWal: archivedMin === null ? null : '000000010000000000000001',
  lastArchivedAt: archivedMin === null ? null : ago(archivedMin * MINUTE),
  lastFailedWal: failedMin === null ? null : '000000010000000000000002',
  lastFailedAt: failedMin === null ? null : ago(failedMin * MINUTE),
  sinceArchivedMs: archivedMin === null ? null : archivedMin * MINUTE,
  sinceFailedMs: failedMin === null ? null : failedMin * MINUTE,
  waitingFiles: 1,
  statsResetAt: null,
  ...over,
})

const quiet = {
  'archiving that is off': archiver(null, null, { archiveMode: 'off', waitingFiles: null }),
  'archiving that was switched off after it failed': archiver(5, 10, { archiveMode: 'off' }),
  'archiving that works': archiver(null, 1),
  'a failure that was overcome': archiver(10, 1),
  'a quiet server that archives rarely': archiver(null, 600),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, row) => {
  expect(judge(walArchivingFailing, { archiver: [row] })).toEqual([])
})

const finds = {
  'a failure after a success': { row: archiver(1, 5), severity: 'warning' },
  'failures for a quarter of an hour': { row: archiver(1, 16), severity: 'critical' },
  'many files that wait': { row: archiver(1, 5, { waitingFiles: 64 }), severity: 'critical' },
  'a server that never archived anything': { row: archiver(1, null), severity: 'warning' },
  'a server that never archived anything and fills its disk': {
    row: archiver(1, null, { waitingFiles: 100 }),
    severity: 'critical',
  },
}

test.each(Object.entries(finds))('finds %s', (_, { row, severity }) => {
  expect(judge(walArchivingFailing, { archiver: [row] })).toMatchObject([
    { subject: { kind: 'server' }, severity },
  ])
})
