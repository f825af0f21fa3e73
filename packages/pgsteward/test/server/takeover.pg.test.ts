// Two processes share a history (O6): each target is read by one of them, and one that was killed is missed soon.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const SOON = { timeout: 60_000, interval: 100 }
let dir: string
let shops: readonly TestDatabase[]
let history: TestDatabase
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-takeover-'))
  shops = [await createDatabase(), await createDatabase()]
  history = await createDatabase()
})
afterAll(async () => {
  for (const each of [...shops, history]) await each.drop()
  rmSync(dir, { recursive: true, force: true })
})

async function startSteward(cadence: string): Promise<{ steward: Steward; stop: () => Promise<void> }> {
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: {
      targets: shops.map(({ monitorUrl }, place) => ({ id: `shop-${place}`, url: monitorUrl })),
      collect: { every: cadence },
    },
  })
  const steward = new Steward(config, await openStore({ url: history.url }))
  let ended: Promise<void> | undefined
  const stop = () => {
    ended ??= steward.stop()
    return ended
  }
  onTestFinished(stop)
  steward.start()
  return { steward, stop }
}

const statesOf = (steward: Steward) =>
  steward.watchers.map(({ isOurs, state }) => ({ isOurs, rounds: state.rounds, because: state.because }))

test('what a killed process watched is read by another once its lease has run out, though its round is far', async () => {
  const dead = await openStore({ url: history.url })
  // it renewed its leases, and was killed
  await dead.lease(['shop-0', 'shop-1'], 'killed', 15_000)
  await dead.close()
  const { steward } = await startSteward('10m')
  const others = 'another pgsteward process watches this target'
  await vi.waitFor(
    () => expect(statesOf(steward)).toEqual(shops.map(() => ({ isOurs: false, rounds: 0, because: others }))),
    SOON,
  )
  await vi.waitFor(() => {
    expect(statesOf(steward)).toMatchObject(shops.map(() => ({ isOurs: true, because: null })))
    expect(steward.watchers.map(({ state }) => state.rounds).every((rounds) => rounds > 0)).toBe(true)
    expect(shops.map((_, place) => steward.activity(`shop-${place}`)?.state.status)).toEqual([
      'sampling',
      'sampling',
    ])
  }, SOON)
})

test('a process that ends gives its targets back, and no target is read by two', async () => {
  const { steward: first, stop } = await startSteward('1s')
  await vi.waitFor(() => expect(statesOf(first).every(({ rounds }) => rounds > 1)).toBe(true), SOON)
  const { steward: second } = await startSteward('1s')
  await vi.waitFor(() => expect(statesOf(second).every(({ because }) => because !== null)).toBe(true), SOON)
  const before = statesOf(first).map(({ rounds }) => rounds)
  await vi.waitFor(
    () => expect(statesOf(first).every(({ rounds }, place) => rounds > before[place]! + 2)).toBe(true),
    SOON,
  )
  expect(statesOf(second)).toMatchObject(shops.map(() => ({ isOurs: false, rounds: 0 })))
  await stop()
  await vi.waitFor(
    () => expect(statesOf(second).every(({ isOurs, rounds }) => isOurs && rounds > 0)).toBe(true),
    SOON,
  )
})
