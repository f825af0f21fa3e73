import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { settingRow } from '../../../test/rows.ts'
import { logLockWaitsOff } from './log-lock-waits-off.ts'

const quiet = {
  'waits that are logged': [settingRow({ name: 'log_lock_waits', value: 'on' })],
  'a server without the setting': [],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, settings) => {
  expect(judge(logLockWaitsOff, { settings })).toEqual([])
})

const finds = {
  'the value alone': [settingRow({ name: 'log_lock_waits', value: 'off' })],
  'the value among others': [
    settingRow({ name: 'work_mem', value: '4096', unit: 'kB' }),
    settingRow({ name: 'log_lock_waits', value: 'off' }),
  ],
}

test.each(Object.entries(finds))('finds %s', (_, settings) => {
  expect(judge(logLockWaitsOff, { settings })).toMatchObject([
    {
      subject: { kind: 'setting', name: 'log_lock_waits' },
      severity: 'info',
      remedy: {
        sql: ["alter system set log_lock_waits = 'on'", 'select pg_catalog.pg_reload_conf()'],
        undo: ['alter system reset log_lock_waits', 'select pg_catalog.pg_reload_conf()'],
      },
    },
  ])
})
