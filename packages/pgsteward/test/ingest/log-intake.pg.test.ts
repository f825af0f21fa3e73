// PostgreSQL's log from a real server into a real store: by file, by push, by syslog, through SQL.

import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { logPush } from '../../src/app/logs/log-push.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import type { LogEventFilter } from '../../src/model/log-event.ts'
import { logClassWire, logEventDetailWire, logsWire } from '../../src/model/wire.ts'
import { freePort } from '../../src/postgres/local-server.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'

const TOKEN = 'a-token-of-some-length'
const SECRET = `s3cr3t${randomBytes(6).toString('hex')}`
const TRACE = randomBytes(16).toString('hex')
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-logs-'))
let own: OwnServer
let store: Store
let steward: Steward
let server: FastifyInstance
let syslogPort: number
const failures: unknown[] = []

const now = () => new Date()
const soon = vi.waitFor
const patience = { timeout: 30_000, interval: 100 }

async function start() {
  const logFile = join(dirname(own.dataDir()), 'server.log')
  const url = own.database().monitorUrl
  const target = (id: string, logs: object) => ({ id, url, logs })
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: {
      targets: [
        target('files', { files: logFile }),
        target('pushed', { syslog: { port: syslogPort } }),
        target('deaf', { http: false }),
      ],
      activity: { enabled: false },
    },
  })
  store = await openStore({ dir: join(dir, 'store') })
  steward = new Steward(config, store, { onFailure: (_target, error) => failures.push(error) })
  server = await createServer({
    views: new Views(steward, now, null),
    adminToken: 'another-token-of-some-length',
    host: '127.0.0.1',
    dashboardDir: null,
    now,
    logs: {
      push: logPush({
        pushedTo: (id) => steward.logs.pushedTo(id),
        targetIds: ['files', 'pushed', 'deaf'],
        now,
      }),
      token: TOKEN,
    },
  })
  steward.start()
}

async function stop() {
  await server.close()
  await steward.stop()
}

beforeAll(async () => {
  syslogPort = await freePort()
  own = await startOwnServer({
    log_line_prefix: '%m [%p] %q%u@%d %a ',
    log_lock_waits: 'on',
    deadlock_timeout: '100ms',
    log_min_duration_statement: '0',
    log_connections: 'on',
    log_temp_files: '0',
  })
  await start()
})
afterAll(async () => {
  await stop()
  await own.stop()
  rmSync(dir, { recursive: true, force: true })
})

const since = { from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 3_600_000) }
const eventsOf = (target: string, filter: LogEventFilter = {}) =>
  store.logEvents(target, since, { limit: 1000, ...filter })

