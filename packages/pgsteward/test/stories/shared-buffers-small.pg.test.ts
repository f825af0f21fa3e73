import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedBuffersSmall } from '../../src/checks/configuration/shared-buffers-small.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

const [create, read] = reproductionOf('shared-buffers-small')
const WARM = { laterMs: 20 * 60_000 }
let server: OwnServer

/** A restart begins with an empty database. */
const restart = async () => {
  await server.restart()
  await server.database().run(create!, 'vacuum parcel')
}

beforeAll(async () => {
  server = await startOwnServer({
    autovacuum: 'off',
    max_connections: '20',
    max_parallel_workers_per_gather: '0',
  })
  await server.database().run("alter system set shared_buffers = '1MB'")
  await restart()
})
afterAll(() => server.stop())

const findings = (times = 5) =>
  findingsOf(sharedBuffersSmall, server.database(), {
    ...WARM,
    options: { minBlocks: 5_000 },
    between: () => server.database().run(...Array.from({ length: times }, () => read!)),
  })

test('a cache far smaller than what is read is found, larger after remedy and restart, and small again after undo', async () => {
  const [finding] = await findings()
  expect(finding).toMatchObject({ subject: { kind: 'setting', name: 'shared_buffers' }, severity: 'info' })
  await applyRemedy(finding!, server.database())
  await restart()
  expect(await server.database().query('show shared_buffers')).toEqual([{ shared_buffers: '4MB' }])
  await undoRemedy(finding!, server.database())
  await restart()
  expect(await findings()).toHaveLength(1)
})

test('with little to do it is quiet, however small the cache is', async () => {
  expect(await findings(1)).toEqual([])
})

test('a cache that holds the database is quiet', async () => {
  await server.database().run("alter system set shared_buffers = '64MB'")
  await restart()
  expect(await findings()).toEqual([])
})
