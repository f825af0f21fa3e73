// Thirty days of a big target up to now, for the dashboard's benchmark: every table of the store that a page reads is filled.

import { configSchema } from '../packages/pgsteward/src/app/config/config-schema.ts'
import { retentionPolicy } from '../packages/pgsteward/src/app/upkeep.ts'
import { ALL_CHECKS } from '../packages/pgsteward/src/checks/all.ts'
import { connections } from '../packages/pgsteward/src/facts/connections.ts'
import { databaseSizes } from '../packages/pgsteward/src/facts/database-sizes.ts'
import { databases } from '../packages/pgsteward/src/facts/databases.ts'
import { statementTotals } from '../packages/pgsteward/src/facts/statement-totals.ts'
import { tables } from '../packages/pgsteward/src/facts/tables.ts'
import type { ActivityGroup } from '../packages/pgsteward/src/model/activity.ts'
import type { Reading } from '../packages/pgsteward/src/model/fact.ts'
import type { OpenedStore } from '../packages/pgsteward/src/store/postgres-store.ts'
import { databaseRow, tableRow } from '../packages/pgsteward/test/rows.ts'
import { operation, report, slowQuery } from '../packages/pgsteward/test/store/application-report.ts'
import { intervalReading, STATEMENTS_FACT, snapshotOf } from '../packages/pgsteward/test/store/synthetic.ts'
import { ACTIVE_IN_A_BIG_TARGET, bigInterval, DAYS, fillBigTarget } from './store-data.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const TARGET = 'big'
const DATABASE = 'shop'

export const TABLE_COUNT = 300
/** Groups of sessions in a minute, and in an hour's row. */
const GROUPS = 60
const ROUTES = 60
const CALL_SITES = 240
const SLOW_AN_HOUR = 20
const LOGGED_AN_HOUR = 40
const PROBE = { kind: 'http', name: 'shop' } as const

/** The latest moment up to `now` that fillBigTarget takes: four minutes after full five. */
export function filledUntil(now: Date): Date {
  const five = 5 * MINUTE_MS
  return new Date(Math.floor((now.getTime() - 4 * MINUTE_MS) / five) * five + 4 * MINUTE_MS)
}

export async function fillThirtyDays(
  store: OpenedStore,
  until: Date,
  progress: (text: string) => void,
): Promise<void> {
  // between the moments of the statements: two readings at one are one
  const begin = Math.floor((until.getTime() - DAYS * DAY_MS) / HOUR_MS) * HOUR_MS + MINUTE_MS / 2
  const recent = Math.floor(until.getTime() / HOUR_MS) * HOUR_MS - HOUR_MS + MINUTE_MS / 2
  await store.declareProbes(
    TARGET,
    [{ ...PROBE, address: 'https://shop.example.com/health', everyMs: 5 * MINUTE_MS, slo: 0.999 }],
    new Date(begin),
  )
  const moments: { readonly at: Date; readonly seconds: number }[] = []
  for (let at = begin; at < recent; at += HOUR_MS) moments.push({ at: new Date(at), seconds: 3_600 })
  for (let at = recent; at <= until.getTime(); at += MINUTE_MS)
    moments.push({ at: new Date(at), seconds: 60 })
  progress(`${moments.length} moments of series, sessions, applications and logs`)
  for (const { at, seconds } of moments) {
    await saveSeries(store, at, seconds)
    await saveSessions(store, at, seconds)
    await store.saveReport(TARGET, reportAt(at, seconds), at)
    await saveLogged(store, at, seconds)
    await saveProbes(store, at, seconds)
  }
  progress('statements')
  await fillBigTarget(store, until)
  await store.saveTexts(
    TARGET,
    new Map(Array.from({ length: ACTIVE_IN_A_BIG_TARGET }, (_, id) => [String(id), textOf(id)])),
  )
  // the last hour and a half at full grain, as an hour's chart reads it
  for (let minute = 90; minute > 4; minute--)
    await store.saveSnapshot(bigInterval(0, new Date(until.getTime() - minute * MINUTE_MS)), [
      STATEMENTS_FACT,
    ])
  await store.applyRetention(retentionPolicy(configSchema(ALL_CHECKS).parse({})), until)
  await store.database.query('vacuum analyze')
}

