// Comparisons and runs for tests of their forms: an ordinary one, `...over` last.

import type { ComparedSeries, Comparison } from '../../src/model/comparison.ts'
import type { LoadRun, RunSeries } from '../../src/model/load-run.ts'

export function comparedSeries(over: Partial<ComparedSeries> = {}): ComparedSeries {
  return {
    name: 'GET /api/conversations/:id',
    feature: 'conversation',
    quantile: 'p95',
    base: { valueMs: 42.1, requests: 12_000, runs: 5 },
    head: { valueMs: 42.4, requests: 12_010, runs: 5 },
    ratio: 1.007,
    lower: 0.98,
    upper: 1.03,
    pValue: 0.6,
    band: 'none',
    verdict: 'pass',
    detectable: 1.07,
    runsNeeded: null,
    noiseFloor: 0.03,
    because: 'no slowdown of 5 % or more is supported',
    ...over,
  }
}

export function comparison(over: Partial<Comparison> = {}): Comparison {
  const series = over.series ?? [comparedSeries({ name: 'all' }), comparedSeries()]
  return {
    format: 'pgsteward-comparison/1',
    verdict: 'pass',
    summary: 'no endpoint became slower',
    scenario: { id: 'conversation', hash: 'c0ffee' },
    design: 'interleaved',
    baseRuns: 5,
    headRuns: 5,
    invalid: [],
    series,
    comparisons: series.filter(({ verdict }) => verdict !== 'invalid').length,
    inconclusive: series.filter(({ verdict }) => verdict === 'inconclusive').length,
    causes: [],
    isNewBaselineDue: false,
    notes: [],
    ...over,
  }
}

/** A pull request that lost an index: one endpoint much slower, one a bit, one faster, one not decided. */
export const SLOWER = comparison({
  verdict: 'fail',
  summary: 'GET /api/conversations/:id p95 is 132 % slower (42 ms to 98 ms)',
  series: [
    comparedSeries({
      name: 'all',
      ratio: 1.118,
      lower: 1.07,
      upper: 1.17,
      band: 'medium',
      verdict: 'warn',
      head: { valueMs: 47.1, requests: 48_000, runs: 5 },
    }),
    comparedSeries({
      head: { valueMs: 97.7, requests: 11_900, runs: 5 },
      ratio: 2.32,
      lower: 2.11,
      upper: 2.6,
      pValue: 0.0004,
      band: 'critical',
      verdict: 'fail',
      because: 'supported by 5 of 5 repetitions',
    }),
    comparedSeries({
      quantile: 'p50',
      base: { valueMs: 11.2, requests: 12_000, runs: 5 },
      head: { valueMs: 19.9, requests: 11_900, runs: 5 },
      ratio: 1.78,
      lower: 1.7,
      upper: 1.86,
      band: 'critical',
      verdict: 'fail',
      detectable: 1.05,
    }),
    comparedSeries({
      name: 'POST /api/messages',
      ratio: 0.82,
      lower: 0.78,
      upper: 0.86,
      band: 'improvement',
      head: { valueMs: 34.6, requests: 4_000, runs: 5 },
    }),
    comparedSeries({
      name: 'GET /api/members/:id|<b>',
      ratio: 1.21,
      lower: 0.94,
      upper: 1.5,
      band: null,
      verdict: 'inconclusive',
      detectable: 1.38,
      runsNeeded: 9,
      because: 'a slowdown of 21 % is seen, but runs differ by as much; 9 repetitions would decide',
    }),
    comparedSeries({
      quantile: 'p99',
      ratio: null,
      lower: null,
      upper: null,
      band: null,
      verdict: 'invalid',
      detectable: null,
      because: 'p99 takes 10,000 requests a side; there were 900.',
    }),
    comparedSeries({
      name: 'GET /health',
      base: { valueMs: 0.8, requests: 900, runs: 5 },
      head: { valueMs: 0.8, requests: 900, runs: 5 },
    }),
  ],
  errors: [
    {
      name: 'POST /api/messages',
      baseRatio: 0.001,
      headRatio: 0.021,
      pValue: 1e-9,
      verdict: 'fail',
      because: '2.1 % of requests failed, 0.1 % before',
    },
  ],
  causes: [
    {
      kind: 'statement',
      subject: 'select * from "Message" where "conversationId" = $1 order by "sentAt" desc limit $2',
      queryId: '8123456789',
      summary:
        'this statement takes 14 times as long a call: it reads the table Message from end to end since message_conversation_idx is gone',
      evidence: [
        { label: 'mean before', value: 1.9, unit: 'ms' },
        { label: 'mean after', value: 27.3, unit: 'ms' },
        { label: 'calls', value: 11_900 },
      ],
      share: 0.92,
    },
  ],
  notes: ['The slower half of the runs was made at 61 % host load.'],
})

