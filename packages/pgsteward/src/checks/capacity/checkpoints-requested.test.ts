import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { settingRow } from '../../../test/rows.ts'
import { checkpointsRequested } from './checkpoints-requested.ts'

const GB = 1024 ** 3
const settings = [
  settingRow({ name: 'max_wal_size', value: '1024', unit: 'MB' }),
  settingRow({ name: 'checkpoint_timeout', value: '300', unit: 's' }),
]
const facts = (requested: number, timed: number, walBytes: number, seconds = 600) => ({
  checkpoints: intervalOf(
    [{ timed, requested, done: null, writeMs: 1, syncMs: 1, buffersWritten: 1, statsResetAt: null }],
    seconds,
  ),
  wal: intervalOf(
    [
      {
        records: 1,
        fullPageImages: 9,
        bytes: walBytes,
        buffersFull: 0,
        writes: null,
        syncs: null,
        writeMs: null,
        syncMs: null,
        statsResetAt: null,
      },
    ],
    seconds,
  ),
  settings,
})

const quiet = {
  'checkpoints in time': facts(0, 2, 100 * GB),
  'one that a backup asked for': facts(1, 2, 3 * GB),
  'some that somebody asked for, with little written': facts(5, 0, GB / 10),
  'forced ones far apart': facts(3, 0, 3 * GB, 3600),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(checkpointsRequested, given)).toEqual([])
})

const finds = {
  'one after the other': { given: facts(12, 0, 6 * GB), advised: '6GB' },
  'a rate that no advised size holds': { given: facts(60, 0, 200 * GB), advised: '16GB' },
}

test.each(Object.entries(finds))('finds %s', (_, { given, advised }) => {
  expect(judge(checkpointsRequested, given)).toMatchObject([
    {
      subject: { kind: 'setting', name: 'max_wal_size' },
      severity: 'info',
      remedy: {
        sql: [`alter system set max_wal_size = '${advised}'`, 'select pg_catalog.pg_reload_conf()'],
        undo: ['alter system reset max_wal_size', 'select pg_catalog.pg_reload_conf()'],
      },
    },
  ])
})
