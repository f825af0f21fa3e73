import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { checkpointsRequested } from '../../src/checks/capacity/checkpoints-requested.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

const SOON = { timeout: 20_000, interval: 50 }
const [write] = reproductionOf('checkpoints-requested')
let server: OwnServer

beforeAll(async () => {
  server = await startOwnServer({ autovacuum: 'off' })
  await server.database().run("alter system set max_wal_size = '32MB'", 'select pg_reload_conf()')
})
afterAll(() => server.stop())

const forced = async () => {
  const [row] = await server
    .database()
    .query<{ n: number }>('select num_requested::int as n from pg_stat_checkpointer')
  return row!.n
}
const isSetTo = (value: string) => async () => {
  const [row] = await server.database().query<{ max_wal_size: string }>('show max_wal_size')
  return row?.max_wal_size === value
}

/** Writes until the server was forced to checkpoint three times; a checkpoint under way answers several requests. */
async function writeUntilForced(): Promise<void> {
  const before = await forced()
  await vi.waitUntil(
    async () => {
      await server.database().run(write!)
      return (await forced()) >= before + 3
    },
    { timeout: 60_000, interval: 10 },
  )
}

const findings = (between: () => Promise<void>) =>
  findingsOf(checkpointsRequested, server.database(), { between })

test('too little room for WAL is found, enough after the remedy, and too little again after its undo', async () => {
  await vi.waitUntil(isSetTo('32MB'), SOON)
  const [finding] = await findings(writeUntilForced)
  expect(finding).toMatchObject({ subject: { kind: 'setting', name: 'max_wal_size' }, severity: 'info' })
  await applyRemedy(finding!, server.database())
  await vi.waitUntil(async () => !(await isSetTo('32MB')()), SOON)
  expect(await findings(() => server.database().run(write!))).toEqual([])
  await undoRemedy(finding!, server.database())
  await vi.waitUntil(isSetTo('32MB'), SOON)
  expect(await findings(writeUntilForced)).toHaveLength(1)
})

test('checkpoints that somebody asks for are quiet', async () => {
  expect(
    await findings(() => server.database().run('checkpoint', 'checkpoint', 'checkpoint', 'checkpoint')),
  ).toEqual([])
})
