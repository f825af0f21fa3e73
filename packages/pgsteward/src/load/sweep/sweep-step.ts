// What a sweep keeps of a run.

import type { LoadRun } from '../../model/load-run.ts'
import type { SweepStep } from '../../model/sweep.ts'

/** Of the run's own fault: the target's slowness is what a sweep looks for. */
const NOT_BELIEVED = new Set([
  'dropped-arrivals',
  'generator-starved',
  'interrupted',
  'target-lost',
  'out-of-memory',
])
const MOST_ERRORS = 0.01

export function sweepStep(run: LoadRun, offered: number, round: number): SweepStep {
  const { count, errors, answeredLate = 0 } = run.requests
  const percentiles = run.series[0]?.percentiles
  // with many users and few seconds, what was still under way at the end would be a good part of the rate
  const answered = Math.max(0, count - errors - answeredLate)
  const errorRatio = count === 0 ? 1 : errors / count
  const statements = run.database?.statements ?? null
  const seconds = run.durationMs / 1000
  // per second first: the database is measured a little longer than the requests
  const perRequest = (sum: number) =>
    run.database === null || seconds === 0
      ? null
      : sum / Math.max(run.database.seconds, 0.001) / (Math.max(1, answered) / seconds)
  const pool = run.database?.pools.reduce<LoadPool | null>(
    (fullest, each) => (fullest === null || usedRatio(each) > usedRatio(fullest) ? each : fullest),
    null,
  )
  return {
    offered,
    round,
    runId: run.id,
    requestsPerSecond: seconds === 0 ? 0 : answered / seconds,
    p50Ms: percentiles?.p50Ms ?? null,
    p95Ms: percentiles?.p95Ms ?? null,
    p99Ms: percentiles?.p99Ms ?? null,
    errorRatio,
    invalid: [
      ...run.invalid.filter(({ reason }) => NOT_BELIEVED.has(reason)).map(({ reason }) => reason),
      ...(errorRatio > MOST_ERRORS ? ['too-many-errors'] : []),
    ],
    pool:
      pool === null || pool === undefined
        ? null
        : {
            max: pool.max,
            usedMax: pool.usedMax,
            waitingMax: pool.waitingMax,
            waitP95Ms: pool.waitP95Ms,
          },
    statementsPerRequest:
      statements === null ? null : perRequest(statements.reduce((sum, { calls }) => sum + calls, 0)),
    databaseMsPerRequest:
      statements === null ? null : perRequest(statements.reduce((sum, { totalMs }) => sum + totalMs, 0)),
    activeSessions: run.database?.activeSessions?.mean ?? null,
    bufferHitRatio: run.database?.cacheHitRatio ?? null,
    hostBusyRatio: run.environment.hostBusyRatio,
  }
}

type LoadPool = NonNullable<LoadRun['database']>['pools'][number]

function usedRatio({ usedMax, max }: LoadPool): number {
  return max === null || max === 0 ? 0 : usedMax / max
}
