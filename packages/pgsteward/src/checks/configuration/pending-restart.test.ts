import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { settingRow } from '../../../test/rows.ts'
import { pendingRestart } from './pending-restart.ts'

const quiet = {
  'settings that are as the files say': [
    settingRow({ name: 'max_connections', value: '100', context: 'postmaster' }),
  ],
  'one changed and reloaded': [
    settingRow({ name: 'work_mem', value: '8192', unit: 'kB', source: 'configuration file' }),
  ],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, settings) => {
  expect(judge(pendingRestart, { settings })).toEqual([])
})

const waiting = (name: string) =>
  settingRow({ name, value: '100', context: 'postmaster', needsRestart: true })
const finds = {
  'one that waits': ['max_connections'],
  'each of two that wait': ['max_connections', 'shared_buffers'],
}

test.each(Object.entries(finds))('finds %s', (_, names) => {
  expect(judge(pendingRestart, { settings: names.map(waiting) })).toMatchObject(
    names.map((name) => ({ subject: { kind: 'setting', name }, severity: 'info' })),
  )
})
