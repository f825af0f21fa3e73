// Sums samples up by minute, in bounded memory: what sessions have in common, and the levels beside it.

import type { ActivityGroup, ActivityMinute } from '../../model/activity.ts'
import type { Milliseconds } from '../../model/units.ts'
import { isActive, isIdleInTransaction, type SampledSession } from './sampled-session.ts'
import type { ActivitySample } from './sampler.ts'

const MINUTE_MS = 60_000
/** Of a minute. Beyond, a session counts with its wait alone. */
const MAX_GROUPS = 200
const OTHER = '(other)'
/** A sample stands for the time since the one before, but not for a gap. */
const GAP_MS = 10_000

interface Sums {
  readonly at: Date
  readonly startedAt: Date
  seconds: number
  readonly groups: Map<string, { -readonly [K in keyof ActivityGroup]: ActivityGroup[K] }>
  peakActive: number
  idleInTransaction: number
  blocked: number
  oldestTransactionMs: Milliseconds | null
  oldestXminAge: number | null
}

export class ActivityRollup {
  readonly #everyMs: Milliseconds
  #sums: Sums | null = null
  #lastAt: number | null = null

  constructor(everyMs: Milliseconds) {
    this.#everyMs = everyMs
  }

  /** Returns the minute before when this sample begins another. `paceMs`: between samples now. */
  add(sample: ActivitySample, paceMs: Milliseconds = this.#everyMs): ActivityMinute | null {
    const now = sample.at.getTime()
    const sinceMs = this.#lastAt === null ? paceMs : now - this.#lastAt
    const seconds = Math.min(Math.max(sinceMs, 0), Math.max(GAP_MS, paceMs * 2)) / 1000
    this.#lastAt = now
    const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS
    const before = this.#sums?.at.getTime() === minute ? null : this.current()
    if (this.#sums === null || this.#sums.at.getTime() !== minute)
      this.#sums = newSums(new Date(minute), sample.at)
    addSample(this.#sums, sample, seconds)
    return before
  }

  /** What the minute that fills has so far. */
  current(): ActivityMinute | null {
    const sums = this.#sums
    if (sums === null || sums.seconds === 0) return null
    return {
      at: sums.at,
      startedAt: sums.startedAt,
      samples: sums.seconds,
      groups: [...sums.groups.values()].sort((a, b) => b.sessions - a.sessions),
      peakActive: sums.peakActive,
      idleInTransactionMean: sums.idleInTransaction / sums.seconds,
      blockedMean: sums.blocked / sums.seconds,
      oldestTransactionMs: sums.oldestTransactionMs,
      oldestXminAge: sums.oldestXminAge,
    }
  }
}

function newSums(at: Date, startedAt: Date): Sums {
  return {
    at,
    startedAt,
    seconds: 0,
    groups: new Map(),
    peakActive: 0,
    idleInTransaction: 0,
    blocked: 0,
    oldestTransactionMs: null,
    oldestXminAge: null,
  }
}

function addSample(sums: Sums, { sessions }: ActivitySample, seconds: number): void {
  let active = 0
  for (const session of sessions) {
    if (isIdleInTransaction(session)) sums.idleInTransaction += seconds
    if (session.waitType === 'Lock') sums.blocked += seconds
    if (session.backendType === 'client backend')
      sums.oldestTransactionMs = mostOf(sums.oldestTransactionMs, session.transactionMs)
    sums.oldestXminAge = mostOf(sums.oldestXminAge, session.xminAge)
    if (!isActive(session)) continue
    active += 1
    groupOf(sums, session).sessions += seconds
  }
  sums.seconds += seconds
  sums.peakActive = Math.max(sums.peakActive, active)
}

function groupOf(sums: Sums, session: SampledSession) {
  const { waitType, waitEvent } = session
  const group = {
    waitType,
    waitEvent,
    queryId: session.queryId,
    database: session.database,
    user: session.user,
    application: session.backendType === 'autovacuum worker' ? '(autovacuum)' : session.application,
    sessions: 0,
  }
  const key = JSON.stringify(Object.values(group))
  const known = sums.groups.get(key)
  if (known !== undefined) return known
  const other = { ...group, queryId: null, database: null, user: null, application: OTHER }
  const isFull = sums.groups.size >= MAX_GROUPS
  const otherKey = JSON.stringify(Object.values(other))
  const added = isFull ? (sums.groups.get(otherKey) ?? other) : group
  sums.groups.set(isFull ? otherKey : key, added)
  return added
}

function mostOf(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.max(a, b)
}
