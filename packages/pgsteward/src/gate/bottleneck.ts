// What a run's time went to, by database and application evidence together, the most important first: one statement, locks, the pool,
// the cache, connections, errors, or none of the database's business.

import type { Cause } from '../model/comparison.ts'
import { ALL_REQUESTS, type LoadRun } from '../model/load-run.ts'
import { chattyStatements, statementBottlenecks, type Weighed } from './bottleneck-statements.ts'
import { digits } from './causes-reasons.ts'
import { type Side, sideOf } from './causes-side.ts'
import { isSaturated, poolEvidence, poolWords, waitMeaning } from './causes-symptoms.ts'
import { msWords, numberWords, percentWords } from './causes-words.ts'

/** Empty without database evidence but for errors, and where nothing stands out. */
export function bottleneckOf(run: LoadRun): readonly Cause[] {
  const side = sideOf([run])
  const weight = run.database === null ? 0 : databaseWeight(run, side)
  const heavy = statementBottlenecks(side, weight)
  const told = new Set(heavy.map(({ cause }) => cause.queryId))
  const found: readonly Weighed[] =
    run.database === null
      ? errors(run)
      : [
          ...heavy,
          ...chattyStatements(side, weight).filter(({ cause }) => !told.has(cause.queryId)),
          ...waits(run, side),
          ...pools(run, side),
          ...cache(run),
          ...connections(run),
          ...errors(run),
          ...application(run, side),
        ]
  return [...found].sort((a, b) => b.weight - a.weight).map(({ cause }) => cause)
}

/**
 * How much of a request's time the database answers for. With a full pool most of a request is waiting in line; then it is the share of
 * the pool's connections that were at work in the database.
 */
function databaseWeight(run: LoadRun, side: Side): number {
  const ofRequest = side.requestMs > 0 ? side.databaseMsPerRequest / side.requestMs : 0
  const full = run.database!.pools.filter(isSaturated)
  const size = full.reduce((sum, { max, usedMax }) => sum + (max ?? usedMax), 0)
  const ofPool = size > 0 ? (run.database!.activeSessions?.mean ?? 0) / size : 0
  return Math.min(1, Math.max(ofRequest, ofPool))
}

/** Average sessions. */
const LEAST_WAITING = 0.3
/** Of all active sessions. */
const LEAST_WAIT_SHARE = 0.2

function waits(run: LoadRun, side: Side): readonly Weighed[] {
  const { waits: all, activeSessions } = run.database!
  const active = activeSessions?.mean ?? 0
  const byType = Map.groupBy(
    all.filter(({ type }) => type !== 'CPU' && type !== 'Client'),
    ({ type }) => type,
  )
  return [...byType].flatMap(([type, own]) => {
    const sessions = own.reduce((sum, each) => sum + each.averageSessions, 0)
    if (sessions < LEAST_WAITING || active === 0 || sessions / active < LEAST_WAIT_SHARE) return []
    const [first] = [...own].sort((a, b) => b.averageSessions - a.averageSessions)
    const name = first!.event === null ? type : `${type}:${first!.event}`
    const statements = [...side.statements.values()]
      .map((each) => ({
        each,
        ms: [...each.waitMsPerCall].reduce(
          (sum, [wait, ms]) => (wait.startsWith(type) ? sum + ms * each.calls : sum),
          0,
        ),
      }))
      .sort((a, b) => b.ms - a.ms)
    const culprit = statements[0] !== undefined && statements[0].ms > 0 ? statements[0].each : null
    return [
      {
        weight: 0.8 * Math.min(1, sessions / active),
        cause: {
          kind: 'wait' as const,
          subject: name,
          queryId: culprit?.queryId ?? null,
          summary: `Of ${numberWords(active)} sessions active on average ${numberWords(sessions)} waited for ${waitMeaning(name)} (mostly ${name}).`,
          evidence: [
            { label: 'sessions that waited', value: digits(sessions), unit: 'count' as const },
            { label: 'active sessions', value: digits(active), unit: 'count' as const },
          ],
          share: Math.min(1, sessions / active),
        },
      },
    ]
  })
}

function pools(run: LoadRun, side: Side): readonly Weighed[] {
  return run.database!.pools.filter(isSaturated).map((pool) => {
    const size = pool.max ?? pool.usedMax
    const working = run.database!.activeSessions?.mean ?? null
    const isWorking = working !== null && working >= size * 0.5
    const why =
      working === null
        ? ''
        : isWorking
          ? `; ${numberWords(working)} of them were at work in the database on average, so it is the statements that hold them`
          : `; only ${numberWords(working)} of them were at work in the database on average: the pool is too small, or connections are held while the application does something else`
    return {
      weight: isWorking ? 0.5 : 0.85,
      cause: {
        kind: 'pool' as const,
        subject: pool.name,
        queryId: null,
        summary: `${poolWords(pool)}${why}.`,
        evidence: [
          ...poolEvidence(pool),
          ...(working === null
            ? []
            : [
                {
                  label: 'at work in the database on average',
                  value: digits(working),
                  unit: 'count' as const,
                },
              ]),
        ],
        share:
          pool.waitP95Ms === null || side.requestMs === 0
            ? null
            : Math.min(1, pool.waitP95Ms / side.requestMs),
      },
    }
  })
}

