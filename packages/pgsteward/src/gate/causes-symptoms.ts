// What else appeared on one side only: waits, a full pool, a lost cache, errors; and time that is not the database's at all.

import type { Cause } from '../model/comparison.ts'
import type { DatabaseEvidence } from '../model/load-run.ts'
import { digits } from './causes-reasons.ts'
import type { Side } from './causes-side.ts'
import { msWords, numberWords, percentWords } from './causes-words.ts'

/** Of a request's growth. */
const LEAST_OF_GROWTH = 0.1
/** Half of a request's growth has to be outside before the database is out of it. */
const OUTSIDE = 0.5
/** Growth of a request below this is none. */
const LEAST_GROWTH = 0.05

export function waitCauses(base: Side, head: Side): readonly Cause[] {
  const growthMs = Math.abs(head.requestMs - base.requestMs)
  return [...head.waits]
    .filter(([name, ms]) => {
      const earlier = base.waits.get(name) ?? 0
      const moreMs = ms - earlier
      return (
        moreMs >= LEAST_OF_GROWTH * growthMs && ms >= 2 * earlier && moreMs >= 0.02 * base.requestMs && ms > 0
      )
    })
    .sort(([, a], [, b]) => b - a)
    .map(([name, ms]) => {
      const earlier = base.waits.get(name) ?? 0
      return {
        kind: 'wait',
        subject: name,
        queryId: null,
        summary: `Sessions wait for ${waitMeaning(name)} (${name}) ${msWords(ms)} a request, ${earlier === 0 ? 'not at all' : msWords(earlier)} before.`,
        evidence: [
          { label: 'waited a request before', value: digits(earlier), unit: 'ms' },
          { label: 'waited a request now', value: digits(ms), unit: 'ms' },
        ],
        share: shareOf(ms - earlier, base, head),
      }
    })
}

export function waitMeaning(name: string): string {
  const [type = '', event = ''] = name.split(':')
  if (/^BufFile/.test(event)) return 'temporary files of sorts and hashes'
  if (/^WAL/.test(event)) return 'the write-ahead log'
  return (
    {
      Lock: "each other's locks",
      LWLock: "the server's own short locks",
      IO: 'the disk',
      Client: 'the application to take or send data',
      IPC: 'other processes of the server',
      BufferPin: 'a block that another session holds',
      Timeout: 'a pause to pass',
      Extension: 'an extension',
    }[type] ?? 'something'
  )
}

export function poolCauses(base: Side, head: Side): readonly Cause[] {
  return [...head.pools.values()].flatMap((pool) => {
    const before = base.pools.get(pool.name)
    if (!isSaturated(pool) || (before !== undefined && isSaturated(before))) return []
    return [
      {
        kind: 'pool',
        subject: pool.name,
        queryId: null,
        summary: `${poolWords(pool)}${before === undefined ? '' : `; before, at most ${before.usedMax} were in use`}.`,
        evidence: poolEvidence(pool),
        share: null,
      },
    ]
  })
}

/** All in use and somebody waiting. */
export function isSaturated({ max, usedMax, waitingMax }: DatabaseEvidence['pools'][number]): boolean {
  return waitingMax > 0 && (max === null || usedMax >= max)
}

export function poolWords({
  name,
  max,
  usedMax,
  waitingMax,
  waitP95Ms,
}: DatabaseEvidence['pools'][number]): string {
  return `All ${max ?? usedMax} connections of pool ${name} were in use and up to ${waitingMax} ${waitingMax === 1 ? 'caller' : 'callers'} waited for one${waitP95Ms === null ? '' : ` (95 % of all waits up to ${msWords(waitP95Ms)})`}`
}

export function poolEvidence({
  max,
  usedMax,
  waitingMax,
}: DatabaseEvidence['pools'][number]): Cause['evidence'] {
  return [
    { label: 'used at most', value: usedMax, unit: 'count' },
    ...(max === null ? [] : [{ label: 'of', value: max, unit: 'count' as const }]),
    { label: 'waiting at most', value: waitingMax, unit: 'count' },
  ]
}

/** Two of a hundred blocks from outside the cache are many more reads. */
const LOST = 0.02

export function cacheCauses(base: Side, head: Side): readonly Cause[] {
  const [before, after] = [base.cacheHitRatio, head.cacheHitRatio]
  if (before === null || after === null || before - after < LOST) return []
  return [
    {
      kind: 'cache',
      subject: 'shared buffers',
      queryId: null,
      summary: `The cache hit ratio fell from ${fine(before)} to ${fine(after)}: ${numberWords((1 - after) / Math.max(1 - before, 0.0001))} times as many blocks come from outside.`,
      evidence: [
        { label: 'cache hit before', value: before, unit: 'ratio' },
        { label: 'cache hit now', value: after, unit: 'ratio' },
      ],
      share: null,
    },
  ]
}

