// What a target and its applications did within a window, in sums that can be added: a week is the sum of its days.

import { deliveriesByChannel } from '../../checks/application/deliveries.ts'
import type { OperationTotals } from '../../model/application.ts'
import type { AvailabilitySums, ProbeSums } from '../../model/availability.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import { type BucketCounts, mergeCounts, percentileOf } from '../../stats/duration-histogram.ts'
import type { StatementSums, Store } from '../../store/store.ts'
import { observedShare } from './coverage.ts'
import { keptWindow, type ReportFrame } from './report-frame.ts'

/** Operations of one kind together. */
export interface Served {
  readonly count: number
  readonly errors: number
  readonly totalMs: Milliseconds
  readonly maxMs: Milliseconds
  readonly durations: BucketCounts | null
}

export interface Delivered {
  readonly all: number
  readonly failed: number
}

export interface Uptime {
  readonly kind: 'http' | 'database'
  readonly name: string
  readonly slo: number
  readonly coveredMs: Milliseconds
  readonly downMs: Milliseconds
}

/** Null: nobody tells. Uptime is empty where nothing is probed. */
export interface PeriodFigures {
  readonly requests: Served | null
  /** Statements as applications waited for them. */
  readonly queries: Served | null
  readonly deliveries: Delivered | null
  /** Of pg_stat_statements. */
  readonly statements: StatementSums | null
  readonly uptime: readonly Uptime[]
}

/** All that the store keeps of one kind. */
const ALL = 1_000_000
const DAY_MS: Milliseconds = 86_400_000

export async function readFigures(frame: ReportFrame, asked: Window): Promise<PeriodFigures> {
  const { store, targetId } = frame
  const window = keptWindow(frame, asked)
  const served = (kind: 'request' | 'query' | 'metric') =>
    store.operations(targetId, window, { kind, limit: ALL })
  const [requests, queries, metrics, statements, uptime] = await Promise.all([
    served('request'),
    served('query'),
    served('metric'),
    store.statementSums(targetId, window),
    readUptime(store, targetId, window),
  ])
  const deliveries = deliveriesByChannel(metrics)
  return {
    requests: servedTogether(requests),
    queries: servedTogether(queries),
    deliveries:
      deliveries.length === 0
        ? null
        : {
            all: deliveries.reduce((sum, { all }) => sum + all, 0),
            failed: deliveries.reduce((sum, { failed }) => sum + failed, 0),
          },
    statements: statements.seconds === 0 ? null : statements,
    uptime,
  }
}

export const NO_FIGURES: PeriodFigures = {
  requests: null,
  queries: null,
  deliveries: null,
  statements: null,
  uptime: [],
}

/** Of a window of which less was observed nobody can say whether it was more or less. */
const LEAST_COMPARED = 0.5

/** Of a window to compare with: nothing where less than half of it was observed. */
export async function readCompared(frame: ReportFrame, window: Window): Promise<PeriodFigures> {
  return (await observedShare(frame, window)) < LEAST_COMPARED ? NO_FIGURES : readFigures(frame, window)
}

export function added(all: readonly PeriodFigures[]): PeriodFigures {
  const known = <T>(of: (one: PeriodFigures) => T | null): readonly T[] => all.flatMap((one) => of(one) ?? [])
  const [deliveries, statements] = [known((one) => one.deliveries), known((one) => one.statements)]
  const probes = Map.groupBy(
    all.flatMap(({ uptime }) => uptime),
    ({ kind, name }) => `${kind} ${name}`,
  )
  const sum = <T>(rows: readonly T[], of: (row: T) => number) =>
    rows.reduce((total, row) => total + of(row), 0)
  return {
    requests: servedTogether(known((one) => one.requests)),
    queries: servedTogether(known((one) => one.queries)),
    deliveries:
      deliveries.length === 0
        ? null
        : { all: sum(deliveries, (row) => row.all), failed: sum(deliveries, (row) => row.failed) },
    statements:
      statements.length === 0
        ? null
        : {
            calls: sum(statements, (row) => row.calls),
            totalExecMs: sum(statements, (row) => row.totalExecMs),
            seconds: sum(statements, (row) => row.seconds),
          },
    uptime: [...probes.values()].map((rows) => ({
      ...rows[0]!,
      coveredMs: sum(rows, (row) => row.coveredMs),
      downMs: sum(rows, (row) => row.downMs),
    })),
  }
}

