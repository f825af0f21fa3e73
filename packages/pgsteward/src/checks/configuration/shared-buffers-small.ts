// shared_buffers as small as PostgreSQL comes with, under a database many times as large that keeps missing pages.

import { z } from 'zod'
import { databaseSizes } from '../../facts/database-sizes.ts'
import { databases } from '../../facts/databases.ts'
import { settingBytes, settingNamed, settings } from '../../facts/settings.ts'
import { defineCheck } from '../../model/check.ts'
import { size } from '../../model/units.ts'
import { COLD_MS } from '../query/low-cache-hit.ts'
import { settingRemedy } from './setting-remedy.ts'

const MB = 1024 ** 2

export const sharedBuffersSmall = defineCheck({
  id: 'shared-buffers-small',
  area: 'configuration',
  title: 'Shared buffers left at their small default',
  needs: { databases, databaseSizes, settings },
  options: z.object({
    atMost: size()
      .prefault('128MB')
      .describe("PostgreSQL's default: a larger value was chosen by somebody who knew the machine."),
    times: z.number().positive().prefault(4).describe('How many times as large the database is.'),
    hitBelow: z
      .number()
      .min(0)
      .max(1)
      .prefault(0.98)
      .describe('A small cache that answers nearly everything is large enough.'),
    minBlocks: z
      .number()
      .positive()
      .prefault(50_000)
      .describe('Pages touched within the interval; below, the ratio is chance.'),
  }),
  run({ databases, databaseSizes, settings }, { atMost, times, hitBelow, minBlocks }, { now, server }) {
    const setting = settingNamed(settings, 'shared_buffers')
    const bytes = setting && settingBytes(setting)
    if (now.getTime() - server.startedAt.getTime() < COLD_MS) {
      return { skip: 'the server started less than 15 minutes ago: its cache is still filling' }
    }
    const row = databases.rows.find((each) => each.database === server.database)
    const sizeBytes = databaseSizes.find((each) => each.database === server.database)?.sizeBytes ?? 0
    if (setting === undefined || bytes == null || row === undefined) return []
    const blocks = row.blocksHit + row.blocksRead
    const hitRatio = blocks > 0 ? row.blocksHit / blocks : 1
    if (bytes > atMost || sizeBytes < bytes * times || blocks < minBlocks || hitRatio >= hitBelow) return []
    return [
      {
        subject: { kind: 'setting', name: setting.name },
        severity: 'info',
        summary: 'shared_buffers has its small default under a much larger database that keeps missing pages',
        evidence: [
          { label: 'shared_buffers', value: bytes, unit: 'bytes' },
          { label: 'size of the database', value: sizeBytes, unit: 'bytes' },
          { label: 'reported from times', value: times, unit: 'count' },
          { label: 'cache hit ratio', value: hitRatio, unit: 'ratio' },
          { label: 'reported below', value: hitBelow, unit: 'ratio' },
          { label: 'pages touched', value: blocks, unit: 'count' },
        ],
        ...settingRemedy(
          setting,
          `${Math.round((bytes * 4) / MB)}MB`,
          "A first step of four times. SQL does not show the machine's memory: stay under a quarter of it.",
        ),
      },
    ]
  },
})
