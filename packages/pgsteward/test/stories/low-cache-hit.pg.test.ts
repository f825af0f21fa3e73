import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { lowCacheHit } from '../../src/checks/query/low-cache-hit.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf, outcomeOf } from '../postgres/story.ts'

const [create, read] = reproductionOf('low-cache-hit')
const WARM = { laterMs: 20 * 60_000 }
let server: OwnServer

beforeAll(async () => {
  server = await startOwnServer({
    shared_buffers: '4MB',
    autovacuum: 'off',
    max_parallel_workers_per_gather: '0',
  })
  await server.database().run(create!, 'create table hot as select 1 as id', 'vacuum parcel, hot')
})
afterAll(() => server.stop())

const times = (n: number, statement: string) => () =>
  server.database().run(...Array.from({ length: n }, () => statement))
const findings = (between: () => Promise<void>, options: Record<string, unknown> = {}) =>
  findingsOf(lowCacheHit, server.database(), { ...WARM, between, options: { minBlocks: 5_000, ...options } })

// what mends it, an index or more memory, is not this check's to know: here the reading simply stops
test('reading a table through a small cache again and again is found, and quiet when it stops, and found again', async () => {
  expect(await findings(times(5, read!))).toMatchObject([
    {
      subject: { kind: 'database', name: server.database().name },
      // how long reads take is not measured here, and no more than that is claimed
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'time of reads', value: 'track_io_timing is off', unit: 'text' },
      ]),
    },
  ])
  expect(await findings(times(3000, 'select count(*) from hot'))).toEqual([])
  expect(await findings(times(5, read!))).toHaveLength(1)
})

test('a little reading is quiet, and so is a server that just started', async () => {
  expect(await findings(times(1, read!))).toEqual([])
  expect(await outcomeOf(lowCacheHit, server.database(), { between: times(5, read!) })).toMatchObject({
    status: 'skipped',
  })
})

test('measured reads that are fast are information, and slow ones an alarm', async () => {
  await server.database().run('alter system set track_io_timing = on', 'select pg_reload_conf()')
  const isOn = async () =>
    (await server.database().query<{ track_io_timing: string }>('show track_io_timing'))[0]
      ?.track_io_timing === 'on'
  await vi.waitUntil(isOn, { timeout: 10_000, interval: 50 })
  expect(await findings(times(5, read!), { slowRead: '1h' })).toMatchObject([{ severity: 'info' }])
  expect(await findings(times(5, read!), { slowRead: '0ms' })).toMatchObject([{ severity: 'critical' }])
})
