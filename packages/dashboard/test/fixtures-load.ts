// Load runs as the API would tell of them: six of one scenario, the last of them slower than its baseline.

import type { LoadRun } from '../../pgsteward/src/model/load-run.ts'
import {
  type LoadRunSummaryWire,
  loadBaselinesWire,
  loadHistoryWire,
  loadRunsWire,
  loadRunWire,
} from '../../pgsteward/src/model/load-wire.ts'
import { ago } from './fixtures.ts'

// by its address: the type checker has that folder's tests stand on this one's
const address = new URL('../../pgsteward/test/store/made-run.ts', import.meta.url).href
const { madeRun } = (await import(address)) as {
  readonly madeRun: (made: { id: string; startedAt: Date; scenario: string; meanMs: number }) => LoadRun
}

const DAY = 86_400_000
const SCENARIO = 'inbox'

const runs = Array.from({ length: 6 }, (_, place) =>
  madeRun({
    id: `run-${place + 1}`,
    startedAt: new Date(ago((6 - place) * DAY)),
    scenario: SCENARIO,
    meanMs: place < 4 ? 40 + place : 62,
  }),
)
const latest = runs.at(-1)!

function summary(run: LoadRun): LoadRunSummaryWire {
  const { percentiles } = run.series[0]!
  const isSlower = percentiles.p95Ms! > 120
  return {
    id: run.id,
    startedAt: run.startedAt,
    durationMs: run.durationMs,
    scenario: run.scenario,
    engine: run.engine.name,
    target: run.target,
    targetId: 'messaging',
    ended: run.ended,
    requests: run.requests.count,
    errors: run.requests.errors,
    requestsPerSecond: run.requests.count / (run.durationMs / 1000),
    p50Ms: percentiles.p50Ms,
    p95Ms: percentiles.p95Ms,
    p99Ms: percentiles.p99Ms,
    invalid: 0,
    thresholdsCrossed: 0,
    thresholds: run.thresholds.length,
    hostClass: run.environment.hostClass,
    gitSha: run.git?.sha ?? null,
    branch: run.git?.branch ?? null,
    experiment: null,
    verdict: isSlower
      ? { standing: 'failed', text: 'Slower than its baseline main: p95 1.4 times.' }
      : { standing: 'good', text: 'No slower than its baseline main.' },
  }
}

export function loadHistory() {
  return loadHistoryWire.parse({
    scenario: SCENARIO,
    series: 'all',
    quantile: 'p95',
    points: runs.map((run) => ({
      id: run.id,
      at: run.startedAt,
      valueMs: run.series[0]!.percentiles.p95Ms,
      isInvalid: false,
      isComparable: true,
      gitSha: run.git?.sha ?? null,
    })),
    changes: [{ index: 4, runId: 'run-5', ratio: 1.4 }],
  })
}

export function loadRuns() {
  const all = runs.toReversed().map(summary)
  return loadRunsWire.parse({
    headline: { standing: 'failed', text: 'inbox is slower since run-5.' },
    live: [],
    scenarios: [
      {
        id: SCENARIO,
        title: SCENARIO,
        runs: runs.length,
        latest: all[0],
        history: loadHistory(),
        baselines: ['main'],
      },
    ],
    runs: all,
  })
}

export function loadRun() {
  return loadRunWire.parse({
    summary: summary(latest),
    run: {
      ...latest,
      series: latest.series.map(
        ({ histogram: _all, serviceHistogram: _service, windows: _windows, ...rest }) => rest,
      ),
    },
    bottlenecks: [],
    leftOut: [],
    live: null,
    comparisons: [],
  })
}

export function loadBaselines() {
  return loadBaselinesWire.parse({
    baselines: [
      {
        id: '1',
        name: 'main',
        scenario: { id: SCENARIO, hash: latest.scenario.hash },
        hostClass: latest.environment.hostClass,
        status: 'active',
        createdAt: runs[3]!.startedAt,
        promoted: { at: runs[3]!.startedAt, by: 'ana', reason: 'release 2.1' },
        runIds: ['run-3', 'run-4'],
        p50Ms: 42,
        p95Ms: 71,
      },
    ],
  })
}
