// Parts of one run (runners of a cluster, workers) added up. Histograms add, so percentiles are exact; averages of percentiles are never
// made: what can't be added is null.

import { ALL_REQUESTS, type LoadRun, type RunMoment, type RunSeries } from '../../model/load-run.ts'
import { decodeLatencies, encodeLatencies, mergeLatencies } from '../../stats/latency-histogram.ts'
import { idOf } from './foreign-run.ts'
import { NO_PERCENTILES, percentilesOf } from './series-fold.ts'

const SECOND_MS = 1000

/** At least one; of the scenario, engine and environment of the first. */
export function mergeRuns(runs: readonly LoadRun[]): LoadRun {
  const first = runs[0]!
  const starts = runs.map((run) => Date.parse(run.startedAt))
  const startMs = Math.min(...starts)
  const merged: LoadRun = {
    ...first,
    startedAt: new Date(startMs).toISOString(),
    durationMs: measuredMs(runs, starts),
    ended: runs.find(({ ended }) => ended !== 'completed')?.ended ?? 'completed',
    invalid: uniqueReasons(runs),
    target: runs.every(({ target }) => target === first.target) ? first.target : null,
    experiment: null,
    requests: {
      count: sum(runs.map(({ requests }) => requests.count)),
      errors: sum(runs.map(({ requests }) => requests.errors)),
      errorKinds: addKinds(runs.map(({ requests }) => requests.errorKinds)),
      bytesReceived: sum(runs.map(({ requests }) => requests.bytesReceived)),
      offered: runs.some(({ requests }) => requests.offered === null)
        ? null
        : sum(runs.map(({ requests }) => requests.offered!)),
      dropped: sum(runs.map(({ requests }) => requests.dropped)),
      ...(runs.some(({ requests }) => requests.answeredLate === undefined)
        ? {}
        : { answeredLate: sum(runs.map(({ requests }) => requests.answeredLate!)) }),
    },
    checks: addChecks(runs),
    generator: null,
    series: seriesNames(runs).map((name) => mergeSeries(name, runs)),
    timeline: mergeTimelines(
      runs,
      starts.map((start) => start - startMs),
    ),
    // each part judged itself; on the whole another value may hold
    thresholds: [],
  }
  return { ...merged, id: idOf(merged) }
}

/** Time in which at least one of them measured. */
function measuredMs(runs: readonly LoadRun[], starts: readonly number[]): number {
  const spans = runs
    .map((run, at) => [starts[at]! + run.warmUpMs, starts[at]! + run.warmUpMs + run.durationMs] as const)
    .sort(([a], [b]) => a - b)
  let total = 0
  let until = Number.NEGATIVE_INFINITY
  for (const [from, to] of spans) {
    total += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return total
}

function seriesNames(runs: readonly LoadRun[]): readonly string[] {
  const names = new Set(runs.flatMap(({ series }) => series.map(({ name }) => name)))
  names.delete(ALL_REQUESTS)
  return [ALL_REQUESTS, ...names]
}

function mergeSeries(name: string, runs: readonly LoadRun[]): RunSeries {
  const parts = runs.flatMap(({ series }) => series.filter((each) => each.name === name))
  const withAnswers = parts.filter((part) => part.count > part.errors)
  const isWhole = withAnswers.every(({ histogram }) => histogram !== null)
  const histogram = isWhole ? addHistograms(parts.map((part) => part.histogram)) : null
  return {
    name,
    feature: parts[0]?.feature ?? null,
    count: sum(parts.map(({ count }) => count)),
    errors: sum(parts.map(({ errors }) => errors)),
    sumMs: sum(parts.map(({ sumMs }) => sumMs)),
    minMs: extreme(
      parts.map(({ minMs }) => minMs),
      Math.min,
    ),
    maxMs: extreme(
      parts.map(({ maxMs }) => maxMs),
      Math.max,
    ),
    histogram: histogram === null ? null : encodeLatencies(histogram),
    serviceHistogram: null,
    percentiles:
      histogram === null
        ? withAnswers.length === 1
          ? withAnswers[0]!.percentiles
          : NO_PERCENTILES
        : percentilesOf(histogram),
    windows: null,
  }
}

function addHistograms(texts: readonly (string | null)[]) {
  return mergeLatencies(texts.flatMap((text) => (text === null ? [] : [decodeLatencies(text)])))
}

function mergeTimelines(runs: readonly LoadRun[], offsets: readonly number[]): RunMoment[] {
  const seconds = new Map<number, RunMoment[]>()
  for (const [at, { timeline }] of runs.entries()) {
    for (const moment of timeline) {
      const second = Math.floor((moment.atMs + offsets[at]!) / SECOND_MS)
      const there = seconds.get(second)
      if (there === undefined) seconds.set(second, [moment])
      else there.push(moment)
    }
  }
  return [...seconds]
    .sort(([a], [b]) => a - b)
    .map(([second, moments]) => ({
      atMs: second * SECOND_MS,
      offeredPerSecond: sumOrNull(moments.map((each) => each.offeredPerSecond)),
      users: sumOrNull(moments.map((each) => each.users)),
      requestsPerSecond: sum(moments.map((each) => each.requestsPerSecond)),
      errors: sum(moments.map((each) => each.errors)),
      ...onlyOne(moments),
    }))
}

function onlyOne(moments: readonly RunMoment[]): Pick<RunMoment, 'p50Ms' | 'p95Ms' | 'p99Ms'> {
  const busy = moments.filter(({ requestsPerSecond }) => requestsPerSecond > 0)
  const [only] = busy
  return busy.length === 1 && only !== undefined
    ? { p50Ms: only.p50Ms, p95Ms: only.p95Ms, p99Ms: only.p99Ms }
    : { p50Ms: null, p95Ms: null, p99Ms: null }
}

function addKinds(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const kinds: Record<string, number> = {}
  for (const each of all)
    for (const [kind, count] of Object.entries(each)) kinds[kind] = (kinds[kind] ?? 0) + count
  return kinds
}

function addChecks(runs: readonly LoadRun[]): LoadRun['checks'] {
  const checks = new Map<string, { name: string; passed: number; failed: number }>()
  for (const { name, passed, failed } of runs.flatMap((run) => run.checks)) {
    const there = checks.get(name) ?? { name, passed: 0, failed: 0 }
    checks.set(name, { name, passed: there.passed + passed, failed: there.failed + failed })
  }
  return [...checks.values()]
}

function uniqueReasons(runs: readonly LoadRun[]): LoadRun['invalid'] {
  const seen = new Map(
    runs.flatMap(({ invalid }) => invalid.map((each) => [`${each.reason} ${each.detail}`, each] as const)),
  )
  return [...seen.values()]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : sum(known)
}

function extreme(values: readonly (number | null)[], pick: (...values: number[]) => number): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : pick(...known)
}
