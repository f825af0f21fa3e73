// A watcher with a real store: what the store tells is judged whatever the target does, what is urgent between whole rounds.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createDatabase, type TestDatabase } from '../../test/postgres/database.ts'
import { Collector } from '../collect/collector.ts'
import { connections } from '../facts/connections.ts'
import { databases } from '../facts/databases.ts'
import { type AnyCheck, defineCheck } from '../model/check.ts'
import { defineStoredFact } from '../model/fact.ts'
import { openSession } from '../postgres/connect.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { LeaseKeeper } from './lease-keeper.ts'
import type { Ticked } from './loop.ts'
import { Watcher } from './watcher.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-watcher-'))
let store: Store
let database: TestDatabase
beforeAll(async () => {
  store = await openStore({ dir })
  database = await createDatabase()
})
afterAll(async () => {
  await store.close()
  await database.drop()
  rmSync(dir, { recursive: true, force: true })
})

const told = defineStoredFact({ id: 'told', title: '', read: async () => 7 })
const onTold = defineCheck({
  id: 'on-told',
  area: 'availability',
  title: '',
  needs: { told },
  options: z.object({}),
  run: ({ told }) => [
    { subject: { kind: 'server' }, severity: 'critical', summary: `${told}`, evidence: [] },
  ],
})
const onConnections = defineCheck({
  id: 'on-connections',
  area: 'capacity',
  title: '',
  needs: { connections },
  options: z.object({}),
  run: ({ connections }) => [
    { subject: { kind: 'server' }, severity: 'warning', summary: `${connections.length}`, evidence: [] },
  ],
})

let targets = 0
function watch(url: string, everyMs: number, checks: readonly AnyCheck[]) {
  const targetId = `shop-${++targets}`
  const target = { id: targetId, url, labels: {} }
  const collector = new Collector({
    target,
    facts: [databases, connections],
    open: () => openSession(url),
    intervalMs: 600_000,
    everyMs,
  })
  const ticks: Ticked[] = []
  const rounds = { stored: 0, target: 0 }
  const watcher = new Watcher({
    target,
    loop: {
      targetId,
      collector,
      store,
      keepTexts: async () => undefined,
      checks: checks.map((check) => ({
        ...check,
        run: (...of: Parameters<AnyCheck['run']>) => {
          rounds[check.id === 'on-told' ? 'stored' : 'target'] += 1
          return check.run(...of)
        },
      })),
      options: new Map(),
      notify: async () => undefined,
    },
    everyMs,
    leases: new LeaseKeeper({ store, holder: 'test', targetIds: [targetId] }),
    onTick: (ticked) => ticks.push(ticked),
  })
  onTestFinished(() => watcher.stop())
  const findings = async () =>
    (await store.findings({ targetId })).map(({ checkId, state }) => [checkId, state])
  watcher.start()
  return { watcher, ticks, rounds, findings }
}

test('what the store alone tells is judged again and again while the target takes connections and says nothing', async () => {
  const sockets = new Set<Socket>()
  const silent = await new Promise<Server>((resolve) => {
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }).listen(0, '127.0.0.1', () => resolve(server))
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { port } = silent.address() as { port: number }
  const { watcher, ticks, rounds, findings } = watch(`postgres://u@127.0.0.1:${port}/shop`, 200, [
    onTold,
    onConnections,
  ])
  await expect.poll(() => rounds.stored, { timeout: 20_000 }).toBeGreaterThan(2)
  expect(await findings()).toEqual([['on-told', 'open']])
  expect(sockets.size).toBeGreaterThan(0)
  expect(watcher.isOurs).toBe(true)
  expect([ticks.length, rounds.target]).toEqual([0, 0])
  for (const socket of sockets) socket.destroy()
})

test('each check is judged where its facts come from: by what was read, or by the store alone', async () => {
  const { ticks, rounds, findings } = watch(database.monitorUrl, 200, [onTold, onConnections])
  await expect.poll(() => Math.min(rounds.stored, ticks.length), { timeout: 20_000 }).toBeGreaterThan(3)
  expect(new Set(ticks.flatMap(({ outcomes }) => outcomes.map(({ checkId }) => checkId)))).toEqual(
    new Set(['on-connections']),
  )
  expect(await findings()).toEqual(
    expect.arrayContaining([
      ['on-told', 'open'],
      ['on-connections', 'open'],
    ]),
  )
})
