import { expect, test } from 'vitest'
import type { Drained } from '../../../../instrument/src/record/drained.ts'
import { otlpBodies } from '../../../../instrument/src/send/otlp.ts'
import type { ApplicationReport } from '../../model/application.ts'
import { fingerprintOf } from '../../sql/fingerprint.ts'
import { countDurations } from '../../stats/duration-histogram.ts'
import { decodeOtlp } from './decode-otlp.ts'
import type { Signal } from './decoded.ts'
import { type Translator, translator } from './to-reports.ts'

const NOW = new Date(Date.UTC(2026, 9, 5, 8, 0))
const TEXT = 'select "id" from "Member" where "churchId" = $1'
const DIGEST = '0'.repeat(32)

let bodies = 0

async function reportsOf(
  signal: Signal,
  body: object,
  of: Translator = translator(),
  now = NOW,
): Promise<readonly ApplicationReport[]> {
  const decoded = await decodeOtlp(signal, 'json', Buffer.from(JSON.stringify(body)))
  const { reports, commit } = of.translate(decoded, String(bodies++).padStart(32, '0'), now)
  commit()
  return reports
}

type Values = Readonly<Record<string, string | number | boolean>>

const attributes = (values: Values) =>
  Object.entries(values).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : typeof value === 'boolean'
          ? { boolValue: value }
          : Number.isInteger(value)
            ? { intValue: String(value) }
            : { doubleValue: value },
  }))

const nanos = (ms: number) => `${Math.round(ms * 1000)}000`

const PROCESS = {
  'service.name': 'shop',
  'service.instance.id': 'one',
  'telemetry.sdk.name': 'opentelemetry',
}
const resource = (values: Values = PROCESS) => ({ attributes: attributes(values) })

const traces = (...spans: object[]) => ({
  resourceSpans: [{ resource: resource(), scopeSpans: [{ scope: { name: 'x' }, spans }] }],
})
const metrics = (...all: object[]) => ({
  resourceMetrics: [{ resource: resource(), scopeMetrics: [{ scope: { name: 'x' }, metrics: all }] }],
})

const TRACE = 'a'.repeat(32)
const span = (
  id: number,
  parent: number | null,
  kind: number,
  ms: number,
  values: Values,
  more: object = {},
) => ({
  traceId: TRACE,
  spanId: id.toString(16).padStart(16, '0'),
  ...(parent === null ? {} : { parentSpanId: parent.toString(16).padStart(16, '0') }),
  name: 'GET',
  kind,
  startTimeUnixNano: nanos(NOW.getTime() - ms),
  endTimeUnixNano: nanos(NOW.getTime()),
  attributes: attributes(values),
  ...more,
})
const request = (id: number, ms: number, more: Values = {}) =>
  span(id, null, 2, ms, {
    'http.request.method': 'GET',
    'http.route': '/members',
    'http.response.status_code': 200,
    ...more,
  })
const DATABASE = {
  'db.system.name': 'postgresql',
  'db.namespace': 'shop',
  'server.address': 'db.example',
  'server.port': 5433,
}
const query = (id: number, parent: number | null, ms: number, text = TEXT) =>
  span(id, parent, 3, ms, { ...DATABASE, 'db.query.text': text })

