import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../test/postgres/database.ts'
import { type Job, startJobs } from './jobs.ts'
import { openStore, type StoreLocation } from './open-store.ts'

let database: TestDatabase
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-jobs-'))
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(async () => {
  await database.drop()
  rmSync(dir, { recursive: true, force: true })
})

/** Ten seconds of silence is the shortest that pg-boss takes. */
const QUICK = { pollMs: 1_000, silenceMs: 10_000, superviseMs: 1_000 }

async function until(condition: () => boolean, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it did not come about in time')
    await wait(20)
  }
}

describe.each([
  ['embedded', (): StoreLocation => ({ dir })],
  ['server', (): StoreLocation => ({ url: database.url })],
] as const)('jobs in the %s store', (_, location) => {
  test('a requested job runs once, for the target it was requested for', async () => {
    const store = await openStore(location())
    const ran: (string | null)[] = []
    const errors: Error[] = []
    const report: Job = {
      id: 'report',
      run: async ({ targetId }) => {
        // the store is asked while pg-boss holds the job: one connection is enough for both
        await store.sizeBytes()
        ran.push(targetId)
      },
    }
    const jobs = await startJobs(store.database, [report], {
      ...QUICK,
      onError: (error) => errors.push(error),
    })
    expect(await jobs.request('report', 'shop')).toBe(true)
    await until(() => ran.length > 0, 10_000)
    await jobs.stop()
    const again = await startJobs(store.database, [report], QUICK)
    expect(await again.request('report')).toBe(true)
    await until(() => ran.length > 1, 10_000)
    await again.stop()
    await store.close()
    expect(ran).toEqual(['shop', null])
    expect(errors).toEqual([])
  })

  test('a second request waits for the first, a third is one too many; other targets do not wait', async () => {
    const store = await openStore(location())
    let release: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const started: (string | null)[] = []
    let running = 0
    let mostAtOnce = 0
    const slow: Job = {
      id: 'slow',
      run: async ({ targetId }) => {
        started.push(targetId)
        mostAtOnce = Math.max(mostAtOnce, ++running)
        await gate
        running--
      },
    }
    const jobs = await startJobs(store.database, [slow], QUICK)
    expect(await jobs.request('slow', 'shop')).toBe(true)
    await until(() => started.length === 1, 10_000)
    expect(await jobs.request('slow', 'shop')).toBe(true)
    expect(await jobs.request('slow', 'shop')).toBe(false)
    expect(await jobs.request('slow', 'other')).toBe(true)
    release()
    await until(() => started.length === 3, 15_000)
    await jobs.stop()
    await store.close()
    expect(mostAtOnce).toBe(1)
    expect([...started].sort()).toEqual(['other', 'shop', 'shop'])
  })

  test('a job that was not finished is tried again after the store was opened anew', async () => {
    const first = await openStore(location())
    let hasBegun = false
    const forever: Job = {
      id: 'unfinished',
      run: () => {
        hasBegun = true
        return new Promise(() => undefined)
      },
    }
    const jobs = await startJobs(first.database, [forever], QUICK)
    await jobs.request('unfinished', 'shop')
    await until(() => hasBegun, 10_000)
    // as a kill would leave it: claimed, and nobody hears of it again
    const [claimed] = await first.database.query<{ state: string }>(
      "select j.state::text as state from pgsteward_jobs.job j where j.name = 'unfinished'",
    )
    expect(claimed?.state).toBe('active')
    await first.close()

    const second = await openStore(location())
    const ran: (string | null)[] = []
    const again = await startJobs(
      second.database,
      [
        {
          id: 'unfinished',
          run: async ({ targetId }) => {
            ran.push(targetId)
          },
        },
      ],
      QUICK,
    )
    await until(() => ran.length > 0, 60_000)
    await again.stop()
    await second.close()
    expect(ran).toEqual(['shop'])
  })

  test('a job is scheduled by its cron, and no longer when it has none', async () => {
    const store = await openStore(location())
    const schedules = () =>
      store.database.query("select s.name, s.cron from pgsteward_jobs.schedule s where s.name = 'retention'")
    const retention: Job = { id: 'retention', cron: '7 * * * *', run: async () => undefined }
    const jobs = await startJobs(store.database, [retention], QUICK)
    expect(await schedules()).toEqual([{ name: 'retention', cron: '7 * * * *' }])
    await jobs.stop()
    const { cron: _, ...onRequest } = retention
    const without = await startJobs(store.database, [onRequest], QUICK)
    expect(await schedules()).toEqual([])
    await without.stop()
    await store.close()
  })
})
