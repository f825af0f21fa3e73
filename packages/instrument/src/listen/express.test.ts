import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import express from 'express'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startRecording, stopRecording } from '../../test/recording.ts'
import { until } from '../../test/until.ts'
import type { Recorder } from '../record/recorder.ts'
import { currentRequest } from '../record/request-context.ts'
import { expressMiddleware } from './express.ts'

let recorder: Recorder
let server: Server
let url: string

beforeEach(() => {
  recorder = startRecording()
})
afterEach(async () => {
  stopRecording()
  server.close()
  server.closeAllConnections()
})

async function serve(app: ReturnType<typeof express>): Promise<void> {
  server = createServer(app)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** `GET /a 200`, in the order of requests, once there are `count`. */
async function seen(count: number): Promise<readonly string[]> {
  const lines: string[] = []
  await until(`${count} requests`, () => {
    for (const { method, route, statusCode, duration } of recorder.drain(Date.now()).requests)
      for (let i = 0; i < duration.count; i++) lines.push(`${method} ${route} ${statusCode}`)
    return lines.length >= count
  })
  return lines
}

const get = async (path: string, init?: RequestInit) => {
  const response = await fetch(url + path, init)
  await response.arrayBuffer()
}

describe('the route of a request', () => {
  const cases: readonly [string, (app: ReturnType<typeof express>) => void, string, string][] = [
    [
      'is what was declared',
      (app) => app.get('/members/:id', (_, res) => res.end()),
      '/members/7?x=1',
      'GET /members/:id 200',
    ],
    ['is / at the root', (app) => app.get('/', (_, res) => res.end()), '/', 'GET / 200'],
    ['is null where none matched', () => {}, '/nothing', 'GET null 404'],
    ['is null for what a middleware answers', (app) => app.use((_, res) => res.end()), '/x', 'GET null 200'],
    [
      'goes through routers with their parameters, not the values',
      (app) => {
        const members = express.Router()
        members.get('/members/:id', (_, res) => res.end())
        const tenants = express.Router()
        tenants.use('/:tenant', members)
        app.use('/tenants', tenants)
      },
      '/tenants/acme/members/7',
      'GET /tenants/:tenant/members/:id 200',
    ],
    [
      "is a router's own path at its root",
      (app) => {
        const members = express.Router()
        members.get('/', (_, res) => res.end())
        app.use('/members', members)
      },
      '/members',
      'GET /members 200',
    ],
    [
      'is whole after an error in a router that an outer handler answers',
      (app) => {
        const members = express.Router()
        members.get('/:id', () => {
          throw new Error('broken')
        })
        app.use('/members', members)
        app.use(((_error, _req, res, _next) => {
          res.status(500).end()
        }) as express.ErrorRequestHandler)
      },
      '/members/7',
      'GET /members/:id 500',
    ],
    [
      'is whole after a rejection that nobody handles',
      (app) => {
        app.set('env', 'test')
        const members = express.Router()
        members.get('/:id', async () => {
          throw new Error('broken')
        })
        app.use('/members', members)
      },
      '/members/7',
      'GET /members/:id 500',
    ],
    [
      'goes through mounted applications',
      (app) => {
        const inner = express()
        inner.get('/reports/:id', (_, res) => res.end())
        app.use('/admin', inner)
      },
      '/admin/reports/1',
      'GET /admin/reports/:id 200',
    ],
    [
      'is the one of the mount that was asked, where a router is mounted twice',
      (app) => {
        const list = express.Router()
        list.get('/list', (_, res) => res.end())
        app.use('/a', list)
        app.use('/b/:id', list)
      },
      '/b/7/list',
      'GET /b/:id/list 200',
    ],
    [
      'is the source of a regular expression',
      (app) => app.get(/^\/files\/(.*)$/, (_, res) => res.end()),
      '/files/a/b',
      'GET ^\\/files\\/(.*)$ 200',
    ],
    [
      'is known for routes declared after the start',
      (app) =>
        app.use('/late', (req, res, next) => {
          const late = express.Router()
          late.get('/:x', (_, r) => r.end())
          late(req, res, next)
        }),
      '/late/1234',
      'GET /late/:x 200',
    ],
  ]
  test.each(cases)('%s', async (_, declare, path, expected) => {
    const app = express()
    app.use(expressMiddleware())
    declare(app)
    await serve(app)
    await get(path)
    expect(await seen(1)).toEqual([expected])
  })

  test('has an id in it taken out where the routers cannot be walked', async () => {
    const app = express()
    app.use(expressMiddleware())
    app.use('/orders/:order', (req, res, next) => {
      const late = express.Router()
      late.get('/items', (_, r) => r.end())
      late(req, res, next)
    })
    await serve(app)
    await get('/orders/4711/items')
    await get('/orders/7f1a2b3c-1111-2222-3333-444455556666/items')
    expect(await seen(2)).toEqual(['GET /orders/:id/items 200', 'GET /orders/:id/items 200'])
  })
})

test('HEAD, OPTIONS, redirects, streams and many requests on one connection count once each', async () => {
  const app = express()
  app.use(expressMiddleware())
  app.get('/page', (_, res) => res.send('x'))
  app.get('/old', (_, res) => res.redirect('/page'))
  app.get('/stream', (_, res) => {
    res.write('a')
    setImmediate(() => res.end('b'))
  })
  await serve(app)
  await get('/page', { method: 'HEAD' })
  await get('/page', { method: 'OPTIONS' })
  await get('/old', { redirect: 'manual' })
  await get('/stream')
  for (let i = 0; i < 20; i++) await get('/page')
  expect((await seen(24)).toSorted()).toEqual(
    [
      'GET /old 302',
      'GET /stream 200',
      'HEAD /page 200',
      'OPTIONS null 200',
      ...Array(20).fill('GET /page 200'),
    ].toSorted(),
  )
})

test('a request whose client goes away counts, without a status if none was sent', async () => {
  const app = express()
  app.use(expressMiddleware())
  let arrived = 0
  app.get('/slow', () => {
    arrived++
  })
  app.get('/half', (_, res) => {
    arrived++
    res.write('half')
  })
  await serve(app)
  for (const path of ['/slow', '/half']) {
    const before = arrived
    const client = request(url + path)
    client.on('error', () => {})
    client.end()
    await until('arrived', () => arrived > before)
    client.destroy()
  }
  expect((await seen(2)).toSorted()).toEqual(['GET /half 200', 'GET /slow 0'])
})

test('what runs for a request knows it: after a body was read, in timers, and side by side', async () => {
  const app = express()
  app.use(expressMiddleware())
  app.use(express.json())
  const wrong: string[] = []
  app.post('/echo/:id', async (req, res) => {
    const own = currentRequest()
    await new Promise((resolve) => setTimeout(resolve, Number(req.body.wait)))
    if (own === null || currentRequest() !== own) wrong.push('handler')
    res.end()
  })
  app.post('/raw', (req, res) => {
    const own = currentRequest()
    req.on('data', () => {})
    req.on('end', () => {
      if (own === null || currentRequest() !== own) wrong.push('end of a raw body')
      res.end()
    })
  })
  await serve(app)
  await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      get(`/echo/${i}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ wait: i % 5, fill: 'x'.repeat(50_000) }),
      }),
    ),
  )
  await Promise.all(
    Array.from({ length: 5 }, () => get('/raw', { method: 'POST', body: 'y'.repeat(200_000) })),
  )
  await seen(25)
  expect(wrong).toEqual([])
})

test('takes the trace id of the caller, and makes one where there is none or a bad one', async () => {
  const app = express()
  app.use(expressMiddleware())
  const ids: (string | undefined)[] = []
  app.get('/', (_, res) => {
    ids.push(currentRequest()?.traceId)
    res.end()
  })
  await serve(app)
  await get('/', { headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } })
  await get('/', { headers: { traceparent: 'rubbish' } })
  await get('/')
  expect(ids[0]).toBe('a'.repeat(32))
  expect(ids[1]).toMatch(/^[0-9a-f]{32}$/)
  expect(ids[2]).toMatch(/^[0-9a-f]{32}$/)
  expect(ids[1]).not.toBe(ids[2])
})

test('does nothing without a recorder', async () => {
  stopRecording()
  const app = express()
  app.use(expressMiddleware())
  app.get('/', (_, res) => res.end(String(currentRequest())))
  await serve(app)
  expect(await (await fetch(url)).text()).toBe('null')
})

test('garbage on the connection does not disturb the rest', async () => {
  const app = express()
  app.use(expressMiddleware())
  app.get('/', (_, res) => res.end())
  await serve(app)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.resume()
  socket.end('GET / HTTP/9.9\r\nrubbish\r\n\r\n')
  await once(socket, 'close')
  await get('/')
  expect(await seen(1)).toEqual(['GET / 200'])
})
