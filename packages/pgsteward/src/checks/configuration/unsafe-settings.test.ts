import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { settingRow } from '../../../test/rows.ts'
import { unsafeSettings } from './unsafe-settings.ts'

const quiet = {
  'the safe values': [
    settingRow({ name: 'fsync', value: 'on' }),
    settingRow({ name: 'full_page_writes', value: 'on' }),
    settingRow({ name: 'zero_damaged_pages', value: 'off' }),
  ],
  'a late commit, which loses moments but damages nothing': [
    settingRow({ name: 'synchronous_commit', value: 'off' }),
  ],
  'settings that the role may not see': [],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, settings) => {
  expect(judge(unsafeSettings, { settings })).toEqual([])
})

const finds = {
  fsync: 'off',
  full_page_writes: 'off',
  zero_damaged_pages: 'on',
  ignore_checksum_failure: 'on',
}

test.each(Object.entries(finds))('finds %s = %s', (name, value) => {
  expect(judge(unsafeSettings, { settings: [settingRow({ name, value })] })).toMatchObject([
    { subject: { kind: 'setting', name }, severity: 'critical' },
  ])
})

test('a setting accepted by name is left alone, its neighbour is not', () => {
  const settings = [
    settingRow({ name: 'fsync', value: 'off' }),
    settingRow({ name: 'full_page_writes', value: 'off' }),
  ]
  expect(judge(unsafeSettings, { settings }, { options: { accept: ['full_page_writes'] } })).toMatchObject([
    { subject: { name: 'fsync' } },
  ])
})

test('a value from the command line has no remedy in SQL, which the command line would overrule', () => {
  const settings = [settingRow({ name: 'fsync', value: 'off', source: 'command line' })]
  expect(judge(unsafeSettings, { settings })).toMatchObject([
    { evidence: expect.arrayContaining([{ label: 'set by', value: 'command line', unit: 'text' }]) },
  ])
  expect(judge(unsafeSettings, { settings })).not.toMatchObject([{ remedy: expect.anything() }])
})