describe('a file', () => {
  it('brings errors with statement, user, database and application, literals taken out (S4, S5)', async () => {
    const client = new pg.Client({ connectionString: own.database().url, application_name: 'shop-api' })
    await client.connect()
    await client.query('create table parcel (id int primary key, password text)')
    await client.query('insert into parcel (id, password) values ($1, $2)', [1, SECRET])
    await expect(client.query(`insert into parcel (id, password) values (1, '${SECRET}')`)).rejects.toThrow(
      'duplicate',
    )
    await client.query('select pg_sleep(0.15)')
    await client.query(
      `select pg_sleep($1) as tagged /*action='findMany',caller='src%2Fparcels.ts%3A41',controller='Parcel',route='GET%20%2Fparcels%2F%3Aid',token='${SECRET}',traceparent='00-${TRACE}-00f067aa0ba902b7-01'*/`,
      [0.15],
    )
    await client.end()
    await soon(async () => {
      const [found] = await eventsOf('files', { search: 'duplicate key' })
      expect(found).toMatchObject({
        severity: 'ERROR',
        user: 'postgres',
        database: own.database().name,
        application: 'shop-api',
        message: 'duplicate key value violates unique constraint "parcel_pkey"',
      })
      expect(found?.query).toMatch(/^insert into parcel \(id, password\) values \(\S+, \S+\)$/)
      expect(found?.fingerprint).toMatch(/^[0-9a-f]{16}$/)
    }, patience)
  })

  it('brings slow statements into slow_query_log (S1, S2)', async () => {
    await soon(async () => {
      const slow = await store.slowQueries('files', since, { order: 'slowest', limit: 10 })
      expect(slow.map(({ source, text }) => [source, text])).toContainEqual([
        'log',
        expect.stringMatching(/^select pg_sleep\(/),
      ])
      expect(slow.every(({ durationMs }) => durationMs >= 100)).toBe(true)
    }, patience)
  })

  it('brings the sender of a slow statement, by the tags of its comment (S1, I2)', async () => {
    await soon(async () => {
      const slow = await store.slowQueries('files', since, {
        order: 'slowest',
        limit: 10,
        route: 'GET /parcels/:id',
      })
      expect(slow).toMatchObject([
        {
          source: 'log',
          text: 'select pg_sleep($1) as tagged',
          caller: 'src/parcels.ts:41',
          model: 'Parcel',
          action: 'findMany',
          traceId: TRACE,
        },
      ])
    }, patience)
  })

  it('tells nothing of our own sessions, and no secret (S5)', async () => {
    const events = await eventsOf('files')
    expect(events.filter(({ application }) => application?.startsWith('pgsteward'))).toEqual([])
    expect(JSON.stringify(events)).not.toContain('/* pgsteward')
    const slow = await store.slowQueries('files', since, { order: 'latest', limit: 1000 })
    expect(JSON.stringify([events, slow])).not.toContain(SECRET)
    // the log itself had both
    const text = readFileSync(join(dirname(own.dataDir()), 'server.log'), 'utf8')
    expect(text).toContain(SECRET)
    expect(text).toContain('pgsteward')
  })

  it('is read on after a restart, nothing twice and nothing lost', async () => {
    const fail = async (name: string) => {
      await own
        .database()
        .run(`select 1 from ${name}`)
        .catch(() => undefined)
    }
    const seen = async () =>
      (await eventsOf('files', { search: 'does not exist' }))
        .map(({ message }) => /"(.*)"/.exec(message)?.[1])
        .reverse()
    await fail('before')
    await soon(async () => expect(await seen()).toEqual(['before']), patience)
    const counted = await store.logCounts('files', since)
    await stop()
    await fail('meanwhile')
    await start()
    await soon(async () => expect(await seen()).toEqual(['before', 'meanwhile']), patience)
    await fail('after')
    await soon(async () => expect(await seen()).toEqual(['before', 'meanwhile', 'after']), patience)
    const duplicates = (counts: typeof counted) =>
      counts.filter(({ class: id }) => id === 'unique-violation').map(({ count }) => count)
    expect(duplicates(await store.logCounts('files', since))).toEqual(duplicates(counted))
  })

  it('has a source with lines, bytes and a moment', async () => {
    const [source] = await store.logSources('files')
    expect(source).toMatchObject({ because: null, unreadable: 0 })
    expect(source!.lines).toBeGreaterThan(10)
    expect(source!.lastAt!.getTime()).toBeGreaterThan(since.from.getTime())
  })
})

describe('pushed lines', () => {
  const post = (url: string, payload: Buffer | string, headers: Record<string, string> = {}) =>
    server.inject({ method: 'POST', url, payload, headers: { 'content-type': 'text/plain', ...headers } })
  const bearer = { authorization: `Bearer ${TOKEN}` }
  const line = (table: string) =>
    `${new Date().toISOString().replace('T', ' ').replace('Z', ' UTC')} [42] app@shop api ERROR:  relation "${table}" does not exist\n`
  const seen = async (table: string) => (await eventsOf('pushed', { search: `"${table}"` })).length

  it('are taken with the token alone: as bearer, password or parameter', async () => {
    for (const answer of [
      await post('/ingest/logs/pushed', line('refused')),
      await post('/ingest/logs/pushed?token=wrong', line('refused')),
    ])
      expect(answer.statusCode).toBe(401)
    const basic = { authorization: `Basic ${Buffer.from(`any:${TOKEN}`).toString('base64')}` }
    expect((await post('/ingest/logs/pushed', line('by_bearer'), bearer)).statusCode).toBe(200)
    expect((await post('/ingest/logs/pushed', line('by_basic'), basic)).statusCode).toBe(200)
    expect((await post(`/ingest/logs/pushed?token=${TOKEN}`, line('by_parameter'))).statusCode).toBe(200)
    // answered when saved
    expect(await Promise.all(['refused', 'by_bearer', 'by_basic', 'by_parameter'].map(seen))).toEqual([
      0, 1, 1, 1,
    ])
  })

  it('may be zipped, JSON, or in frames of Heroku; the same body again counts once', async () => {
    const zipped = gzipSync(line('zipped'))
    for (const _time of [1, 2])
      expect(
        (await post('/ingest/logs/pushed', zipped, { ...bearer, 'content-encoding': 'gzip' })).statusCode,
      ).toBe(200)
    expect(await seen('zipped')).toBe(1)
    const json = JSON.stringify([{ message: line('wrapped') }, { other: 1 }])
    const answer = await post('/ingest/logs/pushed', json, { ...bearer, 'content-type': 'application/json' })
    expect(answer.json()).toEqual({ skipped: 1 })
    expect(await seen('wrapped')).toBe(1)
    const frame = `<134>1 ${new Date().toISOString()} host app postgres.7 - [5-1] ${line('framed').trimEnd()}`
    const heroku = { ...bearer, 'content-type': 'application/logplex-1' }
    expect(
      (await post('/ingest/logs/pushed', `${Buffer.byteLength(frame)} ${frame}`, heroku)).statusCode,
    ).toBe(200)
    expect(await seen('framed')).toBe(1)
  })

  it('are refused with a reason: unknown target, one that takes none, what is no gzip, what is too large', async () => {
    const answers = [
      await post('/ingest/logs/nowhere', 'x', bearer),
      await post('/ingest/logs/deaf', 'x', bearer),
      await post('/ingest/logs/pushed', 'x', { ...bearer, 'content-encoding': 'gzip' }),
      await post('/ingest/logs/pushed', 'x', { ...bearer, 'content-encoding': 'br' }),
      await post('/ingest/logs/pushed', gzipSync(Buffer.alloc(20 * 2 ** 20)), {
        ...bearer,
        'content-encoding': 'gzip',
      }),
    ]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 400, 415, 413])
    for (const answer of answers) expect(answer.json().error.hint).toBeTruthy()
    expect(answers[0]!.json().error.message).toBe('there is no target nowhere')
    expect(answers[1]!.json().error.hint).toContain('logs.http')
  })

  it('come by syslog, over TCP and UDP', async () => {
    const framed = (table: string) =>
      `<134>1 ${new Date().toISOString()} host postgres 7 - - [5-1] ${line(table).trimEnd()}`
    const socket = connect(syslogPort, '127.0.0.1')
    const one = framed('tcp_counted')
    socket.write(`${Buffer.byteLength(one)} ${one}`)
    socket.end(`${framed('tcp_line')}\n`)
    const udp = createSocket('udp4')
    await new Promise((done) => udp.send(framed('udp'), syslogPort, '127.0.0.1', done))
    udp.close()
    await soon(
      async () => expect(await Promise.all(['tcp_counted', 'tcp_line', 'udp'].map(seen))).toEqual([1, 1, 1]),
      patience,
    )
    expect((await store.logSources('pushed')).map(({ source }) => source).sort()).toEqual(['http', 'syslog'])
  })

  it('that no reader understands are counted, never lost silently (S4)', async () => {
    const before = (await store.logSources('pushed')).find(({ source }) => source === 'http')!
    await post('/ingest/logs/pushed', 'what is this\nand this\n', { ...bearer, 'user-agent': 'another' })
    await soon(async () => {
      const after = (await store.logSources('pushed')).find(({ source }) => source === 'http')!
      expect(after.unreadable - before.unreadable).toBe(2)
    }, patience)
  })
})

