import { afterAll, beforeAll, expect, test } from 'vitest'
import { inactiveReplicationSlot } from '../../src/checks/availability/inactive-replication-slot.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf } from '../postgres/story.ts'

let server: OwnServer

beforeAll(async () => {
  server = await startOwnServer()
})
afterAll(() => server.stop())

const findings = (options = {}) => findingsOf(inactiveReplicationSlot, server.database(), { options })

test('a slot that nobody reads from is found, dropped by the remedy, and found again when there is another', async () => {
  await server.database().run(...reproductionOf('inactive-replication-slot'))
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'slot', name: 'warehouse' }, severity: 'info' })
  await applyRemedy(finding!, server.database())
  expect(await findings()).toEqual([])
  await server.database().run(...reproductionOf('inactive-replication-slot'))
  expect(await findings()).toHaveLength(1)
})

test('it becomes a warning and then critical with the WAL that it keeps', async () => {
  await server.database().run("select pg_logical_emit_message(false, 'x', repeat('x', 3000000))")
  expect(await findings({ warnBytes: '2MB' })).toMatchObject([{ severity: 'warning' }])
  expect(await findings({ warnBytes: '1MB', criticalBytes: '2MB' })).toMatchObject([{ severity: 'critical' }])
  expect(await findings({ ignore: ['warehouse'] })).toEqual([])
})

test('one that reserves nothing yet, and a temporary one, are quiet', async () => {
  await server
    .database()
    .run(
      "select pg_drop_replication_slot('warehouse')",
      "select pg_create_physical_replication_slot('later')",
      "select pg_create_physical_replication_slot('mine', true, true)",
    )
  expect(await findings()).toEqual([])
})