test('what our package drains comes back as it was', async () => {
  const histogram = (ms: readonly number[]) => {
    const { offset, counts } = countDurations(ms)
    const sumMs = ms.reduce((sum, each) => sum + each, 0)
    return { count: ms.length, sumMs, maxMs: Math.max(...ms), zeroCount: 0, offset, counts }
  }
  const identity = {
    fingerprint: fingerprintOf(TEXT),
    text: TEXT,
    summary: 'SELECT Member',
    operation: 'SELECT',
    collection: 'Member',
    endpoint: { host: 'localhost', port: 5432, database: 'shop' },
    model: 'Member',
    action: 'findMany',
    route: 'GET /members',
    caller: { file: 'src/routes/members.ts', line: 41, function: 'list' },
  }
  const drained: Drained = {
    from: NOW.getTime() - 15_000,
    to: NOW.getTime(),
    queries: [{ ...identity, duration: histogram([1, 2, 800]), errors: 1, rows: 30, skippedRows: 400 }],
    requests: [
      {
        method: 'GET',
        route: '/members',
        statusCode: 200,
        duration: histogram([5]),
        queries: 3,
        queryMs: 803,
      },
      { method: 'GET', route: '/members', statusCode: 500, duration: histogram([7]), queries: 0, queryMs: 0 },
      { method: 'GET', route: null, statusCode: 404, duration: histogram([1]), queries: 0, queryMs: 0 },
    ],
    calls: [
      {
        method: 'POST',
        host: 'sms.example',
        port: 443,
        route: 'GET /members',
        statusCode: 0,
        duration: histogram([90]),
      },
    ],
    metrics: [
      {
        name: 'delivery',
        kind: 'duration',
        unit: 's',
        attributes: { carrier: 'a', apiToken: 'very-secret' },
        duration: histogram([40]),
        value: 0,
        errors: 1,
        route: null,
        caller: { file: 'src/sms.ts', line: 3, function: null },
      },
      {
        name: 'signups',
        kind: 'count',
        unit: '{signup}',
        attributes: {},
        duration: null,
        value: 4,
        errors: 0,
        route: null,
        caller: null,
      },
      {
        name: 'queue.length',
        kind: 'level',
        unit: '{job}',
        attributes: {},
        duration: null,
        value: 12,
        errors: 0,
        route: null,
        caller: null,
      },
    ],
    pools: [
      {
        name: 'main',
        endpoint: identity.endpoint,
        max: 10,
        total: 10,
        idle: 1,
        waiting: 2,
        wait: histogram([30]),
        oldestCheckoutMs: 5000,
        oldestCheckoutBy: { file: 'src/leak.ts', line: 9, function: null },
      },
    ],
    slowQueries: [
      {
        ...identity,
        at: NOW.getTime() - 1000,
        durationMs: 800,
        waitedForPoolMs: 12,
        severity: 'warning',
        rows: 30,
        sqlState: null,
        parameters: ['7', 'ada@example.com'],
        traceId: TRACE,
        spanId: null,
      },
    ],
    repeats: [{ ...identity, at: NOW.getTime() - 500, repetitions: 30, totalMs: 60, traceId: null }],
    dropped: { statements: 2 },
  }
  const source = {
    service: 'messaging',
    version: '1.0.0',
    environment: 'test',
    instance: 'one',
    startedAt: NOW.getTime() - 60_000,
  }
  const of = translator()
  const found: ApplicationReport[] = []
  for (const { path, json } of otlpBodies(drained, source)) {
    const decoded = await decodeOtlp(path.slice(4) as Signal, 'json', Buffer.from(json))
    found.push(...of.translate(decoded, DIGEST, NOW).reports)
  }
  const [numbers, events] = found
  expect(numbers).toMatchObject({
    source: {
      application: 'messaging',
      instance: 'one',
      version: '1.0.0',
      environment: 'test',
      sdk: 'pgsteward',
    },
    endpoint: { host: 'localhost', port: 5432, database: 'shop' },
    dropped: { statements: 2 },
  })
  const operation = (name: string) => numbers!.operations.find((each) => each.name === name)
  expect(operation('SELECT Member')).toEqual({
    kind: 'query',
    name: 'SELECT Member',
    route: 'GET /members',
    fingerprint: fingerprintOf(TEXT),
    model: 'Member',
    action: 'findMany',
    caller: 'src/routes/members.ts:41',
    labels: null,
    count: 3,
    errors: 1,
    totalMs: 803,
    maxMs: 800,
    rows: 30,
    skippedRows: 400,
    queryMs: 0,
    histogram: countDurations([1, 2, 800]),
  })
  expect(operation('GET /members')).toMatchObject({
    kind: 'request',
    count: 2,
    errors: 1,
    rows: 3,
    queryMs: 803,
  })
  expect(operation('GET (unmatched)')).toMatchObject({ count: 1, errors: 0 })
  expect(operation('POST sms.example:443')).toMatchObject({ kind: 'call', route: 'GET /members', errors: 1 })
  expect(operation('delivery')).toMatchObject({
    kind: 'metric',
    count: 1,
    errors: 1,
    labels: 'apiToken=[redacted] carrier=a',
    caller: 'src/sms.ts:3',
  })
  expect(operation('signups')).toMatchObject({ kind: 'metric', count: 4, histogram: null })
  expect(numbers!.levels).toEqual([{ name: 'queue.length', unit: 'count', labels: {}, value: 12 }])
  expect(numbers!.pools).toMatchObject([
    {
      pool: 'main',
      max: 10,
      used: 9,
      idle: 1,
      waiting: 2,
      oldestCheckoutMs: 5000,
      oldestCheckoutBy: 'src/leak.ts:9',
    },
  ])
  expect(numbers!.texts).toEqual(new Map([[fingerprintOf(TEXT), TEXT]]))
  expect(events!.slowQueries).toMatchObject([
    {
      at: new Date(NOW.getTime() - 1000),
      durationMs: 800,
      waitedForPoolMs: 12,
      rows: 30,
      route: 'GET /members',
      caller: 'src/routes/members.ts:41',
      traceId: TRACE,
      database: 'shop',
      parameters: ['7', '[redacted]'],
    },
  ])
  expect(events!.repeats).toMatchObject([{ repetitions: 30, totalMs: 60, action: 'findMany', traceId: null }])
})

