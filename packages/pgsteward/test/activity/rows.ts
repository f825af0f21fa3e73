// Ordinary rows of activity for unit tests of checks: what a test is about comes last.

import type { ActivityGroup, BlockedSession, BlockingIncident } from '../../src/model/activity.ts'
import { ago } from '../judge.ts'

export function group(over: Partial<ActivityGroup> = {}): ActivityGroup {
  return {
    waitType: null,
    waitEvent: null,
    queryId: '7',
    database: 'app',
    user: 'app',
    application: 'web',
    sessions: 900,
    ...over,
  }
}

export function session(over: Partial<BlockedSession> = {}): BlockedSession {
  return {
    pid: 1,
    startedAt: ago(3_600_000),
    database: 'app',
    user: 'app',
    application: 'web',
    state: 'idle in transaction',
    queryId: '-77',
    query: 'update parcel set weight = 1',
    caller: 'src/import.ts:9',
    transactionMs: 5_000,
    waitsFor: null,
    ...over,
  }
}

export function incident(over: Partial<BlockingIncident> = {}): BlockingIncident {
  const waitsFor = {
    lockType: 'transactionid',
    lockMode: 'ShareLock',
    relation: 'public.parcel',
    waitedMs: 4_000,
    blockedBy: [1],
  }
  return {
    id: 'a',
    startedAt: ago(60_000),
    endedAt: ago(50_000),
    root: session(),
    waiting: [
      session({
        pid: 2,
        state: 'active',
        query: 'update parcel set weight = 2',
        caller: 'GET /parcels',
        waitsFor,
      }),
    ],
    peakWaiting: 3,
    longestWaitMs: 4_000,
    lostMs: 12_000,
    ...over,
  }
}
