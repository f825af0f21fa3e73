import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { watchPools } from './watch-pools.ts'

let server: Server | null = null

afterEach(() => server?.close())

async function serve(answer: (path: string, token: string | undefined) => { status: number; body: unknown }) {
  const asked: string[] = []
  server = createServer((request, response) => {
    asked.push(request.url!)
    const { status, body } = answer(request.url!, request.headers.authorization)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server!.address() as AddressInfo).port}`, asked }
}

const pool = {
  name: 'db:5432/shop',
  max: 10,
  total: 10,
  idle: 0,
  waiting: 4,
  // 95 of 100 waits below 64 ms
  wait: { zeroCount: 0, offset: 40, counts: [90, 0, 0, 0, 0, 0, 0, 10] },
}

test('L4: pools and routes from the debug route of @pgsteward/instrument', async () => {
  const { url, asked } = await serve((path) => ({
    status: 200,
    body: path.endsWith('/metrics')
      ? { pools: [pool] }
      : {
          statements: [
            { fingerprint: 'f1', route: 'GET /parcels' },
            { fingerprint: 'f2', route: null },
          ],
        },
  }))
  const watch = watchPools({ applicationUrl: url })
  await vi.waitFor(() => expect(asked).toContain('/api/debug/slow-queries/metrics'))
  const { pools, routeOf } = await watch.finish()
  expect(pools).toEqual([
    { name: 'db:5432/shop', max: 10, usedMax: 10, waitingMax: 4, waitP95Ms: expect.any(Number) },
  ])
  expect(pools[0]!.waitP95Ms).toBeGreaterThan(32)
  expect([...routeOf]).toEqual([['f1', 'GET /parcels']])
})

test('an application without the route, or one that refuses, has no pools', async () => {
  const { url } = await serve(() => ({ status: 404, body: 'not here' }))
  const watch = watchPools({ applicationUrl: url })
  expect(await watch.finish()).toEqual({ pools: [], routeOf: new Map() })
})

test('the token is sent where one is given', async () => {
  const { url, asked } = await serve((_, token) =>
    token === 'Bearer secret-token' ? { status: 200, body: { pools: [pool] } } : { status: 401, body: {} },
  )
  const watch = watchPools({ applicationUrl: url, token: 'secret-token' })
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0))
  expect((await watch.finish()).pools).toHaveLength(1)
})

test('answers of another shape, and no application at all, are no error', async () => {
  for (const body of ['<html>', {}, { pools: 'many' }, { pools: [{ name: 7 }, {}] }, null]) {
    const { url } = await serve(() => ({ status: 200, body }))
    expect((await watchPools({ applicationUrl: url }).finish()).pools).toEqual([])
    server?.close()
  }
  expect((await watchPools({ applicationUrl: 'http://127.0.0.1:9' }).finish()).pools).toEqual([])
})
