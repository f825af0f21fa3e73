import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { autovacuumWorkersBusy } from '../../src/checks/vacuum/autovacuum-workers-busy.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

const SOON = { timeout: 30_000, interval: 100 }
let server: OwnServer

beforeAll(async () => {
  server = await startOwnServer({
    autovacuum: 'on',
    autovacuum_max_workers: '1',
    autovacuum_naptime: '1s',
    autovacuum_vacuum_cost_delay: '100ms',
  })
})
afterAll(() => server.stop())

const limit = async () => {
  const [row] = await server
    .database()
    .query<{ limit: string }>("select current_setting('autovacuum_vacuum_cost_limit') as limit")
  return row!.limit
}
const setLimit = (value: number) =>
  server.database().run(`alter system set autovacuum_vacuum_cost_limit = ${value}`, 'select pg_reload_conf()')
const findings = () =>
  findingsOf(autovacuumWorkersBusy, server.database(), { options: { minBusy: '1ms', minWaiting: 1 } })

test('tables that wait for the only worker are found, the brake loosened and put back, and quiet without it (A8)', async () => {
  expect(await findings()).toEqual([])
  await setLimit(1)
  await server.database().run(...reproductionOf('autovacuum-workers-busy'))
  const finding = await vi.waitUntil(async () => (await findings())[0], SOON)
  expect(finding).toMatchObject({
    subject: { kind: 'server' },
    severity: 'warning',
    evidence: expect.arrayContaining([
      { label: 'workers busy', value: 1, unit: 'count' },
      { label: 'autovacuum_max_workers', value: 1, unit: 'count' },
      { label: 'cost limit', value: 1, unit: 'count' },
      { label: 'cost delay', value: 100, unit: 'ms' },
    ]),
  })
  await applyRemedy(finding, server.database())
  await vi.waitUntil(async () => (await limit()) === '2', SOON)
  await undoRemedy(finding, server.database())
  await vi.waitUntil(async () => (await limit()) === '1', SOON)
  // doubling it twelve times over takes longer than a test should
  await setLimit(10_000)
  await expect.poll(findings, SOON).toEqual([])
})
