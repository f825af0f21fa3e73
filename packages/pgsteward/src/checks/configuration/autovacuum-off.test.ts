import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { settingRow } from '../../../test/rows.ts'
import { autovacuumOff } from './autovacuum-off.ts'

const quiet = {
  'both switches on': [
    settingRow({ name: 'autovacuum', value: 'on' }),
    settingRow({ name: 'track_counts', value: 'on' }),
  ],
  'other settings that are off': [settingRow({ name: 'autovacuum_log', value: 'off' })],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, settings) => {
  expect(judge(autovacuumOff, { settings })).toEqual([])
})

const finds = {
  'autovacuum off': 'autovacuum',
  'track_counts off, which disables it silently': 'track_counts',
}

test.each(Object.entries(finds))('finds %s', (_, name) => {
  expect(judge(autovacuumOff, { settings: [settingRow({ name, value: 'off' })] })).toMatchObject([
    { subject: { kind: 'setting', name }, severity: 'warning' },
  ])
})

test('undo brings back a value that ALTER SYSTEM had set, and resets one it had not', () => {
  const bySystem = settingRow({ name: 'autovacuum', value: 'off', isSetByAlterSystem: true })
  expect(judge(autovacuumOff, { settings: [bySystem] })).toMatchObject([
    { remedy: { undo: ["alter system set autovacuum = 'off'", 'select pg_catalog.pg_reload_conf()'] } },
  ])
  const byFile = settingRow({ name: 'autovacuum', value: 'off', source: 'configuration file' })
  expect(judge(autovacuumOff, { settings: [byFile] })).toMatchObject([
    { remedy: { undo: ['alter system reset autovacuum', 'select pg_catalog.pg_reload_conf()'] } },
  ])
})
