// WAL that is mostly whole pages, written uncompressed: the first change of a page after a checkpoint writes all of it.

import { z } from 'zod'
import { checkpoints } from '../../facts/checkpoints.ts'
import { settingBytes, settingNamed, settings } from '../../facts/settings.ts'
import { wal } from '../../facts/wal.ts'
import { defineCheck } from '../../model/check.ts'
import { size } from '../../model/units.ts'
import { settingRemedy } from './setting-remedy.ts'

const DEFAULT_PAGE_BYTES = 8192

export const walCompressionOff = defineCheck({
  id: 'wal-compression-off',
  area: 'configuration',
  title: 'Whole pages are written to WAL uncompressed',
  needs: { wal, checkpoints, settings },
  // right after a checkpoint everything is a whole page
  holdMs: 10 * 60_000,
  options: z.object({
    minPerSecond: size()
      .prefault('1MB')
      .describe('WAL a second: 84 GB a day to write, archive and send to standbys. Less is not felt.'),
    minPageShare: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.5)
      .describe('Of the WAL, whole pages: only those are compressed.'),
  }),
  run({ wal, checkpoints, settings }, { minPerSecond, minPageShare }) {
    const setting = settingNamed(settings, 'wal_compression')
    const [row] = wal.rows
    if (setting?.value !== 'off' || row === undefined || wal.seconds <= 0) return []
    const block = settingNamed(settings, 'block_size')
    const pageBytes = (block && (settingBytes(block) ?? Number(block.value))) || DEFAULT_PAGE_BYTES
    // the empty middle of a page is left out, so that this is the most that they can be
    const pageShare = row.bytes > 0 ? Math.min(1, (row.fullPageImages * pageBytes) / row.bytes) : 0
    const perSecond = row.bytes / wal.seconds
    if (perSecond < minPerSecond || pageShare < minPageShare) return []
    const [checkpoint] = checkpoints.rows
    return [
      {
        subject: { kind: 'setting', name: setting.name },
        severity: 'info',
        summary: 'Most of what is written to WAL is whole pages, which are not compressed',
        evidence: [
          { label: 'WAL written in a second', value: perSecond, unit: 'bytes' },
          { label: 'reported from', value: minPerSecond, unit: 'bytes' },
          { label: 'whole pages', value: row.fullPageImages, unit: 'count' },
          { label: 'their share of the WAL, at most', value: pageShare, unit: 'ratio' },
          { label: 'reported from a share of', value: minPageShare, unit: 'ratio' },
          ...(checkpoint === undefined
            ? []
            : [
                {
                  label: 'checkpoints meanwhile',
                  value: checkpoint.timed + checkpoint.requested,
                  unit: 'count' as const,
                },
              ]),
        ],
        ...settingRemedy(
          setting,
          'on',
          'Costs processor time at each first change of a page. From 15 on lz4 or zstd cost less, where the server was built with them.',
        ),
      },
    ]
  },
})