/** Null where no source told its durations one by one. */
export function p95Of(served: Served | null): Milliseconds | null {
  if (served === null || served.durations === null) return null
  const ms = percentileOf(served.durations, 0.95)
  return ms === null || served.maxMs <= 0 ? ms : Math.min(ms, served.maxMs)
}

export function errorRatioOf(served: Served | null): number | null {
  return served === null || served.count === 0 ? null : served.errors / served.count
}

export function deliveredRatioOf(delivered: Delivered | null): number | null {
  return delivered === null || delivered.all === 0 ? null : (delivered.all - delivered.failed) / delivered.all
}

export function meanStatementMs(statements: StatementSums | null): Milliseconds | null {
  return statements === null || statements.calls === 0 ? null : statements.totalExecMs / statements.calls
}

/** Mean number of statements that ran at a time. */
export function statementLoad(statements: StatementSums | null): number | null {
  return statements === null ? null : statements.totalExecMs / 1_000 / statements.seconds
}

/** Null: it was not asked at all. */
export function uptimeRatio({ coveredMs, downMs }: Pick<Uptime, 'coveredMs' | 'downMs'>): number | null {
  return coveredMs === 0 ? null : (coveredMs - downMs) / coveredMs
}

function servedTogether(
  rows: readonly Pick<OperationTotals, 'count' | 'errors' | 'totalMs' | 'maxMs' | 'durations'>[],
): Served | null {
  if (rows.length === 0) return null
  return {
    count: rows.reduce((sum, row) => sum + row.count, 0),
    errors: rows.reduce((sum, row) => sum + row.errors, 0),
    totalMs: rows.reduce((sum, row) => sum + row.totalMs, 0),
    maxMs: rows.reduce((most, row) => Math.max(most, row.maxMs), 0),
    durations: mergeCounts(...rows.map(({ durations }) => durations)),
  }
}

async function readUptime(store: Store, targetId: string, window: Window): Promise<readonly Uptime[]> {
  const probes = await store.probes(targetId)
  const sums = await sumsOver(store, targetId, window)
  return probes.flatMap(({ kind, name, slo }) => {
    const its = sums.find((each) => each.kind === kind && each.name === name)
    if (kind === 'requests' || its === undefined) return []
    return [{ kind, name, slo, coveredMs: its.coveredMs, downMs: its.downMs }]
  })
}

/**
 * Minutes of a window of a day go after some days, and then it finds nothing: its hours are those of three days that end with it less
 * those of the two before it.
 */
async function sumsOver(store: Store, targetId: string, window: Window): Promise<readonly ProbeSums[]> {
  const [exact = []] = await store.availability(targetId, [window])
  if (exact.length > 0) return exact
  const from = new Date(window.from.getTime() - 2 * DAY_MS)
  const [all = [], before = []] = await store.availability(targetId, [
    { from, to: window.to },
    { from, to: window.from },
  ])
  return all.flatMap((sums) => {
    const less = before.find(({ kind, name }) => kind === sums.kind && name === sums.name)
    const rest = less === undefined ? sums : { ...sums, ...difference(sums, less) }
    return rest.attempts > 0 ? [rest] : []
  })
}

function difference(sums: AvailabilitySums, less: AvailabilitySums): Partial<AvailabilitySums> {
  return {
    attempts: sums.attempts - less.attempts,
    failures: sums.failures - less.failures,
    coveredMs: sums.coveredMs - less.coveredMs,
    downMs: sums.downMs - less.downMs,
    plannedMs: sums.plannedMs - less.plannedMs,
  }
}
