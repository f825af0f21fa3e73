import { expect, test } from 'vitest'
import { NOBODY, poolRow, readingOf } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { poolExhausted } from './pool-exhausted.ts'

const judged = (...pools: readonly object[]) =>
  judge(poolExhausted, { pools: readingOf(pools.map((pool) => poolRow(pool))) })

const quiet = {
  'a pool with room': { used: 7 },
  'a pool of one that is at work': { max: 1, used: 1 },
  'a wait for a connection that is being opened': { used: 2, idle: 2, waitP95Ms: 300 },
  'a caller that waits while the pool still grows': { used: 4, waiting: 1 },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, pool) => {
  expect(judged(pool)).toEqual([])
})

test('is skipped where nobody reports, and quiet where no pools are told', () => {
  expect(judge(poolExhausted, { pools: NOBODY })).toHaveProperty('skip')
  expect(judged()).toEqual([])
})

const finds = {
  'a warning from four fifths': { pool: { used: 8 }, severity: 'warning' },
  'a warning where callers wait': { pool: { used: 10, waiting: 2, waitP95Ms: 50 }, severity: 'warning' },
  'a warning where they waited long of late': {
    pool: { used: 2, idle: 8, waitP95Ms: 100 },
    severity: 'warning',
  },
  'a small pool, by those that wait': { pool: { max: 2, used: 2, waiting: 5 }, severity: 'warning' },
  'critical where they wait a second and nothing is free': {
    pool: { used: 10, waiting: 20, waitP95Ms: 1000 },
    severity: 'critical',
  },
}

test.each(Object.entries(finds))('finds %s', (_, { pool, severity }) => {
  expect(judged(pool)).toMatchObject([
    { subject: { kind: 'pool', application: 'shop', name: 'app' }, severity },
  ])
})

test('processes with the same pool are one finding, of the worst', () => {
  expect(judged({ used: 9 }, { used: 10, waiting: 4, instance: 'host/2' })).toMatchObject([
    {
      summary: 'Requests of shop wait for a connection of pool app',
      evidence: expect.arrayContaining([
        { label: 'process', value: 'host/2', unit: 'text' },
        { label: 'processes like this', value: 2, unit: 'count' },
      ]),
    },
  ])
})
