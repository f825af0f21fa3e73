import { expect, test } from 'vitest'
import { ago, intervalOf, judge } from '../../../test/judge.ts'
import { databaseRow, settingRow } from '../../../test/rows.ts'
import { sharedBuffersSmall } from './shared-buffers-small.ts'

const MB = 1024 ** 2
const facts = (buffersMb: number, databaseMb: number, blocksHit: number, blocksRead: number) => ({
  databases: intervalOf([databaseRow({ blocksHit, blocksRead })]),
  databaseSizes: [{ database: 'app', sizeBytes: databaseMb * MB }],
  settings: [
    settingRow({
      name: 'shared_buffers',
      value: String(buffersMb * 128),
      unit: '8kB',
      context: 'postmaster',
    }),
  ],
})

const quiet = {
  'a cache that was chosen': facts(256, 100_000, 80_000, 20_000),
  'a database that is not much larger': facts(128, 500, 80_000, 20_000),
  'a cache that answers nearly everything': facts(128, 100_000, 99_000, 1_000),
  'a database with little to do': facts(128, 100_000, 800, 200),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(sharedBuffersSmall, given)).toEqual([])
})

test('says nothing while the cache of a server that just started fills', () => {
  const given = facts(128, 100_000, 80_000, 20_000)
  expect(judge(sharedBuffersSmall, given, { server: { startedAt: ago(60_000) } })).toHaveProperty('skip')
})

const finds = {
  'the default under a large database': { given: facts(128, 1000, 90_000, 10_000), advised: '512MB' },
  'less than the default': { given: facts(16, 1000, 90_000, 10_000), advised: '64MB' },
}

test.each(Object.entries(finds))('finds %s', (_, { given, advised }) => {
  expect(judge(sharedBuffersSmall, given)).toMatchObject([
    {
      subject: { kind: 'setting', name: 'shared_buffers' },
      severity: 'info',
      remedy: {
        sql: [`alter system set shared_buffers = '${advised}'`],
        undo: ['alter system reset shared_buffers'],
      },
    },
  ])
})
