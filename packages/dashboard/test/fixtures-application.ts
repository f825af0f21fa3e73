// Made-up applications as the API would tell of them: an Express and Prisma application for messages, well and with faults,
// and one that speaks by a stock OpenTelemetry SDK. Validated against the wire's schema like the others.

import {
  type ApplicationDetailWire,
  type ApplicationWire,
  applicationDetailWire,
  applicationWire,
  type FindingWire,
  type OperationWire,
  operationWire,
  type PoolWire,
  poolWire,
  type RepeatWire,
  repeatWire,
  type SlowQueriesWire,
  type SlowQueryWire,
  slowQueriesWire,
  slowQueryGroupWire,
  slowQueryWire,
} from '../../pgsteward/src/model/wire.ts'
import { ago, finding, HOSTILE, series } from './fixtures.ts'

const INBOX =
  'SELECT "public"."Message"."id", "public"."Message"."body", "public"."Message"."sentAt" FROM "public"."Message" WHERE ("public"."Message"."conversationId" = $1 AND "public"."Message"."deletedAt" IS NULL) ORDER BY "public"."Message"."sentAt" DESC LIMIT $2 OFFSET $3'
const MEMBER =
  'SELECT "public"."Member"."id", "public"."Member"."name" FROM "public"."Member" WHERE ("public"."Member"."id" = $1) LIMIT $2'
const DELIVERY =
  'INSERT INTO "public"."Delivery" ("messageId", "recipientId", "channel", "status") VALUES ($1, $2, $3, $4) RETURNING "id"'

export function pool(more: Partial<PoolWire> = {}): PoolWire {
  return poolWire.parse({
    instance: 'web-1:4711',
    pool: 'primary',
    max: 10,
    used: 3,
    idle: 4,
    waiting: 0,
    waitP95Ms: 0.4,
    oldestCheckoutMs: 12,
    oldestCheckoutBy: 'src/routes/conversations.ts:58',
    ...more,
  })
}

export const exhaustedPool = pool({
  used: 10,
  idle: 0,
  waiting: 14,
  waitP95Ms: 4180,
  oldestCheckoutMs: 341_000,
  oldestCheckoutBy: 'src/routes/reports.ts:27',
})

export function application(more: Partial<ApplicationWire> = {}): ApplicationWire {
  return applicationWire.parse({
    application: 'messaging',
    sdk: 'pgsteward',
    version: '2.14.0',
    environment: 'production',
    firstSeenAt: ago(12 * 86_400_000),
    lastSeenAt: ago(6000),
    instances: 2,
    requestsPerSecond: 41.7,
    errorRatio: 0,
    requestP95Ms: 84,
    queriesPerSecond: 182,
    queriesPerRequest: 4.4,
    pools: [pool(), pool({ instance: 'web-2:4712', used: 5, idle: 2 })],
    dropped: {},
    ...more,
  })
}

/** Spans and metrics of a stock SDK: no pools, and no place in the source. */
export const stockApplication = application({
  application: 'billing-worker',
  sdk: 'opentelemetry',
  version: null,
  environment: null,
  instances: 1,
  requestsPerSecond: 0,
  errorRatio: null,
  requestP95Ms: null,
  queriesPerSecond: 3.2,
  queriesPerRequest: null,
  pools: [],
})

export const applications: readonly ApplicationWire[] = [
  application({
    errorRatio: 0.021,
    requestP95Ms: 1240,
    queriesPerRequest: 27.3,
    pools: [exhaustedPool, pool({ instance: 'web-2:4712', used: 6, idle: 2 })],
  }),
  stockApplication,
  application({
    application: HOSTILE,
    environment: 'staging',
    lastSeenAt: ago(1_900_000),
    requestsPerSecond: 0.2,
    requestP95Ms: 21,
    instances: 1,
    pools: [pool({ max: null })],
  }),
]

export function operation(more: Partial<OperationWire> = {}): OperationWire {
  const count = more.count ?? 12_480
  const meanMs = more.meanMs ?? 18.4
  return operationWire.parse({
    application: 'messaging',
    kind: 'request',
    name: 'GET /conversations/:id',
    route: null,
    fingerprint: null,
    model: null,
    action: null,
    caller: null,
    labels: null,
    count,
    perSecond: count / 3600,
    errorRatio: 0,
    totalMs: count * meanMs,
    meanMs,
    maxMs: meanMs * 21,
    p50Ms: meanMs * 0.7,
    p95Ms: meanMs * 3.1,
    p99Ms: meanMs * 7.4,
    rowsPerCall: 4.2,
    queryTimeRatio: null,
    lastAt: ago(4000),
    ...more,
  })
}

