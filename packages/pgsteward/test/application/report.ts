// A report as it comes out of the door: an application that serves `GET /shelves` with one statement, a pool, a slow query and N+1.

import type { ApplicationReport, OperationIncrease, SlowQuery } from '../../src/model/application.ts'
import { fingerprintOf } from '../../src/sql/fingerprint.ts'
import { operation as operationOf } from '../store/application-report.ts'

export const STATEMENT = 'select place from shelf where id = $1'
export const FINGERPRINT = fingerprintOf(STATEMENT)

export function operation(
  over: Partial<OperationIncrease> & Pick<OperationIncrease, 'kind' | 'name'>,
  durationsMs: readonly number[],
): OperationIncrease {
  const nowhere = { route: null, fingerprint: null, model: null, action: null, caller: null }
  return operationOf(durationsMs, { ...nowhere, ...over })
}

export function slowQuery(at: Date, over: Partial<SlowQuery> = {}): SlowQuery {
  return {
    at,
    fingerprint: FINGERPRINT,
    text: 'select place from shelf where id = ?',
    durationMs: 700,
    waitedForPoolMs: 3,
    rows: 1,
    caller: 'src/shelves.ts:12',
    route: 'GET /shelves',
    model: 'Shelf',
    action: 'findUnique',
    parameters: ['7'],
    database: 'shop',
    user: null,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    sqlState: null,
    waitEvent: null,
    plan: null,
    source: 'application',
    ...over,
  }
}

export function report(at: Date, over: Partial<ApplicationReport> = {}): ApplicationReport {
  const route = 'GET /shelves'
  const hundred = (ms: number) => Array.from({ length: 100 }, () => ms)
  return {
    source: {
      application: 'shop',
      instance: 'host/1',
      version: '1.2.0',
      environment: 'test',
      sdk: 'pgsteward',
    },
    endpoint: null,
    operations: [
      operation({ kind: 'request', name: route, errors: 2, rows: 200, queryMs: 600 }, hundred(40)),
      operation(
        {
          kind: 'query',
          name: 'SELECT shelf',
          route,
          fingerprint: FINGERPRINT,
          model: 'Shelf',
          action: 'findUnique',
          caller: 'src/shelves.ts:12',
        },
        hundred(4),
      ),
      operation(
        {
          kind: 'query',
          name: 'SELECT shelf',
          route: 'GET /places',
          fingerprint: FINGERPRINT,
          model: 'Shelf',
          action: 'findUnique',
          caller: 'src/places.ts:3',
        },
        [2, 2],
      ),
      operation({ kind: 'call', name: 'POST carrier.example:443', route, errors: 1 }, [300, 500]),
      operation({ kind: 'metric', name: 'carrier.send', route, caller: 'src/carrier.ts:9' }, [300, 500]),
    ],
    levels: [],
    pools: [
      {
        pool: 'app',
        max: 10,
        used: 4,
        idle: 2,
        waiting: 1,
        waitP95Ms: 12,
        oldestCheckoutMs: 150,
        oldestCheckoutBy: 'src/report.ts:8',
      },
    ],
    slowQueries: [slowQuery(at), slowQuery(at, { durationMs: 2500, route: 'GET /places' })],
    repeats: [
      {
        at,
        fingerprint: FINGERPRINT,
        text: 'select place from shelf where id = ?',
        route,
        model: 'Shelf',
        action: 'findUnique',
        caller: 'src/shelves.ts:12',
        repetitions: 24,
        totalMs: 96,
        traceId: null,
      },
    ],
    texts: new Map([[FINGERPRINT, 'select place from shelf where id = ?']]),
    dropped: {},
    ...over,
  }
}
