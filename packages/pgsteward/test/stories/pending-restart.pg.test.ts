import { afterAll, beforeAll, expect, test } from 'vitest'
import { pendingRestart } from '../../src/checks/configuration/pending-restart.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

// a reload reaches new sessions a moment after it was asked for
const SOON = { timeout: 20_000, interval: 50 }
let server: OwnServer

beforeAll(async () => {
  server = await startOwnServer()
})
afterAll(() => server.stop())

const findings = () => findingsOf(pendingRestart, server.database())
const waiting = [{ subject: { kind: 'setting', name: 'max_connections' } }]

test('a change that waits is found until it is taken back', async () => {
  await server.database().run(...reproductionOf('pending-restart'))
  await expect.poll(findings, SOON).toMatchObject(waiting)
  await server.database().run('alter system reset max_connections', 'select pg_reload_conf()')
  await expect.poll(findings, SOON).toEqual([])
})

test('a change that a reload brings into force is none', async () => {
  await server.database().run("alter system set work_mem = '8MB'", 'select pg_reload_conf()')
  await expect
    .poll(
      async () =>
        (await server.database().query("select setting from pg_settings where name = 'work_mem'"))[0],
      SOON,
    )
    .toEqual({ setting: '8192' })
  expect(await findings()).toEqual([])
})

// the remedy is a restart, which no statement does
test('a restart brings the change into force', async () => {
  await server.database().run(...reproductionOf('pending-restart'))
  await expect.poll(findings, SOON).toMatchObject(waiting)
  await server.restart()
  expect(await findings()).toEqual([])
  expect(await server.database().query('show max_connections')).toEqual([{ max_connections: '42' }])
})
