// Checkpoints that come because max_wal_size is full and not because their time has come: each makes every page be written whole again.

import { z } from 'zod'
import { checkpoints } from '../../facts/checkpoints.ts'
import { settingBytes, settingMs, settingNamed, settings } from '../../facts/settings.ts'
import { wal } from '../../facts/wal.ts'
import { defineCheck } from '../../model/check.ts'
import { settingRemedy } from '../configuration/setting-remedy.ts'

const GB = 1024 ** 3

export const checkpointsRequested = defineCheck({
  id: 'checkpoints-requested',
  area: 'capacity',
  title: 'Checkpoints forced by too little room for WAL',
  needs: { checkpoints, wal, settings },
  options: z.object({
    minRequested: z
      .number()
      .int()
      .positive()
      .prefault(3)
      .describe('Within the interval: one or two may be a backup or somebody who typed CHECKPOINT.'),
    timeoutShare: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.5)
      .describe(
        'Mean distance as a share of checkpoint_timeout: closer than this, full page images are written twice as often as planned.',
      ),
    maxAdvisedGb: z
      .number()
      .positive()
      .prefault(16)
      .describe('No more is advised: recovery after a crash replays as much.'),
  }),
  run({ checkpoints, wal, settings }, { minRequested, timeoutShare, maxAdvisedGb }) {
    const [row] = checkpoints.rows
    const setting = settingNamed(settings, 'max_wal_size')
    const timeout = settingNamed(settings, 'checkpoint_timeout')
    const timeoutMs = (timeout && settingMs(timeout)) ?? 300_000
    const maxWalBytes = (setting && settingBytes(setting)) ?? GB
    if (row === undefined || setting === undefined || row.requested < minRequested) return []
    const distanceMs = (checkpoints.seconds * 1000) / row.requested
    const walBytes = wal.rows.reduce((total, each) => total + each.bytes, 0)
    // fewer bytes than max_wal_size allows can't have filled it: somebody asked for those
    if (distanceMs >= timeoutMs * timeoutShare || walBytes < maxWalBytes / 2) return []
    const perTimeout = (walBytes / Math.max(1, wal.seconds)) * (timeoutMs / 1000)
    // a checkpoint starts when about half of max_wal_size is written since the last one
    const advised = Math.min(maxAdvisedGb, Math.ceil((2 * perTimeout) / GB)) * GB
    return [
      {
        subject: { kind: 'setting', name: setting.name },
        severity: 'info',
        summary: 'Checkpoints are forced, since max_wal_size is too small for what is written',
        evidence: [
          { label: 'forced checkpoints', value: row.requested, unit: 'count' },
          { label: 'reported from', value: minRequested, unit: 'count' },
          { label: 'mean distance', value: distanceMs, unit: 'ms' },
          { label: 'reported below a distance of', value: timeoutMs * timeoutShare, unit: 'ms' },
          { label: 'WAL written', value: walBytes, unit: 'bytes' },
          { label: 'max_wal_size', value: maxWalBytes, unit: 'bytes' },
          {
            label: 'full page images',
            value: wal.rows.reduce((total, each) => total + each.fullPageImages, 0),
            unit: 'count',
          },
        ],
        ...(advised > maxWalBytes
          ? settingRemedy(
              setting,
              `${advised / GB}GB`,
              'Takes as much disk for WAL, and recovery after a crash takes longer.',
            )
          : {}),
      },
    ]
  },
})
