// What goes with an alert, from a real store.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { operation, report } from '../../../test/application/report.ts'
import { openFinding } from '../../../test/notify/alert-rows.ts'
import { snapshotOf } from '../../../test/store/synthetic.ts'
import { connections } from '../../facts/connections.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { alertContext } from './alert-context.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-context-'))
let store: Store
beforeAll(async () => {
  store = await openStore({ dir })
})
afterAll(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

const NOW = new Date('2026-11-20T10:00:00Z')
const before = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000)
const route = 'GET /orders'
const finding = (over: Parameters<typeof openFinding>[0]) =>
  openFinding({ targetId: 'shop', firstSeenAt: before(2), ...over })

async function served(minutesAgo: number, durationMs: number, errors = 0): Promise<void> {
  const at = before(minutesAgo)
  const requests = Array.from({ length: 10 }, () => durationMs)
  await store.saveReport(
    'shop',
    report(at, {
      operations: [operation({ kind: 'request', name: route, errors }, requests)],
      slowQueries: [],
      repeats: [],
    }),
    at,
  )
}

test('an alert shows how its route went within the hour, and the deployment before it', async () => {
  await served(31, 100)
  await served(5, 100)
  await served(2, 2_000, 5)
  await store.saveTargetEvents('shop', [
    { at: before(4), kind: 'deployment', subject: 'shop', detail: 'version 1.4.0 to 1.5.0' },
    { at: before(3), kind: 'statistics', subject: 'public.orders', detail: 'analyzed' },
    { at: before(50), kind: 'schema', subject: 'public.orders', detail: 'long before' },
  ])
  const { chart, happened } = await alertContext(store, finding({}), NOW)
  expect(happened).toEqual([{ at: before(4), text: 'deployment: shop, version 1.4.0 to 1.5.0' }])
  expect(chart).toMatchObject({ label: '95th percentile', unit: 'ms', window: { from: before(60), to: NOW } })
  const known = chart!.values.filter((value) => value !== null)
  expect(chart!.values).toHaveLength(30)
  expect(known).toHaveLength(3)
  expect(chart!.values.indexOf(known[2]!)).toBeGreaterThan(27)
  expect(known[2]! / known[0]!).toBeCloseTo(20, -1)

  const failing = await alertContext(store, finding({ checkId: 'failing-route' }), NOW)
  expect(failing.chart).toMatchObject({ label: 'failed', unit: 'ratio' })
  expect(failing.chart!.values.findLast((value) => value !== null)).toBe(0.5)
})

test('deliveries that fail, and errors of a whole application, are shown by their share', async () => {
  const at = before(10)
  const operations = [
    operation({ kind: 'metric', name: 'message.delivery', labels: 'channel=sms', errors: 3 }, [5, 5, 5, 5]),
    operation({ kind: 'request', name: 'GET /other', errors: 4 }, [5, 5, 5, 5]),
  ]
  await store.saveReport('mail', report(at, { operations, slowQueries: [], repeats: [] }), at)
  await store.saveReport('mail', report(before(8), { operations, slowQueries: [], repeats: [] }), before(8))
  const chartOf = async (checkId: string, subject: OpenFinding['subject']) =>
    (await alertContext(store, finding({ targetId: 'mail', checkId, subject }), NOW)).chart
  const sms = { kind: 'metric', application: 'shop', name: 'message.delivery channel=sms' } as const
  expect((await chartOf('delivery-rate', sms))!.values.filter((value) => value !== null)).toEqual([
    0.75, 0.75,
  ])
  expect(await chartOf('delivery-latency', sms)).toMatchObject({ label: '95th percentile', unit: 'ms' })
  const errors = await chartOf('error-rate', { kind: 'application', name: 'shop' })
  expect(errors).toMatchObject({ label: 'failed', unit: 'ratio' })
  expect(errors!.values.filter((value) => value !== null)).toEqual([1, 1])
})

test('a check whose value is a series shows that', async () => {
  for (const [minutes, idle] of [
    [20, 1],
    [10, 4],
  ] as const) {
    const row = { idleInTransaction: idle } as never
    const reading = { status: 'rows' as const, rows: [row], at: before(minutes), tookMs: 1 }
    await store.saveSnapshot(snapshotOf('shop', before(minutes), { [connections.id]: reading }), [
      connections,
    ])
  }
  const { chart } = await alertContext(
    store,
    finding({ checkId: 'idle-in-transaction', subject: { kind: 'server' } }),
    NOW,
  )
  expect(chart).toMatchObject({ label: 'sessions idle in transaction', unit: 'count' })
  expect(chart!.values.filter((value) => value !== null)).toEqual([1, 4])
})

test('where nothing is known there is no chart, and no error', async () => {
  for (const subject of [
    { kind: 'route', application: 'shop', name: 'GET /never' },
    { kind: 'query', database: 'shop', queryId: '17' },
    { kind: 'setting', name: 'work_mem' },
  ] as const)
    expect(await alertContext(store, finding({ targetId: 'empty', subject }), NOW)).toEqual({
      chart: null,
      happened: [],
    })
})