const routes = [
  operation({
    name: 'GET /conversations/:id',
    meanMs: 312,
    rowsPerCall: 52,
    queryTimeRatio: 0.91,
    errorRatio: 0.004,
  }),
  operation({ name: 'GET /conversations', count: 48_200, meanMs: 21, rowsPerCall: 3, queryTimeRatio: 0.62 }),
  operation({
    name: 'POST /broadcasts/:id/send',
    count: 310,
    meanMs: 1840,
    rowsPerCall: 12,
    queryTimeRatio: 0.04,
    errorRatio: 0.12,
  }),
  operation({ name: 'POST /session', count: 2200, meanMs: 96, rowsPerCall: 2, queryTimeRatio: 0.03 }),
  operation({ name: 'GET /health', count: 360, meanMs: 1.1, rowsPerCall: 1, queryTimeRatio: 0.8 }),
  operation({ name: 'GET (no route)', count: 41, meanMs: 0.4, rowsPerCall: 0, queryTimeRatio: 0 }),
]

const sent = (more: Partial<OperationWire>): OperationWire =>
  operation({ kind: 'query', rowsPerCall: 1, ...more })

export const callers: readonly OperationWire[] = [
  sent({
    name: 'SELECT Message',
    route: 'GET /conversations/:id',
    fingerprint: '8f2c41aa90b1d7e3',
    model: 'Message',
    action: 'findMany',
    caller: 'src/routes/conversations.ts:58',
    meanMs: 71,
    rowsPerCall: 50,
    text: INBOX,
    queryIds: ['-5561034'],
  }),
  sent({
    name: 'SELECT Message',
    route: 'GET /search',
    fingerprint: '8f2c41aa90b1d7e3',
    model: 'Message',
    action: 'findMany',
    caller: 'src/search/messages.ts:112',
    count: 240,
    meanMs: 34,
    text: INBOX,
    queryIds: ['-5561034'],
  }),
]

const queries = [
  ...callers,
  sent({
    name: 'SELECT Member',
    route: 'GET /conversations/:id',
    fingerprint: '11aa90b1d7e38f2c',
    model: 'Member',
    action: 'findUnique',
    caller: 'src/routes/conversations.ts:64',
    count: 624_000,
    meanMs: 0.9,
    text: MEMBER,
    queryIds: ['8123456789089', '8123456789090'],
  }),
  sent({
    name: 'INSERT Delivery',
    route: 'POST /broadcasts/:id/send',
    fingerprint: '77aa90b1d7e38f2c',
    model: 'Delivery',
    action: 'create',
    caller: 'src/broadcasts/send.ts:33',
    count: 3100,
    meanMs: 1.4,
    errorRatio: 0.012,
    text: DELIVERY,
  }),
  sent({ name: `SELECT ${HOSTILE}`, fingerprint: '00', count: 3, meanMs: 0.2, text: null }),
]

const models = [
  sent({ name: 'Message.findMany', model: 'Message', action: 'findMany', meanMs: 70, rowsPerCall: 49 }),
  sent({ name: 'Member.findUnique', model: 'Member', action: 'findUnique', count: 624_000, meanMs: 0.9 }),
  sent({
    name: 'Delivery.create',
    model: 'Delivery',
    action: 'create',
    count: 3100,
    meanMs: 1.4,
    errorRatio: 0.012,
  }),
  sent({ name: '$queryRaw', action: '$queryRaw', count: 12, meanMs: 204 }),
  sent({ name: 'SELECT schema_migrations', count: 2, meanMs: 1 }),
]

const calls = [
  operation({
    kind: 'call',
    name: 'POST carrier.example:443',
    route: 'POST /broadcasts/:id/send',
    count: 3100,
    meanMs: 1610,
    errorRatio: 0.11,
    rowsPerCall: 0,
  }),
  operation({ kind: 'call', name: 'POST payments.example:443', count: 80, meanMs: 240, rowsPerCall: 0 }),
]

const metrics = [
  operation({
    kind: 'metric',
    name: 'pgsteward.delivery.duration',
    labels: 'channel=sms outcome=failed',
    caller: 'src/broadcasts/send.ts:41',
    count: 372,
    meanMs: 1710,
    rowsPerCall: 0,
  }),
  operation({
    kind: 'metric',
    name: 'members.registered',
    labels: 'plan=free',
    count: 18,
    meanMs: 0,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    rowsPerCall: 0,
  }),
]

const repeats: readonly RepeatWire[] = [
  repeatWire.parse({
    application: 'messaging',
    fingerprint: '11aa90b1d7e38f2c',
    text: MEMBER,
    route: 'GET /conversations/:id',
    model: 'Member',
    action: 'findUnique',
    caller: 'src/routes/conversations.ts:64',
    requests: 12_480,
    repetitionsPerRequest: 50,
    totalMs: 561_600,
    queryIds: ['8123456789089'],
    lastAt: ago(9000),
  }),
]

