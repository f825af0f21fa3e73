import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checksumFailures } from '../../src/checks/availability/checksum-failures.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const evict = "select pg_buffercache_evict_relation('parcel')"
let server: OwnServer
let file: string

beforeAll(async () => {
  server = await startOwnServer({ autovacuum: 'off' })
  await server.database().run(...reproductionOf('checksum-failures'))
  const [row] = await server
    .database()
    .query<{ path: string }>("select pg_relation_filepath('parcel') as path")
  file = join(server.dataDir(), row!.path)
})
afterAll(() => server.stop())

/** Turns some bytes of the first page round; a second time restores them. */
async function damage(): Promise<void> {
  // what is still in memory would be written over the damage
  await server.database().run(evict)
  const handle = openSync(file, 'r+')
  const bytes = Buffer.alloc(16)
  readSync(handle, bytes, 0, bytes.length, 4000)
  writeSync(
    handle,
    bytes.map((byte) => byte ^ 0xff),
    0,
    bytes.length,
    4000,
  )
  closeSync(handle)
}

const read = async () => {
  await server.database().run(evict)
  await server
    .database()
    .query('select count(*) from parcel')
    .catch(() => undefined)
}
const findings = (between: () => Promise<void>) =>
  findingsOf(checksumFailures, server.database(), { between })

// no remedy: here the page's bytes come back, as they would with a sound replica
test('a damaged page is found when it is read, quiet once it is sound again, and found again', async () => {
  expect(await findings(read)).toEqual([])
  await damage()
  expect(await findings(read)).toMatchObject([
    { subject: { kind: 'database', name: server.database().name }, severity: 'critical' },
  ])
  await damage()
  expect(await findings(read)).toEqual([])
  await damage()
  expect(await findings(read)).toHaveLength(1)
  await damage()
})

test('an error of another kind is no damage', async () => {
  const fail = () =>
    server
      .database()
      .query('select 1 / 0')
      .then(
        () => undefined,
        () => undefined,
      )
  expect(await findings(fail)).toEqual([])
})
