import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { settingRow } from '../../../test/rows.ts'
import { passwordEncryptionMd5 } from './password-encryption-md5.ts'

const quiet = {
  'scram-sha-256': [settingRow({ name: 'password_encryption', value: 'scram-sha-256' })],
  'a server that hides the setting': [],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, settings) => {
  expect(judge(passwordEncryptionMd5, { settings })).toEqual([])
})

const finds = {
  'the value alone': [settingRow({ name: 'password_encryption', value: 'md5' })],
  'the value among others': [
    settingRow({ name: 'work_mem', value: '4096', unit: 'kB' }),
    settingRow({ name: 'password_encryption', value: 'md5' }),
  ],
}

test.each(Object.entries(finds))('finds %s', (_, settings) => {
  expect(judge(passwordEncryptionMd5, { settings })).toMatchObject([
    {
      subject: { kind: 'setting', name: 'password_encryption' },
      severity: 'info',
      remedy: {
        sql: ["alter system set password_encryption = 'scram-sha-256'", 'select pg_catalog.pg_reload_conf()'],
        undo: ['alter system reset password_encryption', 'select pg_catalog.pg_reload_conf()'],
      },
    },
  ])
})
