// Lock waits that nobody sees afterwards: log_lock_waits is the only record of who waited for whom.

import { z } from 'zod'
import { settingMs, settingNamed, settings } from '../../facts/settings.ts'
import { defineCheck } from '../../model/check.ts'
import { settingRemedy } from './setting-remedy.ts'

export const logLockWaitsOff = defineCheck({
  id: 'log-lock-waits-off',
  area: 'configuration',
  title: 'Long lock waits are not logged',
  needs: { settings },
  options: z.object({}),
  run({ settings }) {
    const setting = settingNamed(settings, 'log_lock_waits')
    if (setting?.value !== 'off') return []
    const deadlockTimeout = settingNamed(settings, 'deadlock_timeout')
    return [
      {
        subject: { kind: 'setting', name: setting.name },
        severity: 'info',
        summary: 'log_lock_waits is off: a lock wait leaves no trace in the log',
        evidence: [
          { label: 'value', value: setting.value, unit: 'text' },
          { label: 'advised', value: 'on', unit: 'text' },
          {
            label: 'a wait would be logged after (deadlock_timeout)',
            value: (deadlockTimeout && settingMs(deadlockTimeout)) ?? 1000,
            unit: 'ms',
          },
        ],
        ...settingRemedy(
          setting,
          'on',
          'Writes a line for each wait longer than deadlock_timeout; PostgreSQL 19 has it on by default.',
        ),
      },
    ]
  },
})
