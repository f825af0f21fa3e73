import { expect, test } from 'vitest'
import { memoryOf } from '../../test/application/memory.ts'
import { judgedApplication, requestRow } from '../../test/application/rows.ts'
import { ago, NOW } from '../../test/judge.ts'
import { applicationQueries } from './application-queries.ts'
import { applicationRequests } from './application-requests.ts'

const minutes = (count: number) => count * 60_000
const seenAgo = (application: string, ms: number) => judgedApplication({ application, lastSeenAt: ago(ms) })
const rowAgo = (application: string, ms: number) => requestRow({ application, lastAt: ago(ms) })

test('a store to which nobody ever reported says so', async () => {
  expect(await applicationRequests.read(memoryOf(), 't', NOW)).toEqual({
    isReporting: false,
    applications: [],
    rows: [],
  })
})

test('an application that speaks is judged by the last ten minutes', async () => {
  const memory = memoryOf({
    applications: [seenAgo('shop', 5_000)],
    operations: [rowAgo('shop', 60_000), rowAgo('shop', minutes(11))],
  })
  const { rows, applications } = await applicationRequests.read(memory, 't', NOW)
  expect(rows).toHaveLength(1)
  expect(applications).toMatchObject([{ isSilent: false, window: { from: ago(minutes(10)), to: NOW } }])
})

test('a silent one is judged by its last ten minutes for an hour, then it is gone', async () => {
  const remembered = (silentMs: number) =>
    memoryOf({
      applications: [seenAgo('shop', silentMs), seenAgo('api', 5_000)],
      operations: [rowAgo('shop', silentMs + minutes(8)), rowAgo('api', 60_000)],
    })
  const names = async (silentMs: number) =>
    (await applicationRequests.read(remembered(silentMs), 't', NOW)).rows.map((row) => row.application)
  expect(await names(minutes(59))).toEqual(['api', 'shop'])
  expect(await names(minutes(61))).toEqual(['api'])
})

test('when all are gone there is nothing to judge, which is not the same as nobody ever reported', async () => {
  const gone = memoryOf({ applications: [seenAgo('shop', minutes(61))] })
  expect(await applicationRequests.read(gone, 't', NOW)).toEqual({
    isReporting: true,
    applications: [],
    rows: [],
  })
})

test('those that speak are read in one question, whatever their number', async () => {
  const memory = memoryOf({ applications: ['a', 'b', 'c'].map((name) => seenAgo(name, 5_000)) })
  await applicationRequests.read(memory, 't', NOW)
  expect(Object.fromEntries(memory.asked)).toEqual({ applications: 1, 'operations request': 1 })
})

test('query ids are looked up for slow statements alone, and for 20 at most', async () => {
  const query = (index: number, maxMs: number) =>
    requestRow({ kind: 'query', name: 'SELECT parcel', fingerprint: `f${index}`, maxMs })
  const memory = memoryOf({
    applications: [seenAgo('shop', 5_000)],
    operations: [
      ...Array.from({ length: 60 }, (_, index) => query(index, 200)),
      query(100, 5_000),
      query(101, 99),
    ],
    queryIds: { f100: ['42'], f101: ['43'] },
  })
  const { rows } = await applicationQueries.read(memory, 't', NOW)
  expect(rows.find((row) => row.fingerprint === 'f100')!.queryIds).toEqual(['42'])
  expect(rows.find((row) => row.fingerprint === 'f101')!.queryIds).toEqual([])
  expect(memory.asked.get('queryIdsOf')).toBe(20)
})
