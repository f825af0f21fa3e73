// Pages that are not in shared buffers when they are needed. Over an interval with a minimum of volume: a ratio since the
// server's beginning never moves, and one of a handful of pages says nothing.

import { z } from 'zod'
import { databases } from '../../facts/databases.ts'
import { settingNamed, settings } from '../../facts/settings.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'

/** After a start the buffers are empty, and after a quarter of an hour they are not. */
export const COLD_MS = 15 * 60_000

export const lowCacheHit = defineCheck({
  id: 'low-cache-hit',
  area: 'query',
  title: 'Low cache hit ratio',
  needs: { databases, settings },
  // one large report reads through everything; what lasts is how things are
  holdMs: 5 * 60_000,
  clearMs: 2 * 60_000,
  options: z.object({
    warnBelow: z
      .number()
      .min(0)
      .max(1)
      .prefault(0.95)
      .describe('Busy applications lie above 0.99; neighbours warn between 0.90 and 0.99.'),
    criticalBelow: z.number().min(0).max(1).prefault(0.4).describe('More than every second page is missing.'),
    clearAbove: z
      .number()
      .min(0)
      .max(1)
      .prefault(0.97)
      .describe('Open until it is above: between the two it swings with what is asked for.'),
    minBlocks: z
      .number()
      .positive()
      .prefault(50_000)
      .describe(
        'Pages touched within the interval: 400 MB of visits. Below, the ratio is chance (dasha takes the same).',
      ),
    slowRead: duration()
      .prefault('0.1ms')
      .describe(
        'Mean time of a read from which it came from a disk. The operating system’s cache answers in a fiftieth of that.',
      ),
  }),
  run(
    { databases, settings },
    { warnBelow, criticalBelow, clearAbove, minBlocks, slowRead },
    { now, server },
  ) {
    const row = databases.rows.find((each) => each.database === server.database)
    const upMs = now.getTime() - server.startedAt.getTime()
    if (upMs < COLD_MS)
      return { skip: 'the server started less than 15 minutes ago: its cache is still filling' }
    const blocks = row === undefined ? 0 : row.blocksHit + row.blocksRead
    if (row === undefined || blocks < minBlocks) return []
    const hitRatio = row.blocksHit / blocks
    if (hitRatio >= Math.max(clearAbove, warnBelow)) return []
    const isTimed = settingNamed(settings, 'track_io_timing')?.value === 'on'
    const meanReadMs = row.blockReadMs / row.blocksRead
    const isSlow = isTimed && meanReadMs >= slowRead
    const isCritical = hitRatio < criticalBelow
    return [
      {
        subject: { kind: 'database', name: row.database },
        // reads that are known to be fast never hurt; where time is not measured, only a very low ratio is more than a hint
        severity: isSlow
          ? isCritical
            ? 'critical'
            : 'warning'
          : !isTimed && isCritical
            ? 'warning'
            : 'info',
        summary: isSlow
          ? 'Many pages are not in shared buffers and have to come from disk'
          : isTimed
            ? "Many pages are not in shared buffers, but the operating system's cache has them"
            : 'Many pages are not in shared buffers; how long reading them takes is not measured',
        evidence: [
          { label: 'cache hit ratio', value: hitRatio, unit: 'ratio' },
          { label: 'reported below', value: warnBelow, unit: 'ratio' },
          { label: 'pages read', value: row.blocksRead / databases.seconds, unit: 'perSecond' },
          { label: 'pages touched', value: blocks, unit: 'count' },
          { label: 'judged from', value: minBlocks, unit: 'count' },
          ...(isTimed
            ? [
                { label: 'mean time of a read', value: meanReadMs, unit: 'ms' as const },
                { label: 'slow from', value: slowRead, unit: 'ms' as const },
              ]
            : [{ label: 'time of reads', value: 'track_io_timing is off', unit: 'text' as const }]),
        ],
        ...(hitRatio >= warnBelow ? { sustains: true as const } : {}),
      },
    ]
  },
})
