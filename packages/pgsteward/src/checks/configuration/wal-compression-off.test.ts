import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { settingRow } from '../../../test/rows.ts'
import { walCompressionOff } from './wal-compression-off.ts'

const MB = 1024 ** 2

/** Within ten minutes. */
const facts = (megabytes: number, pages: number, value = 'off') => ({
  wal: intervalOf(
    [
      {
        records: 1_000_000,
        fullPageImages: pages,
        bytes: megabytes * MB,
        buffersFull: 0,
        writes: null,
        syncs: null,
        writeMs: null,
        syncMs: null,
        statsResetAt: null,
      },
    ],
    600,
  ),
  checkpoints: intervalOf([], 600),
  settings: [settingRow({ name: 'wal_compression', value, context: 'superuser' })],
})

test.each([
  ['little WAL', facts(300, 30_000)],
  ['WAL of small changes', facts(3_000, 100_000)],
  ['compressed pages', facts(3_000, 300_000, 'pglz')],
  ['pages compressed by lz4', facts(3_000, 300_000, 'lz4')],
  ['a server that hides the setting', { ...facts(3_000, 300_000), settings: [] }],
])('is quiet on %s', (_, given) => {
  expect(judge(walCompressionOff, given)).toEqual([])
})

test('finds WAL of whole pages', () => {
  expect(judge(walCompressionOff, facts(3_000, 256_000))).toMatchObject([
    {
      subject: { kind: 'setting', name: 'wal_compression' },
      severity: 'info',
      evidence: expect.arrayContaining([
        { label: 'WAL written in a second', value: 5 * MB, unit: 'bytes' },
        { label: 'their share of the WAL, at most', value: 2 / 3, unit: 'ratio' },
      ]),
      remedy: {
        sql: ["alter system set wal_compression = 'on'", 'select pg_catalog.pg_reload_conf()'],
        undo: ['alter system reset wal_compression', 'select pg_catalog.pg_reload_conf()'],
      },
    },
  ])
})

test('pages without their empty middle are never more than all of it', () => {
  expect(judge(walCompressionOff, facts(3_000, 600_000))).toMatchObject([
    {
      evidence: expect.arrayContaining([
        { label: 'their share of the WAL, at most', value: 1, unit: 'ratio' },
      ]),
    },
  ])
})