export const applicationFindings: readonly FindingWire[] = [
  finding({
    key: 'connection-leak:pool/messaging/primary',
    checkId: 'connection-leak',
    area: 'availability',
    severity: 'critical',
    subject: { kind: 'pool', application: 'messaging', name: 'primary' },
    label: 'primary',
    summary: 'Connections of pool primary are taken at src/routes/reports.ts:27 and not given back',
    evidence: [
      { label: 'longest out', value: 341_000, unit: 'ms' },
      { label: 'taken at', value: 'src/routes/reports.ts:27', unit: 'text' },
      { label: 'callers waiting', value: 14, unit: 'count' },
    ],
    remedy: undefined,
    openedAt: ago(340_000),
  }),
  finding({
    key: 'repeated-statement:call-site/messaging/GET /conversations/:id: Member.findUnique',
    checkId: 'repeated-statement',
    area: 'query',
    subject: {
      kind: 'call-site',
      application: 'messaging',
      name: 'GET /conversations/:id: Member.findUnique',
    },
    label: 'GET /conversations/:id: Member.findUnique',
    summary:
      'GET /conversations/:id sends Member.findUnique again and again, at src/routes/conversations.ts:64',
    evidence: [
      { label: 'repetitions a request', value: 50, unit: 'count' },
      { label: "share of the request's time", value: 0.61, unit: 'ratio' },
      { label: 'sent at', value: 'src/routes/conversations.ts:64', unit: 'text' },
      { label: 'statement', value: MEMBER, unit: 'text' },
      { label: 'query id', value: '8123456789089, 8123456789090', unit: 'text' },
    ],
    remedy: undefined,
    openedAt: ago(1_200_000),
  }),
]

/** `isWell`: nothing found, nobody waits. */
export function applicationDetail(
  of: ApplicationWire,
  span: { from: number; to: number },
  isWell = false,
): ApplicationDetailWire {
  const labels = { application: of.application }
  const isStock = of.sdk !== 'pgsteward'
  return applicationDetailWire.parse({
    application: of,
    series: [
      ...(isStock
        ? []
        : [
            series('application-requests-per-second', 'perSecond', span, 41, labels),
            series('application-request-p95', 'ms', span, isWell ? 70 : 900, labels),
            {
              ...series('application-error-ratio', 'count', span, isWell ? 0 : 0.02, labels),
              unit: 'ratio',
            },
          ]),
      series('application-queries-per-second', 'perSecond', span, 180, labels),
      ...of.pools.flatMap(({ instance, pool, used }) => [
        series('pool-used', 'count', span, used, { ...labels, instance, pool }),
        series('pool-waiting', 'count', span, isWell ? 0 : 4, { ...labels, instance, pool }),
      ]),
    ],
    routes: isStock ? [] : routes,
    models: isStock ? [] : models,
    queries: isStock
      ? [
          sent({
            name: 'SELECT invoices',
            application: of.application,
            fingerprint: 'ab',
            text: 'select * from invoices where due_on < $1',
          }),
        ]
      : queries,
    calls: isStock ? [] : calls,
    metrics: isStock ? [] : metrics,
    repeats: isStock || isWell ? [] : repeats,
    findings: isStock || isWell ? [] : applicationFindings,
  })
}

export const slowQueries: readonly SlowQueryWire[] = Array.from({ length: 24 }, (_, place) =>
  slowQueryWire.parse({
    id: `slow-${place}`,
    at: ago(place * 41_000 + 9000),
    application: place % 7 === 3 ? 'billing-worker' : 'messaging',
    fingerprint: place % 3 === 0 ? '77aa90b1d7e38f2c' : '8f2c41aa90b1d7e3',
    text: place % 3 === 0 ? DELIVERY : INBOX,
    durationMs: 520 + ((place * 733) % 3100),
    waitedForPoolMs: place % 4 === 0 ? 1830 : 0,
    severity: 520 + ((place * 733) % 3100) >= 2000 ? 'critical' : 'warning',
    rows: place % 3 === 0 ? 1 : 50,
    caller: place % 3 === 0 ? 'src/broadcasts/send.ts:33' : 'src/routes/conversations.ts:58',
    route: place % 3 === 0 ? 'POST /broadcasts/:id/send' : 'GET /conversations/:id',
    model: place % 3 === 0 ? 'Delivery' : 'Message',
    action: place % 3 === 0 ? 'create' : 'findMany',
    parameters: place % 5 === 4 ? null : ['4711', '[redacted]', HOSTILE],
    database: 'messaging',
    traceId: place % 2 === 0 ? '4bf92f3577b34da6a3ce929d0e0e4736' : null,
    sqlState: place === 6 ? '57014' : null,
    source: 'application',
    queryIds: place % 3 === 0 ? [] : ['-5561034'],
  }),
)

/** Narrowed as the server does. */
export function slowQueriesAnswer(query: URLSearchParams): SlowQueriesWire {
  const latest = slowQueries.filter((one) =>
    (['application', 'route', 'fingerprint'] as const).every(
      (name) => (query.get(name) ?? one[name]) === one[name],
    ),
  )
  const groups = Map.groupBy(latest, ({ fingerprint, application }) => `${fingerprint} ${application}`)
  return slowQueriesWire.parse({
    groups: [...groups.values()].map((rows) => {
      const [first] = rows
      const times = rows.map(({ durationMs }) => durationMs)
      const totalMs = times.reduce((sum, ms) => sum + ms, 0)
      return slowQueryGroupWire.parse({
        ...first,
        count: rows.length,
        totalMs,
        meanMs: totalMs / rows.length,
        maxMs: Math.max(...times),
        lastAt: first?.at,
      })
    }),
    latest: latest.slice(0, Number(query.get('limit') ?? 100)),
    kept: slowQueries.length,
    dropped: 0,
    hasSource: true,
  })
}