describe('the API', () => {
  const get = async (path: string) => {
    const answer = await server.inject({ url: `/api/v1/${path}` })
    return { status: answer.statusCode, body: answer.json() }
  }

  it('tells what happened by class and time, what the settings lack, and where to send lines (S4)', async () => {
    const { status, body } = await get('targets/files/logs?range=15m')
    expect(status).toBe(200)
    const logs = logsWire.strict().parse(body)
    expect(logs.hasSource).toBe(true)
    expect(logs.pushPath).toBe('/ingest/logs/files')
    expect(logs.classes.find(({ id }) => id === 'unique-violation')).toMatchObject({
      count: 1,
      area: 'constraint',
    })
    const sum = logs.history.points.reduce(
      (total, [, ...counts]) => total + counts[0] + counts[1] + counts[2],
      0,
    )
    expect(sum).toBe(logs.classes.reduce((total, { count }) => total + count, 0))
    const lacking = logs.settings.map(({ name }) => name)
    expect(lacking).toContain('auto_explain')
    expect(lacking).not.toContain('log_lock_waits')
    expect(lacking).not.toContain('log_line_prefix')
  })

  it('finds events by class, severity and words, and shows one with the page of its class', async () => {
    const found = async (query: string) =>
      logsWire.parse((await get(`targets/files/logs?range=15m&${query}`)).body).events
    const [one, ...others] = await found('class=unique-violation')
    expect(others).toEqual([])
    expect(await found('class=unique-violation&severity=critical')).toEqual([])
    expect((await found('search=PARCEL_pkey')).map(({ id }) => id)).toEqual([one!.id])
    const detail = logEventDetailWire.strict().parse((await get(`targets/files/logs/${one!.id}`)).body)
    expect(detail.event).toEqual(one)
    expect((await get('targets/files/logs/999999')).status).toBe(404)
    expect((await get('targets/files/logs?severity=dreadful')).status).toBe(400)
    expect((await get('targets/nowhere/logs')).status).toBe(404)
  })

  it('lists the catalogue', async () => {
    const { body } = await get('log-classes')
    expect(logClassWire.strict().array().parse(body).length).toBeGreaterThan(100)
  })
})

it('nothing failed on the way', () => {
  expect(failures.map(String)).toEqual([])
})
