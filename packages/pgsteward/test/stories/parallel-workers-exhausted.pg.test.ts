import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parallelWorkersExhausted } from '../../src/checks/capacity/parallel-workers-exhausted.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

const reproduction = reproductionOf('parallel-workers-exhausted')
const SOON = { timeout: 20_000, interval: 50 }
let server: OwnServer

const isSetTo = (value: string) => async () => {
  const [row] = await server.database().query<{ max_parallel_workers: string }>('show max_parallel_workers')
  return row?.max_parallel_workers === value
}

beforeAll(async () => {
  server = await startOwnServer({
    autovacuum: 'off',
    max_parallel_workers_per_gather: '2',
    parallel_setup_cost: '0',
    parallel_tuple_cost: '0',
    min_parallel_table_scan_size: '0',
  })
  await server
    .database()
    .run(
      ...reproduction.slice(0, -1),
      "alter system set max_parallel_workers = '1'",
      'select pg_reload_conf()',
    )
  await vi.waitUntil(isSetTo('1'), SOON)
})
afterAll(() => server.stop())

const findings = (times = 20) =>
  findingsOf(parallelWorkersExhausted, server.database(), {
    options: { minPlanned: 20 },
    between: () => server.database().run(...Array.from({ length: times }, () => reproduction.at(-1)!)),
  })

test('missing workers are found, there after the remedy, and missing again after its undo (A8)', async () => {
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { kind: 'setting', name: 'max_parallel_workers' },
    evidence: expect.arrayContaining([
      { label: 'started of those asked for', value: expect.closeTo(0.5, 1), unit: 'ratio' },
      { label: 'workers asked for', value: 40, unit: 'count' },
    ]),
  })
  await applyRemedy(finding!, server.database())
  await vi.waitUntil(isSetTo('2'), SOON)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, server.database())
  await vi.waitUntil(isSetTo('1'), SOON)
  expect(await findings()).toHaveLength(1)
})

test('few parallel plans are quiet', async () => {
  expect(await findings(2)).toEqual([])
})