function textOf(id: number): string {
  return `select ${Array.from({ length: 4 + (id % 12) }, (_, column) => `column_${column}`).join(', ')} from table_${id % TABLE_COUNT} where key_${id} = $1 order by created_at desc limit $2`
}

/** 0.1 to 1, by the hour of the day. */
function busyness(at: Date): number {
  return 0.1 + 0.9 * Math.max(0, Math.sin(((at.getUTCHours() + at.getUTCMinutes() / 60 - 5) / 16) * Math.PI))
}

/** 0 to 1, the same for the same moment and channel. */
function noise(at: Date, channel: number): number {
  const hash = Math.imul(Math.floor(at.getTime() / MINUTE_MS) ^ (channel * 40_503), 2_654_435_761)
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32
}

async function saveSeries(store: OpenedStore, at: Date, seconds: number): Promise<void> {
  const busy = busyness(at) * (0.9 + 0.2 * noise(at, 1))
  const calls = Math.round(3_000 * busy * seconds)
  const days = at.getTime() / DAY_MS - 20_000
  const rows = (...all: readonly unknown[]): Reading => ({ status: 'rows', rows: all, at, tookMs: 1 })
  const isFull = at.getUTCMinutes() === 0
  await store.saveSnapshot(
    snapshotOf(TARGET, at, {
      'statement-totals': intervalReading(at, seconds, [
        { calls, execMs: calls * 0.8, rows: calls * 3, ownCalls: 0, ownExecMs: 0 },
      ]),
      databases: intervalReading(at, seconds, [
        databaseRow({
          database: DATABASE,
          commits: calls,
          rollbacks: 0,
          blocksHit: calls * 40,
          blocksRead: Math.round(calls * 0.4 * noise(at, 2)),
          tempBytes: Math.round(seconds * 50_000 * noise(at, 3)),
        }),
      ]),
      connections: rows({
        maxConnections: 200,
        reservedConnections: 3,
        usableConnections: 197,
        total: 40 + Math.round(60 * busy),
        active: Math.round(1 + 20 * busy),
        idle: 40,
        idleInTransaction: Math.round(3 * noise(at, 4)),
        blocked: 0,
        own: 1,
        oldestTransactionMs: 400,
      }),
      // catalogs are read more slowly
      ...(isFull ? { tables: rows(...tableRows(days)), 'database-sizes': rows(sizeRow(days)) } : {}),
    }),
    [statementTotals, databases, connections, tables, databaseSizes],
  )
}

function tableRows(days: number): readonly unknown[] {
  return Array.from({ length: TABLE_COUNT }, (_, index) => {
    const heapBytes = Math.round((index + 1) * 1_000_000 * (1 + 0.003 * days))
    return tableRow({
      database: DATABASE,
      name: `table_${index}`,
      heapBytes,
      tableBytes: heapBytes,
      indexBytes: heapBytes,
      totalBytes: 2 * heapBytes,
    })
  })
}

const sizeRow = (days: number) => ({
  database: DATABASE,
  sizeBytes: Math.round(9e10 * (1 + 0.003 * days)),
})

/** An hour that is over is one row, as folding leaves it. */
async function saveSessions(store: OpenedStore, at: Date, seconds: number): Promise<void> {
  const waits = [
    [null, null],
    ['IO', 'DataFileRead'],
    ['Lock', 'transactionid'],
    ['LWLock', 'WALWrite'],
    ['Client', 'ClientRead'],
  ] as const
  const groups = Array.from({ length: GROUPS }, (_, index): ActivityGroup => {
    const [waitType, waitEvent] = waits[index % waits.length]!
    return {
      waitType,
      waitEvent,
      queryId: String((index * 37) % ACTIVE_IN_A_BIG_TARGET),
      database: DATABASE,
      user: `user_${index % 4}`,
      application: `application_${index % 6}`,
      sessions: (seconds * busyness(at) * noise(at, index)) / 4,
    }
  })
  await store.saveActivity(TARGET, {
    at,
    // a minute that stands for its hour: folding makes the hour's row of it
    samples: seconds,
    groups,
    peakActive: 30,
    idleInTransactionMean: 1,
    blockedMean: 0.2,
    oldestTransactionMs: 900,
    oldestXminAge: 1_000,
  })
}

