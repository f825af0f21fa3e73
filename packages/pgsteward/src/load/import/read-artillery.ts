// Artillery 2's report (`artillery run -o FILE`): counters and summaries of the whole and of each ten seconds.

import { z } from 'zod'
import { StewardError } from '../../model/error.ts'
import { ALL_REQUESTS, type RunMoment } from '../../model/load-run.ts'
import { isRecord } from './detect-format.ts'
import type { ForeignRun } from './foreign-run.ts'
import { readDocument } from './read-document.ts'
import { percentilesOnly, reasonsAgainst } from './reasons-against.ts'
import { summarySeries } from './summary-series.ts'

const ms = z.number().min(0).nullish()
const summary = z.looseObject({
  count: z.number().int().min(0).nullish(),
  mean: ms,
  min: ms,
  max: ms,
  p50: ms,
  median: ms,
  p90: ms,
  p95: ms,
  p99: ms,
})
const at = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).nullish()
const part = z.looseObject({
  counters: z.record(z.string(), z.number()).prefault({}),
  summaries: z.record(z.string(), summary).prefault({}),
  histograms: z.record(z.string(), summary).prefault({}),
  period: at,
  firstMetricAt: at,
  lastMetricAt: at,
  firstCounterAt: at,
  lastCounterAt: at,
})
const schema = z.looseObject({ aggregate: part, intermediate: z.array(part) })

type Part = z.output<typeof part>
const TIME = 'http.response_time'
const PERIOD_MS = 10_000
/** By the plugin metrics-by-endpoint. */
const ENDPOINT = 'plugins.metrics-by-endpoint.response_time.'

export function readArtillery(path: string, document: unknown, modifiedAtMs: number): ForeignRun {
  refuseFirstVersion(path, document)
  const { aggregate, intermediate } = readDocument(schema, document, path, 'Artillery')
  const { counters } = aggregate
  const requests = counters['http.requests'] ?? 0
  if (requests === 0)
    throw new StewardError('run-file', `${path} holds no HTTP request`, {
      detail: 'Its counter http.requests is missing or zero.',
      hint: 'Reports of Artillery with other engines than HTTP cannot be read.',
    })
  const kinds = errorKinds(counters)
  const errors = Math.min(requests, sum(Object.values(kinds)))
  const skipped = counters['vusers.skipped'] ?? 0
  const created = counters['vusers.created'] ?? 0
  const startMs =
    aggregate.firstMetricAt ?? aggregate.firstCounterAt ?? firstPeriod(intermediate) ?? modifiedAtMs
  const endMs = aggregate.lastMetricAt ?? aggregate.lastCounterAt ?? modifiedAtMs
  return {
    engine: { name: 'artillery', version: '2' },
    title: null,
    model: 'open',
    startedAtMs: startMs,
    durationMs: Math.max(0, endMs - startMs),
    target: null,
    invalid: [
      percentilesOnly('Artillery gives percentiles only'),
      ...reasonsAgainst({ count: requests, errors, dropped: skipped, offered: created + skipped }),
    ],
    requests: {
      count: requests,
      errors,
      errorKinds: kinds,
      bytesReceived: counters['http.downloaded_bytes'] ?? 0,
      offered: created + skipped,
      dropped: skipped,
    },
    checks: checksOf(counters),
    series: [
      series(ALL_REQUESTS, requests, errors, aggregate, TIME),
      ...Object.keys({ ...aggregate.histograms, ...aggregate.summaries })
        .filter((name) => name.startsWith(ENDPOINT))
        .sort()
        .map((name) => endpointSeries(name, aggregate)),
    ],
    timeline: intermediate.flatMap((each) => momentOf(each, startMs)),
    thresholds: [],
    tags: {},
  }
}

function series(name: string, count: number, errors: number, part: Part, metric: string) {
  const figures = part.summaries[metric] ?? part.histograms[metric]
  return summarySeries({
    name,
    count,
    errors,
    meanMs: figures?.mean ?? null,
    minMs: figures?.min ?? null,
    maxMs: figures?.max ?? null,
    percentiles: {
      p50Ms: figures?.p50 ?? figures?.median ?? null,
      p90Ms: figures?.p90 ?? null,
      p95Ms: figures?.p95 ?? null,
      p99Ms: figures?.p99 ?? null,
    },
  })
}

function endpointSeries(metric: string, aggregate: Part) {
  const name = metric.slice(ENDPOINT.length)
  const codes = `plugins.metrics-by-endpoint.${name}.codes.`
  const failed = Object.entries(aggregate.counters).filter(
    ([counter]) => counter.startsWith(codes) && Number(counter.slice(codes.length)) >= 400,
  )
  const answered = (aggregate.summaries[metric] ?? aggregate.histograms[metric])?.count ?? 0
  return series(name, answered, Math.min(answered, sum(failed.map(([, count]) => count))), aggregate, metric)
}

function errorKinds(counters: Readonly<Record<string, number>>): Record<string, number> {
  const kinds: Record<string, number> = {}
  for (const [name, count] of Object.entries(counters)) {
    const status = /^http\.codes\.(\d+)$/.exec(name)?.[1]
    const failure = /^errors\.(.+)$/.exec(name)?.[1]
    if (status !== undefined && Number(status) >= 400) kinds[status] = count
    // what an expectation or a capture did not find is no failed request
    else if (failure !== undefined && /^E[A-Z]+/.test(failure)) kinds[kindOf(failure)] = count
  }
  return kinds
}

function kindOf(code: string): string {
  if (code === 'ETIMEDOUT') return 'timeout'
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'reset'
  return /^(ENOTFOUND|EAI_)/.test(code) ? 'unknown-host' : code
}

/** By the plugin expect. */
function checksOf(counters: Readonly<Record<string, number>>): ForeignRun['checks'] {
  const passed = counters['plugins.expect.ok'] ?? 0
  const failed = counters['plugins.expect.failed'] ?? 0
  return passed + failed === 0 ? [] : [{ name: 'expect', passed, failed }]
}

function momentOf(part: Part, startMs: number): RunMoment[] {
  const atMs = part.period ?? part.firstMetricAt ?? part.firstCounterAt
  if (atMs == null) return []
  const figures = part.summaries[TIME] ?? part.histograms[TIME]
  return [
    {
      atMs: Math.max(0, atMs - startMs),
      offeredPerSecond: ((part.counters['vusers.created'] ?? 0) / PERIOD_MS) * 1000,
      users: null,
      requestsPerSecond: ((part.counters['http.requests'] ?? 0) / PERIOD_MS) * 1000,
      errors: sum(Object.values(errorKinds(part.counters))),
      p50Ms: figures?.p50 ?? figures?.median ?? null,
      p95Ms: figures?.p95 ?? null,
      p99Ms: figures?.p99 ?? null,
    },
  ]
}

function firstPeriod(intermediate: readonly Part[]): number | null {
  return intermediate[0]?.period ?? null
}

function refuseFirstVersion(path: string, document: unknown): void {
  const aggregate = isRecord(document) ? document.aggregate : null
  if (isRecord(aggregate) && 'requestsCompleted' in aggregate)
    throw new StewardError('run-file', `${path} is a report of Artillery 1`, {
      detail: 'Reports have another shape since version 2 (2022).',
      hint: 'Run it again with Artillery 2.',
    })
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