export const INVALID = comparison({
  verdict: 'invalid',
  summary: 'the runs must not be compared: head 3 dropped arrivals',
  invalid: [
    {
      reason: 'dropped-arrivals',
      detail: 'head 3 dropped 214 of 2,801 arrivals: the target did not keep up',
    },
    { reason: 'other-host-class', detail: 'base ran on 8 cores, head on 2' },
  ],
  series: [],
  comparisons: 0,
})

export function runSeries(over: Partial<RunSeries> = {}): RunSeries {
  return {
    name: 'GET /api/conversations/:id',
    feature: 'conversation',
    count: 12_000,
    errors: 0,
    sumMs: 160_000,
    minMs: 1.2,
    maxMs: 210,
    histogram: null,
    serviceHistogram: null,
    percentiles: { p50Ms: 11.2, p90Ms: 30.4, p95Ms: 42.1, p99Ms: 88 },
    windows: null,
    ...over,
  }
}

export function loadRun(over: Partial<LoadRun> = {}): LoadRun {
  return {
    format: 'pgsteward-run/1',
    id: 'run-1',
    startedAt: '2026-11-22T03:00:00.000Z',
    durationMs: 300_000,
    warmUpMs: 10_000,
    scenario: {
      id: 'conversation',
      title: 'Conversation',
      hash: 'c0ffee',
      model: 'open',
      timeScale: 0.1,
      loadScale: 1,
    },
    engine: { name: 'node', version: '0.1.0' },
    target: 'http://127.0.0.1:3000',
    git: { sha: '0123456789abcdef', branch: 'main', isClean: false },
    experiment: null,
    ended: 'completed',
    invalid: [],
    requests: {
      count: 12_345,
      errors: 12,
      errorKinds: { '503': 10, timeout: 2 },
      bytesReceived: 48_000_000,
      offered: 12_345,
      dropped: 0,
    },
    checks: [{ name: 'status 200', passed: 12_333, failed: 12 }],
    generator: { threads: 1, cpuSeconds: 12, cpuRatio: 0.04, lagP99Ms: 0.4, lagMaxMs: 3 },
    series: [
      runSeries({ name: 'all', count: 12_345, errors: 12 }),
      runSeries({ count: 8_000, errors: 12 }),
      runSeries({ name: 'POST /api/messages', count: 4_345 }),
    ],
    timeline: [],
    thresholds: [
      { text: 'p95 < 500 ms', value: 42.1, isMet: true },
      { text: 'errorRatio < 0.0005', value: 0.00097, isMet: false, unit: 'ratio' },
    ],
    environment: {
      hostClass: 'h1',
      cpu: 'cpu',
      cores: 2,
      memoryBytes: 8e9,
      platform: 'linux x64',
      kernel: '6.1',
      node: '24.21.0',
      runner: null,
      hostBusyRatio: 0.4,
      postgres: null,
      application: null,
    },
    database: {
      targetId: null,
      seconds: 300,
      statements: [
        {
          queryId: '8123456789',
          fingerprint: 'f1',
          text: 'select * from "Message"\n where "conversationId" = $1 order by "sentAt" desc limit $2',
          calls: 8_000,
          totalMs: 96_000,
          rows: 160_000,
          blocksHit: 1e6,
          blocksRead: 2e5,
          tempBlocksWritten: 0,
          planShape: null,
          planText: null,
          route: null,
        },
        {
          queryId: '2',
          fingerprint: 'f2',
          text: 'insert into "Message" values ($1)',
          calls: 4_345,
          totalMs: 4_000,
          rows: 4_345,
          blocksHit: 1e4,
          blocksRead: 0,
          tempBlocksWritten: 0,
          planShape: null,
          planText: null,
          route: null,
        },
      ],
      waits: [
        { type: 'CPU', event: null, averageSessions: 2.31 },
        { type: 'IO', event: 'DataFileRead', averageSessions: 0.4 },
      ],
      activeSessions: { mean: 2.7, max: 9 },
      cacheHitRatio: 0.83,
      connections: { max: 100, peak: 21 },
      pools: [{ name: 'app', max: 10, usedMax: 10, waitingMax: 14, waitP95Ms: 33 }],
      tables: [],
    },
    tags: {},
    ...over,
  }
}

export const BOTTLENECK = SLOWER.causes.map((cause) => ({
  ...cause,
  summary: 'one statement takes 96 % of the database time',
  share: 0.71,
}))
