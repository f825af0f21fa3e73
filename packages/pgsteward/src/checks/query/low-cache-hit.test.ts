import { expect, test } from 'vitest'
import { ago, intervalOf, judge } from '../../../test/judge.ts'
import { databaseRow, settingRow } from '../../../test/rows.ts'
import { describeRule } from '../../../test/rule-series.ts'
import { lowCacheHit } from './low-cache-hit.ts'

const timing = (value: string) => [settingRow({ name: 'track_io_timing', value })]
const facts = (hitRatio: number, readMs: number | null, over = {}) => {
  const blocksRead = 100_000 * (1 - hitRatio)
  return {
    databases: intervalOf([
      databaseRow({
        blocksHit: 100_000 * hitRatio,
        blocksRead,
        blockReadMs: blocksRead * (readMs ?? 0),
        ...over,
      }),
    ]),
    settings: timing(readMs === null ? 'off' : 'on'),
  }
}

const quiet = {
  'a cache that answers nearly everything': facts(0.99, 5),
  'a poor ratio of a handful of pages': facts(0.5, 5, { blocksHit: 100, blocksRead: 900 }),
  'a poor ratio of another database': facts(0.5, 5, { database: 'other' }),
  'a database that did nothing': { databases: intervalOf([]), settings: timing('on') },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(lowCacheHit, given)).toEqual([])
})

test('says nothing while the cache of a server that just started fills', () => {
  expect(judge(lowCacheHit, facts(0.3, 5), { server: { startedAt: ago(14 * 60_000) } })).toHaveProperty(
    'skip',
  )
})

const finds = {
  'misses that come from disk': { given: facts(0.9, 1), severity: 'warning' },
  'more misses than hits, from disk': { given: facts(0.3, 1), severity: 'critical' },
  'misses that the operating system’s cache answers': { given: facts(0.3, 0.005), severity: 'info' },
  'misses whose time is not measured': { given: facts(0.9, null), severity: 'info' },
  'very many misses whose time is not measured': { given: facts(0.3, null), severity: 'warning' },
}

test.each(Object.entries(finds))('finds %s', (_, { given, severity }) => {
  expect(judge(lowCacheHit, given)).toMatchObject([{ subject: { kind: 'database', name: 'app' }, severity }])
})

test('between its limits it keeps what is open alone', () => {
  expect(judge(lowCacheHit, facts(0.96, 1))).toMatchObject([{ sustains: true }])
  expect(judge(lowCacheHit, facts(0.98, 1), { options: { warnBelow: 0.985 } })).not.toHaveProperty(
    '0.sustains',
  )
})

describeRule(lowCacheHit, {
  facts: (hitRatio) => facts(hitRatio, 1),
  fires: 0.949,
  worsens: 0.39,
  between: 0.96,
  calm: 0.975,
})
