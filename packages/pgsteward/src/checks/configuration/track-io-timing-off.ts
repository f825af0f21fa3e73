// Without track_io_timing nobody can tell a read from disk from one that the operating system's cache answered.

import { z } from 'zod'
import { settingNamed, settings } from '../../facts/settings.ts'
import { defineCheck } from '../../model/check.ts'
import { settingRemedy } from './setting-remedy.ts'

export const trackIoTimingOff = defineCheck({
  id: 'track-io-timing-off',
  area: 'configuration',
  title: 'Times of reads and writes are not measured',
  needs: { settings },
  options: z.object({}),
  run({ settings }) {
    const setting = settingNamed(settings, 'track_io_timing')
    if (setting?.value !== 'off') return []
    return [
      {
        subject: { kind: 'setting', name: setting.name },
        severity: 'info',
        summary: 'track_io_timing is off: time spent on reading and writing is unknown',
        evidence: [
          { label: 'value', value: setting.value, unit: 'text' },
          { label: 'advised', value: 'on', unit: 'text' },
        ],
        ...settingRemedy(
          setting,
          'on',
          'Costs two clock readings for each block: nothing on ordinary machines. Measure with pg_test_timing where virtual clocks are slow.',
        ),
      },
    ]
  },
})
