// A benchmark as a load run: one series a metric, so that baselines, their merging and their showing are the same for both.

import { createHash } from 'node:crypto'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'
import { type LoadRun, RUN_FORMAT, type RunEnvironment, type RunSeries } from '../model/load-run.ts'
import { encodeLatencies, latencyHistogram, percentileMs, recordMs } from '../stats/latency-histogram.ts'
import { type RecordedMetric, valuesOf } from './recorded-metrics.ts'

const VERSION = '1'
const NO_PERCENTILES = { p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null }

export function benchmarkRun(
  name: string,
  metrics: readonly RecordedMetric[],
  at: Date,
  durationMs: number,
): LoadRun {
  return {
    format: RUN_FORMAT,
    id: `${name}-${at.getTime().toString(36)}`,
    startedAt: at.toISOString(),
    durationMs,
    warmUpMs: 0,
    // metrics come and go with the code, so the name alone says what is compared
    scenario: {
      id: name,
      title: name,
      hash: createHash('sha256').update(name).digest('hex'),
      model: 'closed',
      timeScale: 1,
      loadScale: 1,
    },
    engine: { name: 'benchmark', version: VERSION },
    target: null,
    git: null,
    experiment: null,
    ended: 'completed',
    invalid: [],
    requests: {
      count: metrics.reduce((sum, { runs }) => sum + runs.flat().length, 0),
      errors: 0,
      errorKinds: {},
      bytesReceived: 0,
      offered: null,
      dropped: 0,
    },
    checks: [],
    generator: null,
    series: metrics.map(seriesOf),
    timeline: [],
    thresholds: [],
    environment: benchmarkHost(),
    database: null,
    tags: {},
  }
}

function seriesOf(metric: RecordedMetric): RunSeries {
  const { name, unit, better, runs } = metric
  const samples = runs.flat()
  const about = {
    name,
    feature: null,
    count: samples.length,
    errors: 0,
    serviceHistogram: null,
    windows: null,
    metric: { unit, better, values: [...valuesOf(metric)] },
  }
  if (unit !== 'ms')
    return { ...about, sumMs: 0, minMs: null, maxMs: null, histogram: null, percentiles: NO_PERCENTILES }
  const histogram = latencyHistogram()
  for (const each of samples) recordMs(histogram, each)
  return {
    ...about,
    sumMs: samples.reduce((sum, each) => sum + each, 0),
    minMs: samples.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY),
    maxMs: samples.reduce((most, each) => Math.max(most, each), 0),
    histogram: encodeLatencies(histogram),
    percentiles: {
      p50Ms: percentileMs(histogram, 0.5),
      p90Ms: percentileMs(histogram, 0.9),
      p95Ms: percentileMs(histogram, 0.95),
      p99Ms: percentileMs(histogram, 0.99),
    },
  }
}

/** Of a benchmark the major version of Node decides too. */
function benchmarkHost(): RunEnvironment {
  const cpu = cpus()[0]?.model.replace(/\s+/g, ' ').trim() || 'unknown'
  const cores = availableParallelism()
  const memoryGib = Math.round(totalmem() / 1024 ** 3)
  const node = process.versions.node
  const decides = [cpu, cores, memoryGib, platform(), arch(), node.split('.')[0]]
  const hash = createHash('sha256').update(JSON.stringify(decides)).digest('hex').slice(0, 12)
  return {
    hostClass: `${platform()}-${arch()}-${cores}c-${memoryGib}g-${hash}`,
    cpu,
    cores,
    memoryBytes: totalmem(),
    platform: `${platform()} ${arch()}`,
    kernel: release(),
    node,
    runner: null,
    hostBusyRatio: null,
    postgres: null,
    application: null,
  }
}
