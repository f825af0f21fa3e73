// The desk with a real store and a real receiver: what is told, what waits, what an acknowledgement and a silence do.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { openFinding } from '../../../test/notify/alert-rows.ts'
import { type Behaviour, startReceiver } from '../../../test/notify/receiver.ts'
import type { AlertPolicy } from '../../model/alert.ts'
import type { OpenFinding, Transition } from '../../model/open-finding.ts'
import { alertMessage } from '../../notify/alert-message.ts'
import { type WebhookBody, webhook } from '../../notify/webhook.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { AlertDesk } from './alert-desk.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-desk-'))
let store: Store
beforeAll(async () => {
  store = await openStore({ dir })
})
afterAll(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

let targets = 0
let targetId = ''
beforeEach(() => {
  targetId = `shop-${++targets}`
})

const save = async (transition: Transition, over: Partial<OpenFinding> = {}) => {
  const finding = openFinding({ targetId, ...over })
  await store.saveChanges([{ transition, finding }], finding.lastSeenAt)
  return finding
}

/** Everything that a target's findings are told of goes to a channel of its own. */
async function openDesk(behave: Behaviour, over: Partial<AlertPolicy> = {}) {
  const receiver = await startReceiver(behave)
  const troubles: string[] = []
  const channelId = `hook-${targetId}`
  const desk = new AlertDesk({
    store,
    channels: [webhook(channelId, { url: receiver.url, secret: 'a-secret-of-some-length' })],
    policy: {
      routes: [{ match: {}, from: 'warning', channels: [channelId] }],
      escalation: [],
      repeatMs: null,
      ...over,
    },
    windows: () => [],
    messageOf: (finding, news, now) =>
      alertMessage(finding, news, { labels: {}, title: '', isFlapping: false, dashboardUrl: null, now }),
    now: () => new Date(),
    chance: () => 0,
    onTrouble: (text) => troubles.push(text),
  })
  onTestFinished(async () => {
    await desk.stop()
    await receiver[Symbol.asyncDispose]()
  })
  const bodies = () => receiver.received.map(({ body }) => JSON.parse(body) as WebhookBody)
  const events = () => bodies().flatMap(({ alerts }) => alerts.map(({ event }) => event))
  return { desk, troubles, receiver, bodies, events }
}
const taken = () => ({ status: 204 })

test('what was found and told to nobody, since the process ended in between, is told at the next start', async () => {
  await save('opened')
  const { desk, events } = await openDesk(taken)
  await desk.start([targetId])
  await expect.poll(events).toEqual(['opened'])
  await save('resolved', { state: 'resolved', resolvedAt: new Date() })
  await desk.reconcile(targetId)
  await expect.poll(events).toEqual(['opened', 'resolved'])
})

test('findings that open together arrive together', async () => {
  for (const name of ['a', 'b', 'c']) await save('opened', { key: `slow-route:route/shop/${name}` })
  const { desk, bodies } = await openDesk(taken)
  await desk.start([targetId])
  await expect.poll(() => bodies().length).toBe(1)
  expect(bodies()[0]!.alerts).toHaveLength(3)
})

test('a channel that fails is said to fail once, loses nothing, and is said to work again', async () => {
  let isDown = true
  const { desk, troubles, events, receiver } = await openDesk(() =>
    isDown ? { status: 503, body: 'down' } : { status: 204 },
  )
  await save('opened')
  await desk.start([targetId])
  await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBeGreaterThan(1)
  expect(desk.channels[0]!.state).toMatchObject({ isFailing: true, lastSentAt: null })
  isDown = false
  await expect.poll(() => desk.channels[0]!.state.isFailing, { timeout: 10_000 }).toBe(false)
  expect(troubles).toEqual([
    expect.stringContaining('HTTP 503: down'),
    expect.stringContaining('takes alerts again'),
  ])
  expect(new Set(events())).toEqual(new Set(['opened']))
  expect(new Set(receiver.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
})

test('a refused message is given up, and the next goes through', async () => {
  const { desk, events } = await openDesk((_, count) => ({ status: count === 1 ? 422 : 204 }))
  await save('opened')
  await desk.start([targetId])
  await expect
    .poll(() => store.deliveries({ channel: `hook-${targetId}`, states: ['given-up'] }))
    .toHaveLength(1)
  await save('resolved', { state: 'resolved', resolvedAt: new Date() })
  await desk.reconcile(targetId)
  await expect.poll(events).toEqual(['opened', 'resolved'])
})

test('an acknowledgement is told, kept with who gave it, and ends what would be repeated', async () => {
  const { desk, events, bodies } = await openDesk(taken, { repeatMs: 0 })
  const { key } = await save('opened', { severity: 'critical' })
  await desk.start([targetId])
  const alert = await desk.acknowledge({ targetId, findingKey: key }, 'kim', null, 'building the index')
  expect(alert).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'kim' })
  await desk.reconcile(targetId)
  await expect.poll(events).toEqual(['opened', 'acknowledged'])
  expect(bodies()[1]!.alerts[0]).toMatchObject({ actor: 'kim', because: 'building the index' })
  expect(await store.alertEvents(alert)).toMatchObject([
    { event: 'opened', actor: null },
    { event: 'acknowledged', actor: 'kim', because: 'building the index' },
  ])
})

test('what is not firing cannot be acknowledged', async () => {
  const { desk } = await openDesk(taken)
  await desk.start([targetId])
  await expect(
    desk.acknowledge({ targetId, findingKey: 'x:server' }, 'kim', null, null),
  ).rejects.toMatchObject({
    code: 'alert-unknown',
  })
})

test('a silence holds back what opens within it, until it is ended', async () => {
  const { desk, events, receiver } = await openDesk(taken)
  const now = new Date()
  const id = await store.addSilence({
    match: { targets: [targetId] },
    from: now,
    until: new Date(now.getTime() + 3_600_000),
    by: 'kim',
    because: 'release',
    createdAt: now,
  })
  await save('opened')
  await desk.start([targetId])
  expect(await store.alerts({ targetId })).toMatchObject([{ silencedBy: 'release', toldAt: null }])
  expect(receiver.received).toHaveLength(0)
  await store.endSilence(id, 'kim', new Date())
  await desk.reconcile(targetId)
  await expect.poll(events).toEqual(['opened'])
})
