import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectionsNearLimit } from '../../src/checks/capacity/connections-near-limit.ts'
import { otherSession } from '../postgres/other-session.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const SOON = { timeout: 10_000, interval: 50 }
let server: OwnServer

beforeAll(async () => {
  // 20 less 3 for superusers: 17 are usable, and the test itself takes two, pgsteward one
  server = await startOwnServer({ max_connections: '20' })
})
afterAll(() => server.stop())

const findings = () => findingsOf(connectionsNearLimit, server.database())

async function open(count: number) {
  const sessions = await Promise.all(
    Array.from({ length: count }, () => otherSession(server.database(), 'leaky-api')),
  )
  for (const session of sessions) await session.query(reproductionOf('connections-near-limit')[0]!)
  return { close: () => Promise.all(sessions.map((session) => session.end())) }
}

// no remedy: whose connections are too many is for people to decide
test('taken connections are found, quiet when they are given back, and found again', async () => {
  const first = await open(11)
  expect(await findings()).toMatchObject([
    {
      subject: { kind: 'server' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'usable connections', value: 17, unit: 'count' },
        { label: 'largest group', value: '11 idle of leaky-api, user postgres', unit: 'text' },
      ]),
    },
  ])
  await first.close()
  await expect.poll(findings, SOON).toEqual([])
  const second = await open(11)
  expect(await findings()).toHaveLength(1)
  await second.close()
})

test('somewhat fewer are quiet', async () => {
  await expect.poll(findings, SOON).toEqual([])
  const { close } = await open(9)
  expect(await findings()).toEqual([])
  await close()
})
