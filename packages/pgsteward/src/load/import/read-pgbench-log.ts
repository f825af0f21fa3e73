// pgbench's logs: one line a transaction (`--log`), several files where it ran several threads, or one line an interval
// (`--aggregate-interval`).

import { StewardError } from '../../model/error.ts'
import { ALL_REQUESTS, type RunSeries } from '../../model/load-run.ts'
import {
  damageReasons,
  type FoldedFile,
  foldFiles,
  type ReadOptions,
  refuseOtherFiles,
} from './fold-files.ts'
import type { ForeignRun } from './foreign-run.ts'
import { percentilesOnly, reasonsAgainst } from './reasons-against.ts'
import { RunFold } from './run-fold.ts'
import { NO_PERCENTILES } from './series-fold.ts'

const PGBENCH = { name: 'pgbench', version: 'unknown' } as const
const US_PER_MS = 1000
const NUMBER = /^-?\d+(\.\d+)?$/

/** Client, transaction, time, script, seconds, microseconds, then schedule lag and retries where asked for. */
export async function readPgbenchLog(
  paths: readonly string[],
  options: ReadOptions = {},
): Promise<ForeignRun> {
  const warmUpMs = options.warmUpMs ?? 0
  const fold = new RunFold({ warmUpMs })
  let skipped = 0
  let isOpen = false
  const files = await foldFiles(
    paths,
    () => ({
      fold: (line) => {
        const columns = line.trim().split(/\s+/)
        const [, , time, script, seconds, micros, lag] = columns
        const atMs = timeOf(seconds, micros)
        if (atMs === null || script === undefined || columns.length > 8 || !fold.accepts(atMs)) return false
        if (time === 'skipped') {
          skipped += 1
          isOpen = true
          fold.touch(atMs)
          return true
        }
        const isNumber = NUMBER.test(time!)
        if (!isNumber && !/^(failed|serialization|deadlock)$/.test(time!)) return false
        // a schedule lag is logged with --rate alone; retries are small numbers and stand in its place without it
        if (columns.length === 8 || Number(lag) > 50) isOpen = true
        fold.request({
          name: `script ${script}`,
          feature: null,
          atMs,
          ms: isNumber ? Math.max(0, Number(time)) / US_PER_MS : 0,
          error: isNumber ? null : time!,
        })
        return true
      },
      timeOf: (line) => {
        const columns = line.trim().split(/\s+/)
        return timeOf(columns[4], columns[5])
      },
    }),
    options,
  )
  refuseOtherFiles(files, "of pgbench's log")
  const run = fold.finish()
  if (run.requests.count === 0) throw withoutTransaction(files)
  const offered = run.requests.count + skipped
  return {
    engine: PGBENCH,
    title: null,
    model: isOpen ? 'open' : 'closed',
    startedAtMs: run.startedAtMs,
    durationMs: run.durationMs,
    warmUpMs,
    target: null,
    invalid: [...reasonsAgainst({ ...run.requests, dropped: skipped, offered }), ...damageReasons(files)],
    requests: { ...run.requests, bytesReceived: 0, offered: isOpen ? offered : null, dropped: skipped },
    checks: [],
    series: run.series,
    timeline: [...run.timeline],
    thresholds: [],
    tags: {},
  }
}

interface Interval {
  readonly atMs: number
  readonly count: number
  readonly sumUs: number
  readonly minUs: number
  readonly maxUs: number
  readonly skipped: number
  readonly failed: number
}

/** Sums per interval: means and extremes, no percentiles. */
export async function readPgbenchAggregate(
  paths: readonly string[],
  options: ReadOptions = {},
): Promise<ForeignRun> {
  const intervals: Interval[] = []
  const files = await foldFiles(
    paths,
    () => ({
      fold: (line) => {
        const numbers = line.trim().split(/\s+/).map(Number)
        if (numbers.length < 6 || numbers.some((each) => !Number.isFinite(each))) return false
        const [seconds, count, sumUs, , minUs, maxUs] = numbers as [
          number,
          number,
          number,
          number,
          number,
          number,
        ]
        intervals.push({
          atMs: seconds * 1000,
          count,
          sumUs,
          minUs,
          maxUs,
          skipped: numbers[10] ?? 0,
          failed: (numbers[13] ?? 0) + (numbers[14] ?? 0),
        })
        return true
      },
      timeOf: (line) => timeOf(/^\S+/.exec(line)?.[0], '0'),
    }),
    options,
  )
  refuseOtherFiles(files, "of pgbench's log")
  const count = sum(intervals, (each) => each.count)
  if (count === 0) throw withoutTransaction(files)
  return foreignOfIntervals(intervals, count, files)
}

function foreignOfIntervals(
  intervals: readonly Interval[],
  succeeded: number,
  files: readonly FoldedFile[],
): ForeignRun {
  const times = [...new Set(intervals.map(({ atMs }) => atMs))].sort((a, b) => a - b)
  const [startMs, lastMs] = [times[0]!, times.at(-1)!]
  const stepMs = Math.min(...times.slice(1).map((at, index) => at - times[index]!), Number.POSITIVE_INFINITY)
  const everyMs = Number.isFinite(stepMs) ? stepMs : 1000
  const failed = sum(intervals, (each) => each.failed)
  const dropped = sum(intervals, (each) => each.skipped)
  const filled = intervals.filter(({ count }) => count > 0)
  const count = succeeded + failed
  const series: RunSeries = {
    name: ALL_REQUESTS,
    feature: null,
    count,
    errors: failed,
    sumMs: sum(intervals, (each) => each.sumUs) / US_PER_MS,
    minMs: Math.min(...filled.map(({ minUs }) => minUs)) / US_PER_MS,
    maxMs: Math.max(...filled.map(({ maxUs }) => maxUs)) / US_PER_MS,
    histogram: null,
    serviceHistogram: null,
    percentiles: NO_PERCENTILES,
    windows: null,
  }
  return {
    engine: PGBENCH,
    title: null,
    model: dropped > 0 ? 'open' : null,
    startedAtMs: startMs,
    durationMs: lastMs - startMs + everyMs,
    target: null,
    invalid: [
      percentilesOnly("pgbench's aggregated log holds sums, no percentiles"),
      ...reasonsAgainst({ count, errors: failed, dropped, offered: count + dropped }),
      ...damageReasons(files),
    ],
    requests: {
      count,
      errors: failed,
      errorKinds: failed === 0 ? {} : { failed },
      bytesReceived: 0,
      offered: dropped > 0 ? count + dropped : null,
      dropped,
    },
    checks: [],
    series: [series],
    timeline: times.map((at) => {
      const those = intervals.filter(({ atMs }) => atMs === at)
      return {
        atMs: at - startMs,
        offeredPerSecond: null,
        users: null,
        requestsPerSecond: (sum(those, (each) => each.count) / everyMs) * 1000,
        errors: sum(those, (each) => each.failed),
        p50Ms: null,
        p95Ms: null,
        p99Ms: null,
      }
    }),
    thresholds: [],
    tags: {},
  }
}

function timeOf(seconds: string | undefined, micros: string | undefined): number | null {
  if (
    seconds === undefined ||
    micros === undefined ||
    !/^\d{9,11}$/.test(seconds) ||
    !/^\d{1,6}$/.test(micros)
  )
    return null
  return Number(seconds) * 1000 + Number(micros) / US_PER_MS
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0)
}

function withoutTransaction(files: readonly FoldedFile[]): StewardError {
  return new StewardError('run-file', `${files.map(({ path }) => path).join(', ')} holds no transaction`, {
    hint: 'Was pgbench ended before its first?',
  })
}
