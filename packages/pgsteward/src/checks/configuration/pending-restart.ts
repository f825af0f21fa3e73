// A setting that was changed and waits for a restart: what is written in the files is not what runs.

import { z } from 'zod'
import { settings } from '../../facts/settings.ts'
import { defineCheck } from '../../model/check.ts'

export const pendingRestart = defineCheck({
  id: 'pending-restart',
  area: 'configuration',
  title: 'Setting that waits for a restart',
  needs: { settings },
  options: z.object({}),
  run({ settings }) {
    return settings
      .filter((setting) => setting.needsRestart)
      .map((setting) => ({
        subject: { kind: 'setting' as const, name: setting.name },
        severity: 'info' as const,
        // no remedy: a restart is not a statement, and its moment is for people to choose
        summary: `${setting.name} was changed, but takes effect only after a restart`,
        evidence: [
          {
            label: 'value until the restart',
            value: setting.unit === null ? setting.value : `${setting.value} (in ${setting.unit})`,
            unit: 'text' as const,
          },
        ],
      }))
  },
})
