// What an application tells, for unit tests: an ordinary, healthy one, of which a test names what matters to it.

import type { ApplicationPool } from '../../src/facts/application-pools.ts'
import type { ApplicationQuery } from '../../src/facts/application-queries.ts'
import type { ApplicationReading, JudgedApplication } from '../../src/facts/application-reading.ts'
import type { ApplicationRepeat } from '../../src/facts/application-repeats.ts'
import type { ApplicationSlowQuery } from '../../src/facts/application-slow-queries.ts'
import type { SlowQueryRate } from '../../src/facts/slow-query-rates.ts'
import type { WeeklyHours } from '../../src/facts/weekly-baseline.ts'
import type { DurationCounts, OperationTotals } from '../../src/model/application.ts'
import { DurationSums, EMPTY } from '../../src/stats/duration-histogram.ts'
import { ago, NOW } from '../judge.ts'

export function judgedApplication(over: Partial<JudgedApplication> = {}): JudgedApplication {
  return {
    application: 'shop',
    sdk: 'pgsteward',
    version: '1.0.0',
    environment: 'test',
    firstSeenAt: ago(86_400_000),
    lastSeenAt: ago(5_000),
    instances: [],
    dropped: {},
    window: { from: ago(600_000), to: NOW },
    isSilent: false,
    ...over,
  }
}

export function readingOf<Row>(
  rows: readonly Row[],
  over: Partial<ApplicationReading<Row>> = {},
): ApplicationReading<Row> {
  return { isReporting: true, applications: [judgedApplication()], rows, ...over }
}

/** What a store answers to which no application ever reported. */
export const NOBODY: ApplicationReading<never> = { isReporting: false, applications: [], rows: [] }

function totals(over: Partial<OperationTotals>): OperationTotals {
  const count = over.count ?? 100
  const p95Ms = over.p95Ms === undefined ? 20 : over.p95Ms
  return {
    application: 'shop',
    kind: 'request',
    name: 'GET /parcels',
    route: null,
    fingerprint: null,
    model: null,
    action: null,
    caller: null,
    labels: null,
    count,
    errors: 0,
    totalMs: count * 10,
    maxMs: 2 * (p95Ms ?? 10),
    rows: count,
    queryMs: 0,
    skippedRows: 0,
    p50Ms: p95Ms === null ? null : p95Ms / 2,
    p95Ms,
    p99Ms: p95Ms,
    durations: p95Ms === null ? null : durationsOf(count, over.p50Ms ?? p95Ms / 2, p95Ms),
    lastAt: ago(5_000),
    ...over,
  }
}

/** Nine in ten at the median, the others at the 95th percentile; a bucket is 9 % wide. */
function durationsOf(count: number, p50Ms: number, p95Ms: number): DurationCounts {
  const sums = new DurationSums()
  sums.addDuration(p50Ms, count * 0.9)
  sums.addDuration(p95Ms, count * 0.1)
  return sums.counts() ?? EMPTY
}

/** A hundred requests of 10 ms with three statements each. */
export function requestRow(over: Partial<OperationTotals> = {}): OperationTotals {
  const count = over.count ?? 100
  return totals({ rows: 3 * count, queryMs: 3 * count, ...over })
}

/** `GET /parcels` finds parcels, at src/parcels.ts:12. */
export function queryRow(over: Partial<ApplicationQuery> = {}): ApplicationQuery {
  return {
    ...totals({
      kind: 'query',
      name: 'SELECT parcel',
      route: 'GET /parcels',
      fingerprint: 'f1',
      model: 'Parcel',
      action: 'findMany',
      caller: 'src/parcels.ts:12',
      ...over,
    }),
    queryIds: over.queryIds ?? ['42'],
  }
}

export function callRow(over: Partial<OperationTotals> = {}): OperationTotals {
  return totals({ kind: 'call', name: 'POST carrier.example:443', route: 'POST /parcels', rows: 0, ...over })
}

export function metricRow(over: Partial<OperationTotals> = {}): OperationTotals {
  return totals({ kind: 'metric', name: 'carrier.send', rows: 0, ...over })
}

/** A thousand an hour, this week as in the four before. */
export function weeklyRow(over: Partial<WeeklyHours> = {}): WeeklyHours {
  return {
    application: 'shop',
    name: 'subscriptions.created',
    kind: 'count',
    latest: 1_000,
    before: [1_000, 1_000, 1_000, 1_000],
    ...over,
  }
}

/** Twelve statements a request, one for each row of a list. */
export function repeatRow(over: Partial<ApplicationRepeat> = {}): ApplicationRepeat {
  return {
    application: 'shop',
    fingerprint: 'f2',
    text: 'select * from recipient where parcel_id = ?',
    route: 'GET /parcels',
    model: 'Recipient',
    action: 'findUnique',
    caller: 'src/parcels.ts:41',
    requests: 30,
    repetitions: 360,
    totalMs: 720,
    lastAt: ago(5_000),
    queryIds: ['43'],
    since: null,
    ...over,
  }
}

export function slowQueryGroup(over: Partial<ApplicationSlowQuery> = {}): ApplicationSlowQuery {
  return {
    fingerprint: 'f1',
    text: 'select * from parcel where place = ?',
    application: 'shop',
    route: 'GET /parcels',
    model: 'Parcel',
    action: 'findMany',
    caller: 'src/parcels.ts:12',
    count: 3,
    totalMs: 2400,
    maxMs: 900,
    lastAt: ago(5_000),
    queryIds: ['42'],
    ...over,
  }
}

/** Three statements within five minutes. */
export function slowQueryRate(over: Partial<SlowQueryRate> = {}): SlowQueryRate {
  return { slow: 3, critical: 0, windowMs: 300_000, groups: [], ...over }
}

/** A pool of ten, three at work. */
export function poolRow(over: Partial<ApplicationPool> = {}): ApplicationPool {
  return {
    application: 'shop',
    instance: 'host/1',
    toldAt: ago(5_000),
    pool: 'app',
    max: 10,
    used: 3,
    idle: 4,
    waiting: 0,
    waitP95Ms: 0,
    oldestCheckoutMs: 20,
    oldestCheckoutBy: null,
    ...over,
  }
}
