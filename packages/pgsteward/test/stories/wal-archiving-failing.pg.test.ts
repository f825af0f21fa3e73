import { afterAll, beforeAll, expect, test } from 'vitest'
import { walArchivingFailing } from '../../src/checks/availability/wal-archiving-failing.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const SOON = { timeout: 60_000, interval: 200 }
const [, , write, switchWal] = reproductionOf('wal-archiving-failing')
let server: OwnServer

beforeAll(async () => {
  server = await startOwnServer({ archive_mode: 'on' })
})
afterAll(() => server.stop())

const findings = (options = {}) => findingsOf(walArchivingFailing, server.database(), { options })
/** Each finished file wakes the archiver, which otherwise rests for a minute after three failures. */
const findingsAfterMore = async () => {
  await server.database().run(write!, switchWal!)
  return findings()
}
const archiveWith = (command: string) =>
  server.database().run(`alter system set archive_command = '${command}'`, 'select pg_reload_conf()')

// no statement mends what the command complains of: here the command is replaced
test('a command that works is quiet, one that fails is found, until it works again, and found again', async () => {
  await archiveWith('true')
  const archived = async () => {
    await findingsAfterMore()
    return server.database().query('select from pg_stat_archiver where archived_count > 0')
  }
  await expect.poll(archived, SOON).toHaveLength(1)
  expect(await findings()).toEqual([])
  await server.database().run(...reproductionOf('wal-archiving-failing'))
  await expect.poll(findings, SOON).toMatchObject([{ subject: { kind: 'server' }, severity: 'warning' }])
  expect(await findings({ criticalAfter: '0s' })).toMatchObject([{ severity: 'critical' }])
  await archiveWith('true')
  await expect.poll(findingsAfterMore, SOON).toEqual([])
  await archiveWith('false')
  await expect.poll(findingsAfterMore, SOON).toHaveLength(1)
})