/** N2's warning for ordinary work; a run that reads its data for the first time is below it at its begin. */
const LOW_HIT = 0.95

function cache(run: LoadRun): readonly Weighed[] {
  const { cacheHitRatio } = run.database!
  if (cacheHitRatio === null || cacheHitRatio >= LOW_HIT) return []
  return [
    {
      weight: Math.min(0.7, (1 - cacheHitRatio) * 2),
      cause: {
        kind: 'cache',
        subject: 'shared buffers',
        queryId: null,
        summary: `${percentWords(1 - cacheHitRatio)} of the blocks came from outside shared buffers: what is used does not fit, or was read for the first time.`,
        evidence: [{ label: 'cache hit', value: cacheHitRatio, unit: 'ratio' }],
        share: null,
      },
    },
  ]
}

const NEAR = 0.8

function connections(run: LoadRun): readonly Weighed[] {
  const { connections: seen } = run.database!
  if (seen === null || seen.max === 0 || seen.peak < seen.max * NEAR) return []
  return [
    {
      weight: seen.peak >= seen.max ? 0.9 : 0.4,
      cause: {
        kind: 'connections',
        subject: 'max_connections',
        queryId: null,
        summary: `Up to ${seen.peak} of the ${seen.max} connections that ordinary roles may have were open.`,
        evidence: [
          { label: 'connections at most', value: seen.peak, unit: 'count' },
          { label: 'usable', value: seen.max, unit: 'count' },
        ],
        share: null,
      },
    },
  ]
}

const MANY_ERRORS = 0.01

function errors(run: LoadRun): readonly Weighed[] {
  const { count, errors: failed, errorKinds } = run.requests
  const ratio = count > 0 ? failed / count : 0
  const deadlocks = run.database?.totals?.deadlocks ?? 0
  if (ratio < MANY_ERRORS) return []
  const kinds = Object.entries(errorKinds).sort(([, a], [, b]) => b - a)
  const worst = [...run.series]
    .filter(({ name, errors: own }) => name !== ALL_REQUESTS && own > 0)
    .sort((a, b) => b.errors - a.errors)[0]
  return [
    {
      weight: Math.min(1, 0.3 + ratio * 5),
      cause: {
        kind: 'errors',
        subject: kinds[0]?.[0] ?? 'errors',
        queryId: null,
        summary: `${percentWords(ratio)} of the requests failed: ${kinds
          .slice(0, 3)
          .map(([kind, times]) => `${kind} ${numberWords(times)} times`)
          .join(
            ', ',
          )}${worst === undefined ? '' : `, most of them ${worst.name}`}${deadlocks > 0 ? `; the database broke ${deadlocks} deadlocks` : ''}.`,
        evidence: [{ label: 'errors', value: digits(ratio), unit: 'ratio' }],
        share: null,
      },
    },
  ]
}

/** Of a request's time; above it the database is part of the answer. */
const MOST_OF_DATABASE = 0.3
const BUSY = 0.9

function application(run: LoadRun, side: Side): readonly Weighed[] {
  const { requestMs, databaseMsPerRequest } = side
  const ratio = requestMs > 0 ? databaseMsPerRequest / requestMs : 1
  // with a full pool the line is what a request waits in, and that is said above
  if (ratio >= MOST_OF_DATABASE || run.database!.pools.some(isSaturated) || databaseMsPerRequest === 0)
    return []
  const busy = run.environment.hostBusyRatio
  const slowest = [...side.endpoints].sort(([, a], [, b]) => b.meanMs * b.count - a.meanMs * a.count)[0]
  return [
    {
      weight: 0.4 * (1 - ratio),
      cause: {
        kind: 'application',
        subject: slowest?.[0] ?? 'application',
        queryId: null,
        summary: `The database has ${msWords(databaseMsPerRequest)} of the ${msWords(requestMs)} that a request takes: the rest is the application, or what it waits for${slowest === undefined ? '' : `, most of it in ${slowest[0]} (${msWords(slowest[1].meanMs)} each)`}${busy !== null && busy >= BUSY ? `; this machine was ${percentWords(busy)} busy` : ''}.`,
        evidence: [
          { label: 'a request', value: digits(requestMs), unit: 'ms' },
          { label: 'database time of a request', value: digits(databaseMsPerRequest), unit: 'ms' },
          ...(busy === null ? [] : [{ label: 'host busy', value: digits(busy), unit: 'ratio' as const }]),
        ],
        share: 1 - ratio,
      },
    },
  ]
}