function reportAt(at: Date, seconds: number) {
  const spread = (meanMs: number) => [0.4, 0.6, 0.8, 1, 1.3, 2.4].map((share) => share * meanMs)
  const busy = busyness(at)
  const requests = Array.from({ length: ROUTES }, (_, index) =>
    operation(spread(20 + index), {
      kind: 'request',
      name: `GET /route-${index}`,
      route: null,
      fingerprint: null,
      model: null,
      action: null,
      caller: null,
      count: Math.ceil(seconds * busy),
      totalMs: seconds * busy * (20 + index),
    }),
  )
  const queries = Array.from({ length: CALL_SITES }, (_, index) =>
    operation(spread(1 + index / 20), {
      name: `SELECT table_${index}`,
      route: `GET /route-${index % ROUTES}`,
      fingerprint: index.toString(16).padStart(16, 'f'),
      model: `Model${index}`,
      caller: `src/routes/route-${index % ROUTES}.ts:${index}`,
      count: Math.ceil(seconds * busy * 2),
      totalMs: seconds * busy * (1 + index / 20),
    }),
  )
  const many = Math.ceil((SLOW_AN_HOUR * seconds) / 3_600)
  return report({
    source: {
      application: 'shop-api',
      instance: 'one',
      version: '1.2.0',
      environment: 'production',
      sdk: 'pgsteward',
    },
    operations: [...requests, ...queries],
    slowQueries: Array.from({ length: many }, (_, index) =>
      slowQuery(new Date(at.getTime() - index * 1_000), {
        fingerprint: (index % CALL_SITES).toString(16).padStart(16, 'f'),
        text: textOf(index),
        durationMs: 500 + 4_000 * noise(at, index),
        database: DATABASE,
      }),
    ),
  })
}

async function saveLogged(store: OpenedStore, at: Date, seconds: number): Promise<void> {
  const many = Math.ceil((LOGGED_AN_HOUR * seconds) / 3_600)
  const classes = ['deadlock', 'lock-waiting', 'unique-violation', 'temporary-file'] as const
  const events = Array.from({ length: many }, (_, index) => ({
    at: new Date(at.getTime() - index * 1_000),
    class: classes[index % classes.length]!,
    severity: 'ERROR' as const,
    sqlState: '40P01',
    pid: 4_711,
    user: 'app',
    database: DATABASE,
    application: 'shop-api',
    client: '10.0.0.7',
    queryId: null,
    fingerprint: null,
    query: textOf(index),
    message: `process 4711 said something long about relation table_${index}`,
    detail: null,
    hint: null,
    context: null,
    durationMs: null,
    parameters: null,
    plan: null,
    figures: {},
  }))
  const counts = classes.map((each) => {
    const own = events.filter((event) => event.class === each)
    return {
      at: new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS),
      class: each,
      severity: 'ERROR' as const,
      database: DATABASE,
      count: own.length,
      firstAt: at,
      lastAt: at,
    }
  })
  await store.saveLog(
    TARGET,
    {
      events,
      counts: counts.filter(({ count }) => count > 0),
      sources: [
        {
          source: 'file',
          lastAt: at,
          lines: many,
          bytes: many * 200,
          unknown: 0,
          unreadable: 0,
          because: null,
          position: null,
        },
      ],
      slowQueries: [],
    },
    at,
  )
}

async function saveProbes(store: OpenedStore, at: Date, seconds: number): Promise<void> {
  const step = Math.min(seconds * 1_000, 10 * MINUTE_MS)
  for (let within = 0; within < seconds * 1_000; within += step) {
    const isUp = noise(new Date(at.getTime() + within), 9) > 0.002
    await store.saveProbeAttempt(
      TARGET,
      PROBE,
      {
        at: new Date(at.getTime() + within),
        isUp,
        error: isUp ? null : 'it answered 503',
        tookMs: 14,
        phases: { answer: 12 },
        status: isUp ? 200 : 503,
        certificateExpiresAt: null,
      },
      false,
    )
  }
}
