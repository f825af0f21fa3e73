import { expect, test } from 'vitest'
import { NOBODY, poolRow, readingOf } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { connectionLeak } from './connection-leak.ts'

const leaked = { oldestCheckoutMs: 90_000, oldestCheckoutBy: 'src/report.ts:8' }
const judged = (pools: readonly object[], options = {}) =>
  judge(connectionLeak, { pools: readingOf(pools.map((pool) => poolRow(pool))) }, { options })

const quiet = {
  'a connection that is held for a request': { oldestCheckoutMs: 59_000 },
  'a source that does not tell': { oldestCheckoutMs: null },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, pool) => {
  expect(judged([pool])).toEqual([])
})

test('is quiet on files that hold one by nature', () => {
  expect(judged([leaked], { ignorePlaces: ['src/report.ts'] })).toEqual([])
  expect(judged([leaked], { ignorePlaces: ['src/listen.ts'] })).toHaveLength(1)
})

test('is skipped where nobody reports', () => {
  expect(judge(connectionLeak, { pools: NOBODY })).toHaveProperty('skip')
})

test('names the pool and the place that took it', () => {
  expect(judged([leaked])).toMatchObject([
    {
      subject: { kind: 'pool', application: 'shop', name: 'app' },
      severity: 'warning',
      summary: 'A connection of pool app of shop was not given back, taken at src/report.ts:8',
    },
  ])
  expect(judged([{ ...leaked, oldestCheckoutBy: null }])).toMatchObject([
    { summary: 'A connection of pool app of shop was not given back' },
  ])
})

test('is critical once nothing is free and somebody waits', () => {
  expect(judged([{ ...leaked, used: 10, waiting: 1 }])).toMatchObject([{ severity: 'critical' }])
  expect(judged([{ ...leaked, used: 10 }])).toMatchObject([{ severity: 'warning' }])
})
