// Settings with which a crash or a damaged page destroys data. They exist for tests and for rescuing what is left.

import { z } from 'zod'
import { settingNamed, settings } from '../../facts/settings.ts'
import { defineCheck } from '../../model/check.ts'
import { settingRemedy } from './setting-remedy.ts'

interface Unsafe {
  readonly name: string
  readonly unsafeValue: string
  readonly safeValue: string
  readonly consequence: string
}

// synchronous_commit is left out on purpose: off loses the last moments of commits at a crash, but never damages what is stored.
const UNSAFE: readonly Unsafe[] = [
  {
    name: 'fsync',
    unsafeValue: 'off',
    safeValue: 'on',
    consequence: 'a crash of the machine can destroy the whole cluster',
  },
  {
    name: 'full_page_writes',
    unsafeValue: 'off',
    safeValue: 'on',
    consequence: 'a crash in mid-write can leave torn pages that recovery does not mend',
  },
  {
    name: 'zero_damaged_pages',
    unsafeValue: 'on',
    safeValue: 'off',
    consequence: 'a damaged page is emptied without a question, and its rows are gone',
  },
  {
    name: 'ignore_checksum_failure',
    unsafeValue: 'on',
    safeValue: 'off',
    consequence: 'damaged pages are read as if they were sound',
  },
]

export const unsafeSettings = defineCheck({
  id: 'unsafe-settings',
  area: 'configuration',
  title: 'Setting that risks losing data',
  needs: { settings },
  options: z.object({
    accept: z
      .array(z.string())
      .prefault([])
      .describe(
        'Names of settings that are unsafe on purpose, as full_page_writes on a file system that never tears pages (ZFS).',
      ),
  }),
  run({ settings }, { accept }) {
    return UNSAFE.flatMap((unsafe) => {
      const setting = settingNamed(settings, unsafe.name)
      if (setting?.value !== unsafe.unsafeValue || accept.includes(unsafe.name)) return []
      return [
        {
          subject: { kind: 'setting' as const, name: unsafe.name },
          severity: 'critical' as const,
          summary: `${unsafe.name} is ${setting.value}: ${unsafe.consequence}`,
          evidence: [
            { label: 'value', value: setting.value, unit: 'text' as const },
            { label: 'safe value', value: unsafe.safeValue, unit: 'text' as const },
            { label: 'set by', value: setting.source, unit: 'text' as const },
          ],
          ...settingRemedy(
            setting,
            unsafe.safeValue,
            'Pages written before may already be damaged: check them (pg_amcheck, a restored backup) as well.',
          ),
        },
      ]
    })
  },
})
