import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { currentInstrument, startInstrument } from '../start.ts'
import { debugRoutes } from './debug-routes.ts'

const servers: Server[] = []
afterEach(async () => {
  await currentInstrument()?.stop()
  for (const server of servers.splice(0)) server.close()
})

async function serve(listener: (...args: never[]) => unknown): Promise<string> {
  const server = createServer(listener as Parameters<typeof createServer>[1]).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('Express: report and numbers, the rest goes on', async () => {
  startInstrument({ service: 'debugged' })
  const app = express()
  app.use(debugRoutes().express)
  app.get('/other', (_, res) => {
    res.send('other')
  })
  const url = await serve(app)
  const report = await (await fetch(`${url}/api/debug/slow-queries?x=1`)).json()
  expect(report).toMatchObject({ statements: [], thresholds: { slowQueryMs: 500 } })
  const numbers = await (await fetch(`${url}/api/debug/slow-queries/metrics`)).json()
  expect(numbers).toMatchObject({ calls: 0, diagnostics: { service: 'debugged', endpoint: null } })
  expect(await (await fetch(`${url}/other`)).text()).toBe('other')
  expect((await fetch(`${url}/api/debug/slow-queries`, { method: 'POST' })).status).toBe(404)
})

test('Fastify: the same as a plugin, with a token and another path', async () => {
  startInstrument()
  const app = fastify()
  await app.register(debugRoutes({ token: 't', path: '/internal/slow' }).fastify)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  try {
    expect((await fetch(`${url}/internal/slow`)).status).toBe(401)
    const response = await fetch(`${url}/internal/slow`, { headers: { authorization: 'Bearer t' } })
    expect(response.status).toBe(200)
    expect(await response.json()).toHaveProperty('statements')
  } finally {
    await app.close()
  }
})

test('503 with a word where nothing was started, 403 behind a proxy', async () => {
  const routes = debugRoutes()
  const url = await serve((request: never, response: never) => routes.handle(request, response))
  const response = await fetch(`${url}/api/debug/slow-queries`)
  expect(response.status).toBe(503)
  expect(await response.text()).toContain('startInstrument')
  const headers = { 'x-forwarded-for': '10.0.0.1' }
  expect((await fetch(`${url}/api/debug/slow-queries`, { headers })).status).toBe(403)
})
