import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { settingRow } from '../../../test/rows.ts'
import { trackIoTimingOff } from './track-io-timing-off.ts'

const quiet = {
  'timing that is on': [settingRow({ name: 'track_io_timing', value: 'on' })],
  'WAL timing, which is another matter': [settingRow({ name: 'track_wal_io_timing', value: 'off' })],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, settings) => {
  expect(judge(trackIoTimingOff, { settings })).toEqual([])
})

const finds = {
  'the value alone': [settingRow({ name: 'track_io_timing', value: 'off' })],
  'the value among others': [
    settingRow({ name: 'work_mem', value: '4096', unit: 'kB' }),
    settingRow({ name: 'track_io_timing', value: 'off' }),
  ],
}

test.each(Object.entries(finds))('finds %s', (_, settings) => {
  expect(judge(trackIoTimingOff, { settings })).toMatchObject([
    {
      subject: { kind: 'setting', name: 'track_io_timing' },
      severity: 'info',
      remedy: {
        sql: ["alter system set track_io_timing = 'on'", 'select pg_catalog.pg_reload_conf()'],
        undo: ['alter system reset track_io_timing', 'select pg_catalog.pg_reload_conf()'],
      },
    },
  ])
})