function fine(ratio: number): string {
  return `${Number((ratio * 100).toFixed(1))} %`
}

/** One of a hundred requests more that fails. */
const MORE_ERRORS = 0.01

export function errorCauses(base: Side, head: Side): readonly Cause[] {
  if (head.errorRatio - base.errorRatio < MORE_ERRORS) return []
  const kinds = [...head.errorKinds].sort(([, a], [, b]) => b - a).slice(0, 3)
  const deadlocks = head.deadlocks - base.deadlocks
  return [
    {
      kind: 'errors',
      subject: kinds.map(([kind]) => kind).join(', ') || 'errors',
      queryId: null,
      summary: `${fine(head.errorRatio)} of the requests fail, ${fine(base.errorRatio)} before${kinds.length === 0 ? '' : `: ${kinds.map(([kind, count]) => `${kind} ${numberWords(count)} times`).join(', ')}`}${deadlocks > 0 ? `; ${deadlocks} more deadlocks` : ''}.`,
      evidence: [
        { label: 'errors before', value: digits(base.errorRatio), unit: 'ratio' },
        { label: 'errors now', value: digits(head.errorRatio), unit: 'ratio' },
      ],
      share: null,
    },
  ]
}

/** The database's time of a request stayed, the request's grew: then it is in the application, or in what it calls. */
export function applicationCauses(base: Side, head: Side): readonly Cause[] {
  if (base.measured.length === 0 || head.measured.length === 0 || base.requestMs <= 0) return []
  const growthMs = head.requestMs - base.requestMs
  const databaseMs = head.databaseMsPerRequest - base.databaseMsPerRequest
  if (Math.abs(growthMs) < LEAST_GROWTH * base.requestMs) return []
  const outside = 1 - databaseMs / growthMs
  // a request in line behind a slow statement waits outside of the database, too
  if (outside < OUTSIDE || Math.abs(databaseMs) >= 0.2 * Math.abs(growthMs)) return []
  const endpoint = mostGrown(base, head, growthMs < 0 ? -1 : 1)
  const more = growthMs > 0 ? 'more' : 'less'
  return [
    {
      kind: 'application',
      subject: endpoint?.name ?? 'application',
      queryId: null,
      summary: `A request takes ${msWords(Math.abs(growthMs))} ${more}, of which the database has ${databaseMs * Math.sign(growthMs) <= 0 ? 'none' : msWords(Math.abs(databaseMs))}: the time is in the application or in what else it calls${endpoint === null ? '' : `, most of it in ${endpoint.name} (${msWords(endpoint.before)} before, ${msWords(endpoint.now)} now)`}${busyWords(head)}.`,
      evidence: [
        { label: 'a request before', value: digits(base.requestMs), unit: 'ms' },
        { label: 'a request now', value: digits(head.requestMs), unit: 'ms' },
        { label: 'database time of a request before', value: digits(base.databaseMsPerRequest), unit: 'ms' },
        { label: 'database time of a request now', value: digits(head.databaseMsPerRequest), unit: 'ms' },
      ],
      share: Math.min(1, Math.max(0, outside)),
    },
  ]
}

/** A host that is full makes everything slower, and tells nothing of the application. */
const BUSY = 0.9

function busyWords({ runs }: Side): string {
  const busiest = Math.max(0, ...runs.map(({ environment }) => environment.hostBusyRatio ?? 0))
  return busiest < BUSY ? '' : `; this machine was ${percentWords(busiest)} busy`
}

function mostGrown(
  base: Side,
  head: Side,
  direction: 1 | -1,
): { readonly name: string; readonly before: number; readonly now: number } | null {
  let found: { name: string; before: number; now: number; total: number } | null = null
  for (const [name, { meanMs, count }] of head.endpoints) {
    const before = base.endpoints.get(name)
    if (before === undefined) continue
    const total = (meanMs - before.meanMs) * count * direction
    if (total > (found?.total ?? 0)) found = { name, before: before.meanMs, now: meanMs, total }
  }
  return found
}

function shareOf(moreMs: number, base: Side, head: Side): number | null {
  const growthMs = head.requestMs - base.requestMs
  return growthMs <= 0 ? null : Math.min(1, Math.max(0, moreMs / growthMs))
}
