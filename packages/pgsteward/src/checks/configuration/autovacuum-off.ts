// Autovacuum switched off for the whole server: tables bloat and statistics go stale until someone remembers.

import { z } from 'zod'
import { settingNamed, settings } from '../../facts/settings.ts'
import { defineCheck } from '../../model/check.ts'
import { settingRemedy } from './setting-remedy.ts'

/** track_counts belongs here: without counts autovacuum never knows that a table needs it. */
const SWITCHES = ['autovacuum', 'track_counts']

export const autovacuumOff = defineCheck({
  id: 'autovacuum-off',
  area: 'configuration',
  title: 'Autovacuum is switched off',
  needs: { settings },
  options: z.object({}),
  run({ settings }) {
    return SWITCHES.flatMap((name) => {
      const setting = settingNamed(settings, name)
      if (setting?.value !== 'off') return []
      return [
        {
          subject: { kind: 'setting' as const, name },
          severity: 'warning' as const,
          summary:
            name === 'autovacuum'
              ? 'Autovacuum is off for the whole server: dead rows pile up and planner statistics go stale'
              : 'track_counts is off, so autovacuum never learns that a table needs it',
          evidence: [
            { label: 'value', value: setting.value, unit: 'text' as const },
            { label: 'expected', value: 'on', unit: 'text' as const },
            { label: 'set by', value: setting.source, unit: 'text' as const },
          ],
          ...settingRemedy(
            setting,
            'on',
            'Autovacuum then catches up on every table that waited; it is throttled, but reads and writes for a while.',
          ),
        },
      ]
    })
  },
})
