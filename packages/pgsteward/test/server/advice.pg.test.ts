// Advice over the API: asked for, sought in a process of its own over what the statements' history has, and written as a script.

import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { z } from 'zod'
import type { Steward } from '../../src/app/steward.ts'
import {
  adviceScriptWire,
  adviceWire,
  errorWire,
  indexEffectsWire,
  slowStatementWire,
  statementDetailWire,
  tableWire,
} from '../../src/model/wire.ts'
import type { TestDatabase } from '../postgres/database.ts'
import { type ParcelService, startParcelService } from './parcel-service.ts'

// it seeks at the lowest priority, after all other tests that run at the same time
const LONG_MS = 300_000
const PATIENCE = { timeout: 180_000, interval: 200 }
let service: ParcelService
let database: TestDatabase
let steward: Steward
let server: FastifyInstance

beforeAll(async () => {
  service = await startParcelService({ searchFor: '2m', dashboardDir: null })
  ;({ database, steward, server } = service)
})

afterAll(() => service?.stop())

async function get<T extends z.ZodType>(schema: T, url: string): Promise<z.output<T>> {
  const response = await server.inject(url)
  expect(response.statusCode, `${url}: ${response.body}`).toBe(200)
  return schema.parse(response.json())
}

const ask = async (target: string) =>
  adviceWire.parse((await server.inject({ method: 'POST', url: `/api/v1/targets/${target}/advice` })).json())

test('before the first run it says never, and why', async () => {
  expect(await get(adviceWire, '/api/v1/targets/shop/advice')).toMatchObject({
    status: 'never',
    because: expect.stringContaining('advise.enabled'),
    report: null,
  })
  expect(await get(adviceScriptWire, '/api/v1/targets/shop/advice/script')).toEqual({ files: [] })
  expect(await get(indexEffectsWire, '/api/v1/targets/shop/index-effects')).toEqual({ effects: [] })
})

test(
  'asked for, it is sought over the history, and answers while it runs',
  async () => {
    let isBusy = true
    const traffic = (async () => {
      while (isBusy)
        await database.query('select id, note from parcel where shop_id = 7 order by sent_at desc limit 10')
    })()
    try {
      await vi.waitFor(async () => {
        const window = { from: new Date(0), to: new Date() }
        expect((await steward.store.statementSums('shop', window)).seconds).toBeGreaterThan(2)
        const known = await get(slowStatementWire.array(), '/api/v1/targets/shop/statements')
        expect(known.map(({ text }) => text)).toContainEqual(expect.stringContaining('from parcel where'))
      }, PATIENCE)
    } finally {
      isBusy = false
      await traffic
    }
    const asked = await ask('shop')
    expect(asked).toMatchObject({ status: 'running', report: null })
    expect(asked.progress).not.toBe(null)
    // asked again, nothing is added
    expect(await ask('shop')).toMatchObject({ status: 'running' })
    const done = await vi.waitFor(async () => {
      const now = await get(adviceWire, '/api/v1/targets/shop/advice')
      expect(now.status).not.toBe('running')
      return now
    }, PATIENCE)
    expect(done).toMatchObject({
      because: null,
      status: 'done',
      workload: { source: 'history' },
      progress: null,
    })
    const [index] = done.report!.indexes
    expect(index).toMatchObject({ table: 'parcel', definition: expect.stringMatching(/^\(shop_id/) })

    const script = await get(adviceScriptWire, `/api/v1/targets/shop/advice/script?index=${index!.name}`)
    expect(script.files).toHaveLength(1)
    expect(script.files[0]!.text).toContain(
      `create index concurrently if not exists ${index!.name} on public.parcel ${index!.definition};`,
    )
    const migrations = await get(adviceScriptWire, '/api/v1/targets/shop/advice/script?format=prisma')
    expect(migrations.files.map(({ path }) => path)).toEqual([
      expect.stringMatching(/^\d{14}_add_index_.*\/migration\.sql$/),
    ])
    expect(migrations.files[0]!.text).toContain(`create index concurrently if not exists ${index!.name}`)
    const queryId = index!.statements[0]!.id
    const detail = await get(statementDetailWire, `/api/v1/targets/shop/statements/${queryId}`)
    expect(detail.advice).toMatchObject([{ name: index!.name }])
    const tables = await get(tableWire.array(), '/api/v1/targets/shop/tables')
    expect(tables.find(({ name }) => name === 'parcel')?.advised).toMatchObject([{ name: index!.name }])
  },
  LONG_MS,
)

test('an index that is not advised has no script', async () => {
  const response = await server.inject('/api/v1/targets/shop/advice/script?index=nothing')
  expect(response.statusCode).toBe(404)
  expect(errorWire.parse(response.json()).error.message).toContain('nothing')
})

test(
  'a target that is down fails in words, without its password, and harms nobody',
  async () => {
    expect(await ask('away')).toMatchObject({ status: 'running' })
    const failed = await vi.waitFor(async () => {
      const response = await server.inject('/api/v1/targets/away/advice')
      expect(response.body).not.toContain('a-secret')
      const now = adviceWire.parse(response.json())
      expect(now.status).toBe('failed')
      return now
    }, PATIENCE)
    expect(failed.because).toContain('refused')
    expect(await get(adviceWire, '/api/v1/targets/shop/advice')).toMatchObject({ status: 'done' })
  },
  LONG_MS,
)

test('what runs when pgsteward stops is ended, and told as such', async () => {
  await ask('shop')
  await steward.advice.stop()
  const { latest, done } = await steward.store.advice('shop')
  expect(latest).toMatchObject({ status: 'failed', because: expect.stringContaining('stopped') })
  expect(done?.report?.indexes).not.toHaveLength(0)
})