test('spans of a request become its route, its statements with their request, a slow one on its own (S2)', async () => {
  const [report] = await reportsOf(
    'traces',
    traces(
      request(1, 900),
      span(2, 1, 1, 890, {}),
      query(3, 2, 700, "select * from member where email = 'ada@example.com'"),
      span(4, 2, 3, 50, {
        'http.request.method': 'POST',
        'server.address': 'sms.example',
        'server.port': 443,
        'http.response.status_code': 503,
      }),
    ),
  )
  expect(report).toMatchObject({ endpoint: { host: 'db.example', port: 5433, database: 'shop' } })
  expect(report!.operations).toMatchObject([
    { kind: 'query', name: 'SELECT member', route: 'GET /members', count: 1 },
    { kind: 'request', name: 'GET /members', count: 1, errors: 0, rows: 1 },
    { kind: 'call', name: 'POST sms.example:443', route: 'GET /members', errors: 1 },
  ])
  expect(report!.operations[1]!.queryMs).toBeCloseTo(700, 0)
  expect(report!.slowQueries).toMatchObject([
    { text: 'select * from member where email = ?', route: 'GET /members', traceId: TRACE, database: 'shop' },
  ])
  expect(JSON.stringify([report, ...report!.texts])).not.toContain('ada@example.com')
})

test('the conventions before the stable ones are read too', async () => {
  const old = { 'db.system': 'postgresql', 'db.name': 'shop', 'net.peer.name': 'db', 'net.peer.port': 5432 }
  const [report] = await reportsOf(
    'traces',
    traces(
      span(1, null, 2, 30, { 'http.method': 'GET', 'http.route': '/old', 'http.status_code': 500 }),
      span(2, 1, 3, 5, { ...old, 'db.statement': TEXT }),
      // neither connecting nor another database is a statement of ours
      span(3, 1, 3, 5, old, { name: 'pg-pool.connect' }),
      span(4, 1, 3, 5, { 'db.system': 'redis', 'db.statement': 'GET x' }),
    ),
  )
  expect(report!.endpoint).toEqual({ host: 'db', port: 5432, database: 'shop' })
  expect(report!.operations.map(({ kind, name, errors }) => [kind, name, errors])).toEqual([
    ['query', 'SELECT Member', 0],
    ['request', 'GET /old', 1],
  ])
})

test('statements that arrive before their request wait for it, an N+1 of two bodies too', async () => {
  const of = translator()
  const many = (from: number, count: number) =>
    [...Array(count).keys()].map((index) => query(from + index, 1, 2))
  expect(await reportsOf('traces', traces(...many(10, 8)), of)).toEqual([])
  // the answer to a body may be lost: its spans are known when it comes again
  expect(await reportsOf('traces', traces(...many(10, 8)), of)).toEqual([])
  const [report] = await reportsOf('traces', traces(...many(18, 4), request(1, 50)), of)
  expect(report!.operations).toMatchObject([
    { kind: 'query', route: 'GET /members', count: 12 },
    { kind: 'request', count: 1, rows: 12 },
  ])
  expect(report!.repeats).toMatchObject([{ repetitions: 12 }])
  expect(of.flush(new Date(NOW.getTime() + 3_600_000)).reports).toEqual([])
})

test('statements whose request does not come in time are counted without it', async () => {
  const of = translator()
  await reportsOf('traces', traces(query(10, 1, 2)), of)
  expect(of.flush(new Date(NOW.getTime() + 5_000)).reports).toEqual([])
  const { reports, commit } = of.flush(new Date(NOW.getTime() + 30_000))
  expect(reports[0]!.operations).toMatchObject([{ kind: 'query', route: null, count: 1 }])
  commit()
  expect(of.flush(new Date(NOW.getTime() + 60_000)).reports).toEqual([])
})

