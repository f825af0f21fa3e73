import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { walCompressionOff } from '../../src/checks/configuration/wal-compression-off.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

const [create, vacuum, checkpoint, update] = reproductionOf('wal-compression-off')
const SOON = { timeout: 20_000, interval: 50 }
let server: OwnServer

beforeAll(async () => {
  server = await startOwnServer({ autovacuum: 'off', full_page_writes: 'on' })
  await server.database().run(create!, vacuum!)
})
afterAll(() => server.stop())

const isSetTo = (value: string) => async () => {
  const [row] = await server.database().query<{ wal_compression: string }>('show wal_compression')
  return row?.wal_compression === value
}
const findings = (...statements: readonly string[]) =>
  findingsOf(walCompressionOff, server.database(), {
    options: { minPerSecond: '50kB' },
    between: () => server.database().run(...statements),
  })
/** Written by a round of changes, in bytes. */
const walOfARound = async () => {
  const at = async () => {
    const [row] = await server
      .database()
      .query<{ at: string }>("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as at")
    return Number(row!.at)
  }
  await server.database().run(checkpoint!)
  const before = await at()
  await server.database().run(update!)
  return (await at()) - before
}

test('WAL of whole pages is found, less after the remedy, and found again after its undo (A8)', async () => {
  const [finding] = await findings(checkpoint!, update!)
  expect(finding).toMatchObject({ subject: { kind: 'setting', name: 'wal_compression' }, severity: 'info' })
  const uncompressed = await walOfARound()
  await applyRemedy(finding!, server.database())
  await vi.waitUntil(isSetTo('pglz'), SOON)
  expect(await walOfARound()).toBeLessThan(uncompressed / 2)
  expect(await findings(checkpoint!, update!)).toEqual([])
  await undoRemedy(finding!, server.database())
  await vi.waitUntil(isSetTo('off'), SOON)
  expect(await findings(checkpoint!, update!)).toHaveLength(1)
})

test('WAL of new rows is quiet', async () => {
  expect(
    await findings(
      'create table letter (id int, note text)',
      "insert into letter select i, repeat('x', 200) from generate_series(1, 30000) i",
    ),
  ).toEqual([])
})
