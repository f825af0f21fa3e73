// Incidents with a real store and real alerts: opened by what is told, joined, kept and closed without anybody; over the desk's restarts.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openFinding } from '../../../test/notify/alert-rows.ts'
import type { OpenFinding, Transition } from '../../model/open-finding.ts'
import { alertMessage } from '../../notify/alert-message.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { AlertDesk } from '../alerts/alert-desk.ts'
import { incidentsSchema } from './incident-config.ts'
import { IncidentDesk } from './incident-desk.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-incidents-'))
let store: Store
let now: Date
let targets = 0
let targetId = ''
let desk: IncidentDesk
let alerts: AlertDesk

beforeAll(async () => {
  store = await openStore({ dir })
})
afterAll(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})
beforeEach(() => {
  targetId = `shop-${++targets}`
  now = new Date('2026-11-20T10:00:00Z')
  desk = openDesk()
  alerts = new AlertDesk({
    store,
    channels: [],
    policy: {
      routes: [{ match: {}, from: 'warning', channels: ['nobody'] }],
      escalation: [{ afterMs: 300_000, channels: ['boss'] }],
      repeatMs: null,
    },
    onCall: async () => () => null,
    windows: () => [],
    messageOf: (finding, news, at) =>
      alertMessage(finding, news, { labels: {}, title: '', isFlapping: false, dashboardUrl: null, now: at }),
    now: () => now,
    chance: () => 0,
    onTrouble: () => undefined,
    onSteps: (id) => void desk.reconcile(id),
  })
})

const openDesk = (over: Record<string, unknown> = {}) =>
  new IncidentDesk({ store, config: incidentsSchema.parse(over), now: () => now })
const later = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000)
}

async function told(transition: Transition, over: Partial<OpenFinding> = {}): Promise<OpenFinding> {
  const finding = openFinding({
    targetId,
    key: 'error-rate:application/shop',
    checkId: 'error-rate',
    severity: 'critical',
    summary: 'shop fails',
    firstSeenAt: new Date(now.getTime() - 60_000),
    lastSeenAt: now,
    openedAt: now,
    ...over,
  })
  await store.saveChanges([{ transition, finding }], now)
  await alerts.reconcile(targetId)
  await desk.reconcile(targetId)
  return finding
}
const all = () => desk.all(targetId)

test('a critical alert opens one, its neighbours join, and it is over when they are', async () => {
  await store.saveTargetEvents(targetId, [
    {
      at: new Date(now.getTime() - 300_000),
      kind: 'deployment',
      subject: 'web',
      detail: 'version 1.4 to 1.5',
    },
    {
      at: new Date(now.getTime() - 200_000),
      kind: 'statistics',
      subject: 'public.orders',
      detail: 'analyzed',
    },
  ])
  const first = await told('opened')
  later(2)
  const second = await told('opened', {
    key: 'slow-route:route/shop/x',
    checkId: 'slow-route',
    severity: 'warning',
  })
  await alerts.acknowledge({ targetId, findingKey: first.key }, 'ada', null, 'on it')
  await desk.reconcile(targetId)
  later(20)
  for (const finding of [first, second])
    await told('resolved', { ...finding, state: 'resolved', resolvedAt: now })
  const [is, ...others] = await all()
  expect(others).toEqual([])
  expect(is).toMatchObject({
    state: 'resolved',
    severity: 'critical',
    title: 'shop fails',
    times: {
      startedAt: '2026-11-20T09:59:00.000Z',
      detectedAt: '2026-11-20T10:00:00.000Z',
      acknowledgedAt: '2026-11-20T10:02:00.000Z',
      recoveredAt: '2026-11-20T10:22:00.000Z',
      toDetectMs: 60_000,
      toRecoverMs: 23 * 60_000,
    },
  })
  expect(is!.timeline.map(({ text }) => text)).toEqual([
    'deployment, web: version 1.4 to 1.5',
    'Incident opened: shop fails',
    'Alert, critical: shop fails',
    expect.stringMatching(/^Alert, warning:/),
    'Acknowledged by ada (on it): shop fails',
    'Over: shop fails',
    // a warning is left
    'Resolved: none of its alerts is critical any more',
    'Over: shop fails',
  ])
  // nothing is written twice
  await openDesk().reconcile(targetId)
  expect((await all())[0]!.timeline).toHaveLength(8)
})

test('a warning that is left does not keep it open, and opens it again when it turns critical', async () => {
  const first = await told('opened')
  const second = await told('opened', {
    key: 'slow-route:route/shop/x',
    checkId: 'slow-route',
    severity: 'warning',
  })
  later(10)
  await told('resolved', { ...first, state: 'resolved', resolvedAt: now })
  expect(await all()).toMatchObject([
    {
      state: 'resolved',
      times: { recoveredAt: '2026-11-20T10:10:00.000Z' },
      alerts: [{}, { state: 'firing' }],
    },
  ])
  later(5)
  const worse = await told('worsened', { ...second, severity: 'critical' })
  expect(await all()).toMatchObject([{ state: 'open', times: { recoveredAt: null } }])
  later(5)
  await told('eased', { ...worse, severity: 'warning' })
  expect(await all()).toMatchObject([
    { state: 'resolved', times: { recoveredAt: '2026-11-20T10:20:00.000Z' } },
  ])
})

test('a warning opens none, one that turns critical does; a switch leaves it to people', async () => {
  const finding = await told('opened', { severity: 'warning' })
  expect(await all()).toEqual([])
  later(1)
  desk = openDesk({ open: false })
  await told('worsened', { ...finding, severity: 'critical' })
  expect(await all()).toEqual([])
  desk = openDesk()
  await desk.reconcile(targetId)
  expect(await all()).toMatchObject([{ state: 'open', alerts: [{ severity: 'critical' }] }])
})

test('what was told while nobody kept incidents is made up for, escalations and all', async () => {
  desk = openDesk({ open: false })
  await told('opened')
  later(6)
  await alerts.reconcile(targetId)
  desk = openDesk()
  await desk.reconcile(targetId)
  const [is] = await all()
  expect(is!.timeline.map(({ text, at }) => [at.slice(11, 16), text])).toEqual([
    ['10:00', 'Alert, critical: shop fails'],
    ['10:06', 'Incident opened: shop fails'],
    ['10:06', 'Escalated (nobody has acknowledged it): shop fails'],
  ])
})

test('one that a person opened ends by a person, and takes what they write down', async () => {
  const { name } = await desk.open(targetId, { title: 'nobody can pay', severity: 'critical', actor: 'ada' })
  const add = (entry: Parameters<IncidentDesk['add']>[1]) => desk.add(name, entry)
  await add({ action: 'role-taken', actor: 'ada', role: 'commander', name: 'ada' })
  const finding = await told('opened')
  await told('resolved', { ...finding, state: 'resolved', resolvedAt: now })
  expect(await desk.one(name)).toMatchObject({
    state: 'open',
    alerts: [{ state: 'resolved' }],
    commander: 'ada',
  })
  await add({ action: 'mitigated', actor: 'ada', text: 'rolled back' })
  await add({ action: 'resolved', actor: 'ada', text: 'over' })
  await expect(add({ action: 'mitigated', actor: 'ada', text: 'again' })).rejects.toMatchObject({
    code: 'record-changed',
  })
  await expect(desk.one('INC-999')).rejects.toMatchObject({ code: 'record-unknown' })
  await expect(desk.one('OPT-1')).rejects.toMatchObject({ code: 'record-unknown' })
})