test('a statement that arrives after its request is still known to be of it', async () => {
  const of = translator()
  await reportsOf('traces', traces(request(1, 5)), of)
  const [late] = await reportsOf('traces', traces(query(9, 8, 5)), of)
  expect(late!.operations).toMatchObject([{ kind: 'query', route: 'GET /members' }])
})

test('ten of one statement in one request are N+1, nine are not (I5)', async () => {
  const many = (count: number) => [...Array(count).keys()].map((index) => query(10 + index, 1, 2))
  const [nine] = await reportsOf('traces', traces(request(1, 50), ...many(9)))
  expect(nine!.repeats).toEqual([])
  const [ten] = await reportsOf('traces', traces(request(1, 50), ...many(10)))
  expect(ten!.repeats).toMatchObject([{ route: 'GET /members', repetitions: 10, text: TEXT, traceId: TRACE }])
})

test("Prisma's span around the driver's counts once, with model and action", async () => {
  const [report] = await reportsOf(
    'traces',
    traces(
      request(1, 50),
      span(2, 1, 1, 40, { model: 'Member', method: 'findMany' }, { name: 'prisma:client:operation' }),
      query(3, 2, 30),
      query(4, 3, 29),
    ),
  )
  expect(report!.operations.filter(({ kind }) => kind === 'query')).toMatchObject([
    { model: 'Member', action: 'findMany', count: 1, route: 'GET /members' },
  ])
})

const point = (values: Values, startMs: number, atMs: number, data: object) => ({
  attributes: attributes(values),
  startTimeUnixNano: nanos(startMs),
  timeUnixNano: nanos(atMs),
  ...data,
})
const CUMULATIVE = 2

describeCumulative()

