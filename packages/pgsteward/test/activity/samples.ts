// Hand-made samples for unit tests: sessions by pid with what is told of them, and who waits for whom.

import type { BlockingEdge } from '../../src/collect/activity/blocking-edges.ts'
import type { SampledSession } from '../../src/collect/activity/sampled-session.ts'
import type { ActivitySample } from '../../src/collect/activity/sampler.ts'

export const T0 = Date.UTC(2026, 9, 5, 8, 0)

export function sampled(pid: number, over: Partial<SampledSession> = {}): SampledSession {
  return {
    pid,
    startedAt: new Date(T0 - 3_600_000),
    backendType: 'client backend',
    leaderPid: null,
    databaseOid: '5',
    userOid: '10',
    database: 'app',
    user: 'app',
    application: 'web',
    state: 'active',
    waitType: null,
    waitEvent: null,
    queryId: String(pid),
    transactionMs: 100,
    queryMs: 50,
    stateMs: 50,
    transactionKey: pid,
    queryKey: pid,
    xminAge: 1,
    ...over,
  }
}

/** `pid waits for others since`. */
export function edge(pid: number, blockedBy: readonly number[], waitedMs: number): BlockingEdge {
  return {
    pid,
    blockedBy,
    lockType: 'transactionid',
    lockMode: 'ShareLock',
    relation: 'public.parcel',
    waitedMs,
    prepared: null,
  }
}

export function sampleAt(
  seconds: number,
  sessions: readonly SampledSession[],
  edges: readonly BlockingEdge[] | null = [],
): ActivitySample {
  return { at: new Date(T0 + seconds * 1000), sessions, edges, texts: new Map(), newTexts: new Map() }
}
