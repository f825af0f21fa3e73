import { request } from 'node:http'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startRecording, stopRecording } from '../../test/recording.ts'
import { until } from '../../test/until.ts'
import type { Recorder } from '../record/recorder.ts'
import { currentRequest } from '../record/request-context.ts'
import { fastifyPlugin } from './fastify.ts'

let recorder: Recorder
let app: FastifyInstance

beforeEach(async () => {
  recorder = startRecording()
  app = fastify()
  await app.register(fastifyPlugin)
})
afterEach(async () => {
  stopRecording()
  await app.close()
})

async function seen(count: number): Promise<readonly string[]> {
  const lines: string[] = []
  await until(`${count} requests`, () => {
    for (const { method, route, statusCode, duration } of recorder.drain(Date.now()).requests)
      for (let i = 0; i < duration.count; i++) lines.push(`${method} ${route} ${statusCode}`)
    return lines.length >= count
  })
  return lines.toSorted()
}

describe('the route of a request', () => {
  test('is what was declared, with the prefixes of plugins; null where none matched', async () => {
    app.get('/', async () => 'x')
    app.get('/members/:id', async () => 'x')
    await app.register(
      async (inner) => {
        inner.get('/reports/:id', async () => 'x')
        inner.get('/broken/:id', async () => {
          throw new Error('broken')
        })
      },
      { prefix: '/tenants/:tenant' },
    )
    for (const url of [
      '/',
      '/members/7?x=1',
      '/tenants/acme/reports/1',
      '/tenants/acme/broken/1',
      '/nothing',
    ])
      await app.inject(url)
    await app.inject({ method: 'HEAD', url: '/members/8' })
    expect(await seen(6)).toEqual([
      'GET / 200',
      'GET /members/:id 200',
      'GET /tenants/:tenant/broken/:id 500',
      'GET /tenants/:tenant/reports/:id 200',
      'GET null 404',
      'HEAD /members/:id 200',
    ])
  })
})

test('over a real connection: a client that goes away counts, without a status if none was sent', async () => {
  let arrived = 0
  app.get('/slow', () => {
    arrived++
    return new Promise(() => {})
  })
  app.get('/fine', async () => 'x')
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const client = request(`${url}/slow`)
  client.on('error', () => {})
  client.end()
  await until('arrived', () => arrived === 1)
  client.destroy()
  await fetch(`${url}/fine`)
  expect(await seen(2)).toEqual(['GET /fine 200', 'GET /slow 0'])
})

test('what runs for a request knows it: hooks, handlers, after a body was read, side by side', async () => {
  const wrong: string[] = []
  app.addHook('preHandler', async () => {
    if (currentRequest() === null) wrong.push('preHandler')
  })
  app.post<{ Body: { wait: number } }>('/echo', async ({ body }) => {
    const own = currentRequest()
    await new Promise((resolve) => setTimeout(resolve, body.wait))
    if (own === null || own !== currentRequest()) wrong.push('handler')
    return 'x'
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      const response = await fetch(`${url}/echo`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ wait: i % 5, fill: 'x'.repeat(50_000) }),
      })
      await response.text()
    }),
  )
  expect(await seen(20)).toEqual(Array(20).fill('POST /echo 200'))
  expect(wrong).toEqual([])
})

test('does nothing without a recorder', async () => {
  stopRecording()
  app.get('/', async () => String(currentRequest()))
  expect((await app.inject('/')).body).toBe('null')
})
