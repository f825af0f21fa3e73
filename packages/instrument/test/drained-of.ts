// A drain with what a test is about, and nothing else.

import type {
  Drained,
  DurationHistogram,
  Endpoint,
  QueryIdentity,
  QueryIncrease,
} from '../src/record/drained.ts'

export const endpoint: Endpoint = { host: 'db.example', port: 5432, database: 'shop' }

export function drainedOf(over: Partial<Drained> = {}): Drained {
  return {
    from: 1_700_000_000_000,
    to: 1_700_000_015_000,
    queries: [],
    requests: [],
    calls: [],
    metrics: [],
    pools: [],
    slowQueries: [],
    repeats: [],
    dropped: {},
    ...over,
  }
}

/** All in one bucket. */
export function durationOf(ms: number, count = 1): DurationHistogram {
  return {
    count,
    sumMs: ms * count,
    maxMs: ms,
    zeroCount: 0,
    offset: Math.ceil(Math.log2(ms) * 8) - 1,
    counts: [count],
  }
}

export function identityOf(over: Partial<QueryIdentity> = {}): QueryIdentity {
  return {
    fingerprint: '0123456789abcdef',
    text: 'select * from member where id = $1',
    summary: 'SELECT member',
    operation: 'SELECT',
    collection: 'member',
    endpoint,
    model: 'Member',
    action: 'findUnique',
    route: 'GET /members/:id',
    caller: { file: 'src/members.ts', line: 12, function: 'load' },
    ...over,
  }
}

export function queryOf(over: Partial<QueryIncrease> = {}): QueryIncrease {
  return { ...identityOf(), duration: durationOf(3, 2), errors: 0, rows: 2, skippedRows: 0, ...over }
}