function describeCumulative() {
  const BOUNDS = [0.01, 0.1, 1]
  const T = NOW.getTime()
  const duration = (
    name: string,
    values: Values,
    startMs: number,
    atMs: number,
    counts: number[],
    sum: number,
  ) => ({
    name,
    unit: 's',
    histogram: {
      aggregationTemporality: CUMULATIVE,
      dataPoints: [
        point(values, startMs, atMs, {
          count: String(counts.reduce((all, each) => all + each, 0)),
          sum,
          bucketCounts: counts.map(String),
          explicitBounds: BOUNDS,
        }),
      ],
    },
  })
  const queries = (atMs: number, counts: number[], sum: number, startMs = T - 30_000) =>
    metrics(
      duration(
        'db.client.operation.duration',
        { ...DATABASE, 'db.operation.name': 'SELECT' },
        startMs,
        atMs,
        counts,
        sum,
      ),
    )
  const counted = async (of: Translator, body: object, atMs: number) => {
    const [report] = await reportsOf('metrics', body, of, new Date(atMs))
    return report?.operations.map(({ name, count, totalMs }) => [name, count, Math.round(totalMs)])
  }

  test('cumulative points become increases; one that is seen twice counts once', async () => {
    const of = translator()
    expect(await counted(of, queries(T, [3, 0, 0, 0], 0.015), T)).toEqual([['SELECT', 3, 15]])
    expect(await counted(of, queries(T, [3, 0, 0, 0], 0.015), T + 5)).toBeUndefined()
    const [more] = await reportsOf(
      'metrics',
      queries(T + 60_000, [3, 4, 0, 0], 0.215),
      of,
      new Date(T + 60_000),
    )
    expect(more!.operations).toMatchObject([{ count: 4 }])
    expect(more!.operations[0]!.totalMs).toBeCloseTo(200, 6)
    expect(more!.operations[0]!.maxMs).toBeLessThan(110)
  })

  test('a process that began again counts from its new start', async () => {
    const of = translator()
    await counted(of, queries(T, [30, 0, 0, 0], 0.1), T)
    expect(await counted(of, queries(T + 60_000, [50, 0, 0, 0], 0.2, T + 10_000), T + 60_000)).toEqual([
      ['SELECT', 50, 200],
    ])
    expect(await counted(of, queries(T + 120_000, [2, 0, 0, 0], 0.01, T + 10_000), T + 120_000)).toEqual([
      ['SELECT', 2, 10],
    ])
  })

  test('what was counted long before we were there is not ours to count', async () => {
    const of = translator()
    expect(await counted(of, queries(T, [900, 0, 0, 0], 9, T - 86_400_000), T)).toBeUndefined()
    expect(await counted(of, queries(T + 60_000, [901, 0, 0, 0], 9.01, T - 86_400_000), T + 60_000)).toEqual([
      ['SELECT', 1, 10],
    ])
  })

  test('a body that could not be saved is counted when it comes again', async () => {
    const of = translator()
    const decoded = await decodeOtlp(
      'metrics',
      'json',
      Buffer.from(JSON.stringify(queries(T, [3, 0, 0, 0], 0.01))),
    )
    expect(of.translate(decoded, DIGEST, NOW).reports[0]!.operations).toMatchObject([{ count: 3 }])
    expect(of.translate(decoded, DIGEST, NOW).reports[0]!.operations).toMatchObject([{ count: 3 }])
  })

  test('who sends spans and metrics of its statements is counted by its spans, and by its metrics when spans stop', async () => {
    const of = translator()
    const [spans] = await reportsOf('traces', traces(query(1, null, 5), query(2, null, 5)), of)
    expect(spans!.operations).toMatchObject([{ count: 2 }])
    expect(await counted(of, queries(T + 1000, [2, 0, 0, 0], 0.01), T + 1000)).toBeUndefined()
    const later = T + 20 * 60_000
    expect(await counted(of, queries(later, [7, 0, 0, 0], 0.06), later)).toEqual([['SELECT', 5, 50]])
  })

  test('exponential histograms that lost resolution meanwhile still give an increase', async () => {
    const of = translator()
    const body = (atMs: number, scale: number, offset: number, counts: number[]) =>
      metrics({
        name: 'db.client.operation.duration',
        unit: 's',
        exponentialHistogram: {
          aggregationTemporality: CUMULATIVE,
          dataPoints: [
            point({ ...DATABASE, 'db.operation.name': 'SELECT' }, T - 30_000, atMs, {
              count: String(counts.reduce((all, each) => all + each, 0)),
              sum: 1,
              scale,
              positive: { offset, bucketCounts: counts.map(String) },
            }),
          ],
        },
      })
    await counted(of, body(T, 4, -64, [1, 1, 1, 1]), T)
    const [report] = await reportsOf('metrics', body(T + 1, 3, -32, [2, 3]), of, new Date(T + 1))
    expect(report!.operations).toMatchObject([{ count: 1 }])
    expect(report!.operations[0]!.histogram?.counts.reduce((all, each) => all + each, 0)).toBe(1)
  })

  test('pools of a stock SDK, by the new names and the old', async () => {
    const level = (name: string, values: Values, value: number) => ({
      name,
      unit: '{connection}',
      sum: {
        aggregationTemporality: CUMULATIVE,
        isMonotonic: false,
        dataPoints: [point(values, T - 1, T, { asInt: String(value) })],
      },
    })
    const [report] = await reportsOf(
      'metrics',
      metrics(
        level(
          'db.client.connection.count',
          { 'db.client.connection.pool.name': 'db:5432/shop', 'db.client.connection.state': 'idle' },
          3,
        ),
        level(
          'db.client.connection.count',
          { 'db.client.connection.pool.name': 'db:5432/shop', 'db.client.connection.state': 'used' },
          7,
        ),
        level(
          'db.client.connection.pending_requests',
          { 'db.client.connection.pool.name': 'db:5432/shop' },
          5,
        ),
        level('db.client.connections.usage', { 'pool.name': 'postgres://u:secret@old/x', state: 'used' }, 2),
      ),
    )
    expect(report!.pools).toMatchObject([
      { pool: 'db:5432/shop', used: 7, idle: 3, waiting: 5, max: null },
      { pool: 'postgres://old/x', used: 2 },
    ])
    expect(report!.endpoint).toEqual({ host: 'db', port: 5432, database: 'shop' })
  })
}

test('two processes of one body are two reports with digests of their own', async () => {
  const two = { ...PROCESS, 'service.instance.id': 'two' }
  const [one] = traces(request(1, 5)).resourceSpans
  const reports = await reportsOf('traces', { resourceSpans: [one, { ...one, resource: resource(two) }] })
  expect(reports.map((each) => each.source.instance)).toEqual(['one', 'two'])
  expect(new Set(reports.map((each) => each.digest)).size).toBe(2)
  for (const { digest } of reports) expect(digest).toMatch(/^[0-9a-f]{32}$/)
})

test('beyond the bounds is counted, not kept', async () => {
  const spans = [...Array(6000).keys()].map((index) => query(index + 2, null, 600, `select * from t${index}`))
  const [report] = await reportsOf('traces', traces(...spans))
  expect(report!.operations).toHaveLength(5000)
  expect(report!.slowQueries).toHaveLength(1000)
  expect(report!.dropped).toMatchObject({ operations: 1000, 'slow queries': 5000 })
})
