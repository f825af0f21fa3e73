// New passwords stored as MD5 hashes: whoever reads one can log in with it, and PostgreSQL is about to drop the method.

import { z } from 'zod'
import { settingNamed, settings } from '../../facts/settings.ts'
import { defineCheck } from '../../model/check.ts'
import { settingRemedy } from './setting-remedy.ts'

export const passwordEncryptionMd5 = defineCheck({
  id: 'password-encryption-md5',
  area: 'configuration',
  title: 'Passwords are stored as MD5 hashes',
  needs: { settings },
  options: z.object({}),
  run({ settings }) {
    const setting = settingNamed(settings, 'password_encryption')
    if (setting?.value !== 'md5') return []
    return [
      {
        subject: { kind: 'setting', name: setting.name },
        severity: 'info',
        summary: 'New passwords are stored as MD5 hashes, which serve as the password to whoever reads them',
        evidence: [
          { label: 'value', value: setting.value, unit: 'text' },
          { label: 'advised', value: 'scram-sha-256', unit: 'text' },
        ],
        ...settingRemedy(
          setting,
          'scram-sha-256',
          'Passwords change only when set anew, and drivers older than PostgreSQL 10 can no longer log in with those.',
        ),
      },
    ]
  },
})
