// The whole package inside a real application, on each Node that it supports, against a real PostgreSQL and a strict receiver.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeBinary } from '../../../../scripts/node-binary.ts'
import { createDatabase, type TestDatabase } from '../../../pgsteward/test/postgres/database.ts'
import { type ReceivedPoint, type Receiver, startReceiver } from '../otlp-receiver.ts'
import { generatePrismaClient, TABLES } from '../prisma-client.ts'
import { until } from '../until.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const PROGRAM = join(import.meta.dirname, 'application.js')
const FILE = 'packages/instrument/test/host/application.js'
const NODES = [
  { major: 20, binary: nodeBinary(20) },
  { major: 22, binary: nodeBinary(22) },
  { major: 24, binary: process.execPath },
]

const lines = readFileSync(PROGRAM, 'utf8').split('\n')
const lineOf = (name: string) => lines.findIndex((line) => line.endsWith(`// line: ${name}`)) + 1

let database: TestDatabase
let prismaClient: string

beforeAll(async () => {
  database = await createDatabase()
  await database.run(...TABLES)
  prismaClient = await generatePrismaClient()
})
afterAll(async () => {
  await database?.drop()
})

/** On Linux npm test installs them; elsewhere an absent one is shown as skipped. */
describe.each(NODES)('on Node $major', ({ major, binary }) => {
  const isThere = process.platform === 'linux' || existsSync(binary)
  let receiver: Receiver
  let child: ChildProcess
  let ports: { express: number; fastify: number }
  let output = ''

  beforeAll(async () => {
    if (!isThere) return
    receiver = await startReceiver()
    child = fork(PROGRAM, {
      execPath: binary,
      execArgv: [],
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        NODE_ENV: 'test',
        DATABASE_URL: database.url,
        PRISMA_CLIENT: prismaClient,
        PGSTEWARD_URL: receiver.url,
        PGSTEWARD_TOKEN: 'token-of-the-test',
        OTEL_SERVICE_NAME: 'host-test',
      },
    })
    child.stdout?.on('data', (chunk) => {
      output += chunk
    })
    child.stderr?.on('data', (chunk) => {
      output += chunk
    })
    child.once('exit', (code) => {
      if (code !== 0) output += `\nexit ${code}`
    })
    ports = await Promise.race([
      once(child, 'message').then(([message]) => message),
      once(child, 'exit').then(() => Promise.reject(new Error(output))),
    ])
  })
  afterAll(async () => {
    if (child?.connected) child.disconnect()
    if (child?.exitCode === null) await once(child, 'exit')
    await receiver?.stop()
  })

  const get = async (path: string, port = ports.express, init?: RequestInit) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
    return { status: response.status, body: await response.text() }
  }
  const points = (metric: string, wanted: Record<string, unknown>): readonly ReceivedPoint[] =>
    receiver
      .points()
      .filter(
        (point) =>
          point.metric === metric &&
          Object.entries(wanted).every(([key, value]) => point.attributes[key] === value),
      )
  const flush = async () => {
    const flushed = once(child, 'message')
    child.send('flush')
    await flushed
  }
  const point = (metric: string, wanted: Record<string, unknown>) =>
    until(`${metric} ${JSON.stringify(wanted)}`, async () => {
      await flush()
      return points(metric, wanted)[0]
    })
  const event = (name: string, wanted: Record<string, unknown>) =>
    until(`${name} ${JSON.stringify(wanted)}`, async () => {
      await flush()
      return receiver
        .events()
        .find(
          (one) =>
            one.name === name &&
            Object.entries(wanted).every(([key, value]) => one.attributes[key] === value),
        )
    })
  const on = test.skipIf(!isThere)

  on('runs on the Node that it says', async () => {
    expect(major).toBeGreaterThanOrEqual(20)
    expect((await get('/health')).body).toContain('"status":"ok"')
  })

  on('pg behind Express: statement, fingerprint, caller, request, database (I1, I2)', async () => {
    await get('/api/acme/members/7')
    const { attributes } = await point('db.client.operation.duration', {
      'pgsteward.request': 'GET /api/:tenant/members/:id',
    })
    expect(attributes).toMatchObject({
      'db.system.name': 'postgresql',
      'db.namespace': database.name,
      'server.address': '127.0.0.1',
      'db.operation.name': 'SELECT',
      'db.collection.name': 'member',
      'db.query.summary': 'SELECT member',
      'code.file.path': FILE,
      'code.line.number': lineOf('pg'),
      'code.function.name': 'memberById',
    })
    expect(attributes['pgsteward.query.fingerprint']).toMatch(/^[0-9a-f]{16}$/)
    const request = await point('http.server.request.duration', {
      'http.route': '/api/:tenant/members/:id',
      'http.response.status_code': 200,
    })
    expect(request.value).toBe(1)
  })

  on(
    'a slow query is an event with text, duration, rows, caller, trace and no literal (I2, S5)',
    async () => {
      const traceId = `${major}`.padStart(32, 'c')
      await get('/api/acme/slow', ports.express, {
        headers: { traceparent: `00-${traceId}-${'d'.repeat(16)}-01` },
      })
      const slow = await event('pgsteward.slow_query', { 'pgsteward.request': 'GET /api/:tenant/slow' })
      expect(slow.traceId).toBe(traceId)
      expect(slow.severity).toBe(13)
      expect(slow.text).toContain('pg_sleep')
      expect(slow.text).not.toContain('literal-4711')
      expect(slow.attributes).toMatchObject({
        'db.response.returned_rows': 1,
        'code.file.path': FILE,
        'code.line.number': lineOf('slow'),
      })
      expect(slow.attributes['pgsteward.duration']).toBeGreaterThan(0.05)
      expect(JSON.stringify(receiver.logBodies)).not.toContain('literal-4711')
    },
  )

  on('the same statement again and again in one request is found, with its place (I5)', async () => {
    await get('/api/acme/repeated')
    const repeat = await event('pgsteward.repeated_statement', {
      'pgsteward.request': 'GET /api/:tenant/repeated',
    })
    expect(repeat.attributes).toMatchObject({
      'pgsteward.repetitions': 12,
      'code.file.path': FILE,
      'code.line.number': lineOf('pg'),
    })
  })

  on(
    'Prisma: model, action and the line that called it; the action of a raw query (I1, I2, X4)',
    async () => {
      await get('/api/acme/model/7')
      const found = await point('db.client.operation.duration', {
        'pgsteward.model': 'Member',
        'pgsteward.action': 'findFirst',
      })
      expect(found.attributes).toMatchObject({
        'pgsteward.request': 'GET /api/:tenant/model/:id',
        'code.file.path': FILE,
        'code.line.number': lineOf('findFirst'),
      })
      await get('/api/acme/model-slow')
      const slow = await event('pgsteward.slow_query', { 'pgsteward.action': '$queryRaw' })
      expect(slow.attributes['pgsteward.request']).toBe('GET /api/:tenant/model-slow')
      expect(slow.attributes).not.toHaveProperty('code.file.path')
    },
  )

  on('a loop of findUnique is found as repeated, with model and line (I5)', async () => {
    await get('/api/acme/model-repeated')
    const repeat = await event('pgsteward.repeated_statement', {
      'pgsteward.request': 'GET /api/:tenant/model-repeated',
    })
    expect(repeat.attributes).toMatchObject({
      'pgsteward.model': 'Church',
      'pgsteward.action': 'findUnique',
      'pgsteward.repetitions': 12,
      'code.line.number': lineOf('findUnique'),
    })
  })

  on('Fastify: routes and their statements, also behind a body (I1)', async () => {
    await get('/members/7', ports.fastify)
    await get('/members/8', ports.fastify, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    })
    await get('/nothing', ports.fastify)
    for (const method of ['GET', 'POST'])
      await point('db.client.operation.duration', { 'pgsteward.request': `${method} /members/:id` })
    await point('http.server.request.duration', { 'http.response.status_code': 404 })
  })

  on('failures are counted: of statements, of requests, of deliveries', async () => {
    await get('/api/acme/failing')
    await get('/api/acme/delivery')
    await point('pgsteward.db.client.errors', { 'pgsteward.request': 'GET /api/:tenant/failing' })
    await point('http.server.request.duration', { 'error.type': '500' })
    await point('message.delivery.errors', { channel: 'sms' })
    const timed = await point('carrier.send.duration', { 'pgsteward.request': 'GET /api/:tenant/delivery' })
    expect(timed.attributes['code.line.number']).toBe(lineOf('timeAsync'))
  })

  on('pools and the process itself are told (I6)', async () => {
    const used = await point('db.client.connection.count', { 'db.client.connection.state': 'used' })
    expect(used.attributes['db.namespace']).toBe(database.name)
    expect((await point('db.client.connection.max', {})).value).toBe(2)
    await point('nodejs.eventloop.utilization', {})
    expect((await point('v8js.memory.heap.used', {})).value).toBeGreaterThan(1e6)
  })

  on('the debug routes answer on this machine (I4)', async () => {
    const { status, body } = await get('/api/debug/slow-queries')
    expect(status).toBe(200)
    const report = JSON.parse(body)
    expect(report.statements.length).toBeGreaterThan(3)
    expect(report.models).toContainEqual(expect.objectContaining({ model: 'Member', action: 'findFirst' }))
    expect(report.repeated.length).toBeGreaterThan(0)
    expect(JSON.parse((await get('/api/debug/slow-queries/metrics')).body).diagnostics.service).toBe(
      'host-test',
    )
  })

  on('every body was well-formed and carried the token, and the process ends quietly and well', async () => {
    await get('/api/acme/members/9')
    const before = receiver.points().length
    child.disconnect()
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
    expect(output).toBe('')
    expect(code).toBe(0)
    expect(receiver.points().length).toBeGreaterThan(before)
    expect(receiver.faults).toEqual([])
    expect(new Set(receiver.requests.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer token-of-the-test']),
    )
  })
})
