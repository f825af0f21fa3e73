import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/postgres/database.ts'
import { openSession } from '../../postgres/connect.ts'
import { openStore } from '../../store/open-store.ts'
import type { OpenedStore } from '../../store/postgres-store.ts'
import { ActivityWatch, type ActivityWatchOptions } from './activity-watch.ts'

const SOON = { timeout: 30_000, interval: 50 }
let database: TestDatabase
let store: OpenedStore
let targets = 0

beforeAll(async () => {
  database = await createDatabase()
  store = await openStore({ url: database.url })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

const watchOf = (over: Partial<ActivityWatchOptions> = {}) =>
  new ActivityWatch({
    targetId: `watched-${++targets}`,
    open: () => openSession(database.monitorUrl, { purpose: 'activity' }),
    store,
    enabled: true,
    everyMs: 50,
    isOurs: () => true,
    restUntil: () => null,
    ...over,
  })

const ownSessions = () =>
  database.query(
    `select pid from pg_stat_activity where application_name = 'pgsteward activity' and datname = current_database()`,
  )

test('a target that may sleep is left alone, with no session open, and sampled again when it is awake', async () => {
  let until: Date | null = null
  const watch = watchOf({ restUntil: () => until })
  watch.start()
  await expect.poll(() => watch.state.status, SOON).toBe('sampling')
  until = new Date(Date.now() + 3_600_000)
  await expect.poll(() => watch.state, SOON).toMatchObject({ status: 'resting', because: expect.any(String) })
  await expect.poll(ownSessions, SOON).toEqual([])
  const { samples } = watch.state
  expect(watch.live(new Date())).toBe(null)
  until = null
  await expect.poll(() => watch.state.samples, SOON).toBeGreaterThan(samples + 2)
  await watch.stop()
})

test('a target that another process watches is not sampled', async () => {
  let isOurs = false
  const watch = watchOf({ isOurs: () => isOurs })
  watch.start()
  await expect.poll(() => watch.state.because, SOON).toMatch(/not watched by this process/)
  expect(await ownSessions()).toEqual([])
  isOurs = true
  await expect.poll(() => watch.state.status, SOON).toBe('sampling')
  await watch.stop()
})

test('a store that fails stops no sample, and gets what it missed later', async () => {
  let isAway = true
  const failing = new Proxy(store, {
    get: (target, name: keyof OpenedStore) =>
      name === 'saveActivity' && isAway ? () => Promise.reject(new Error('the store is away')) : target[name],
  })
  const watch = watchOf({ store: failing })
  watch.start()
  await expect.poll(() => watch.state.samples, SOON).toBeGreaterThan(20)
  isAway = false
  await watch.stop()
  const window = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 60_000) }
  const { samples } = await store.activityGroups(`watched-${targets}`, window)
  expect(samples).toBeGreaterThan(0.5)
})

test('a target out of reach is told, tried again, and stops at once when asked to', async () => {
  const open = vi.fn(() => openSession('postgres://nobody@127.0.0.1:1/none'))
  const watch = watchOf({ open })
  watch.start()
  await expect
    .poll(() => watch.state, SOON)
    .toMatchObject({ status: 'down', because: expect.stringContaining('refused') })
  await expect.poll(() => open.mock.calls.length, SOON).toBeGreaterThan(1)
  await watch.stop()
})

test('switched off it says so and opens nothing', async () => {
  const open = vi.fn(() => openSession(database.monitorUrl))
  const watch = watchOf({ enabled: false, open })
  watch.start()
  expect(watch.state).toMatchObject({ status: 'off', because: expect.stringContaining('activity.enabled') })
  await watch.stop()
  expect(open).not.toHaveBeenCalled()
})
