// Reports made up for tests and benchmarks: what the door would hand over, without an application.

import type {
  ApplicationReport,
  OperationIncrease,
  RepeatedStatement,
  SlowQuery,
} from '../../src/model/application.ts'
import { countDurations } from '../../src/stats/duration-histogram.ts'

export function report(over: Partial<ApplicationReport> = {}): ApplicationReport {
  return {
    source: {
      application: 'messaging',
      instance: 'one',
      version: '1.2.0',
      environment: 'test',
      sdk: 'pgsteward',
    },
    endpoint: { host: '127.0.0.1', port: 5432, database: 'shop' },
    operations: [],
    levels: [],
    pools: [],
    slowQueries: [],
    repeats: [],
    texts: new Map(),
    dropped: {},
    ...over,
  }
}

/** One run for each duration. */
export function operation(
  durationsMs: readonly number[],
  over: Partial<OperationIncrease> = {},
): OperationIncrease {
  return {
    kind: 'query',
    name: 'SELECT member',
    route: 'GET /members',
    fingerprint: 'f00000000000000d',
    model: 'Member',
    action: 'findMany',
    caller: 'src/routes/members.ts:41',
    labels: null,
    count: durationsMs.length,
    errors: 0,
    totalMs: durationsMs.reduce((sum, each) => sum + each, 0),
    maxMs: Math.max(0, ...durationsMs),
    rows: durationsMs.length,
    queryMs: 0,
    skippedRows: 0,
    histogram: countDurations(durationsMs),
    ...over,
  }
}

export function slowQuery(at: Date, over: Partial<SlowQuery> = {}): SlowQuery {
  return {
    at,
    fingerprint: 'f00000000000000d',
    text: 'select * from member where church_id = $1',
    durationMs: 700,
    waitedForPoolMs: 3,
    rows: 12,
    caller: 'src/routes/members.ts:41',
    route: 'GET /members',
    model: 'Member',
    action: 'findMany',
    parameters: ['7', '?'],
    database: 'shop',
    user: null,
    traceId: '0123456789abcdef0123456789abcdef',
    sqlState: null,
    waitEvent: null,
    plan: null,
    source: 'application',
    ...over,
  }
}

export function repeated(at: Date, over: Partial<RepeatedStatement> = {}): RepeatedStatement {
  return {
    at,
    fingerprint: 'f00000000000000d',
    text: 'select * from member where church_id = $1',
    route: 'GET /members',
    model: 'Member',
    action: 'findUnique',
    caller: 'src/routes/members.ts:52',
    repetitions: 30,
    totalMs: 45,
    traceId: null,
    ...over,
  }
}
