// autocannon's result (`--json`, or its programmatic interface): whole milliseconds, and a latency table without p95.

import { z } from 'zod'
import { ALL_REQUESTS } from '../../model/load-run.ts'
import type { ForeignRun } from './foreign-run.ts'
import { readDocument } from './read-document.ts'
import { percentilesOnly, reasonsAgainst } from './reasons-against.ts'
import { summarySeries } from './summary-series.ts'

const ms = z.number().min(0)
const count = z.number().int().min(0)

const schema = z.looseObject({
  title: z.string().nullish(),
  url: z.string().nullish(),
  connections: count.optional(),
  duration: z.number().min(0),
  start: z.string().nullish(),
  errors: count.default(0),
  timeouts: count.default(0),
  resets: count.default(0),
  mismatches: count.default(0),
  non2xx: count.default(0),
  statusCodeStats: z.record(z.string(), z.looseObject({ count: z.number() })).default({}),
  latency: z.looseObject({
    mean: ms.optional(),
    average: ms.optional(),
    min: ms,
    max: ms,
    p50: ms.optional(),
    p90: ms.optional(),
    p95: ms.optional(),
    p99: ms.optional(),
  }),
  requests: z.looseObject({ total: count }),
  throughput: z.looseObject({ total: z.number().min(0).default(0) }),
})

export function readAutocannon(path: string, document: unknown, modifiedAtMs: number): readonly ForeignRun[] {
  const list = Array.isArray(document) ? document : [document]
  return list.map((each, at) =>
    foreignOf(
      readDocument(schema, each, list.length === 1 ? path : `${path}, result ${at + 1}`, 'autocannon'),
      modifiedAtMs,
    ),
  )
}

function foreignOf(result: z.output<typeof schema>, modifiedAtMs: number): ForeignRun {
  const { latency } = result
  // timeouts are among the errors; answers are in requests.total
  const requests = result.requests.total + result.errors
  const errors = Math.min(requests, result.errors + result.non2xx)
  const startedAtMs = result.start == null ? Number.NaN : Date.parse(result.start)
  const kinds: Record<string, number> = {}
  for (const [status, { count: times }] of Object.entries(result.statusCodeStats))
    if (!/^2/.test(status)) kinds[status] = times
  if (result.timeouts > 0) kinds.timeout = result.timeouts
  if (result.errors > result.timeouts) kinds.connection = result.errors - result.timeouts
  return {
    engine: { name: 'autocannon', version: 'unknown' },
    title: result.title ?? null,
    model: 'closed',
    startedAtMs: Number.isNaN(startedAtMs) ? modifiedAtMs - result.duration * 1000 : startedAtMs,
    durationMs: result.duration * 1000,
    target: result.url == null ? null : (URL.parse(result.url)?.origin ?? null),
    invalid: [
      percentilesOnly('autocannon gives percentiles in whole milliseconds, and no values'),
      ...reasonsAgainst({ count: requests, errors, dropped: 0, offered: null }),
    ],
    requests: {
      count: requests,
      errors,
      errorKinds: kinds,
      bytesReceived: result.throughput.total,
      offered: null,
      dropped: 0,
    },
    checks:
      result.mismatches > 0
        ? [
            {
              name: 'expected body',
              passed: Math.max(0, result.requests.total - result.mismatches),
              failed: result.mismatches,
            },
          ]
        : [],
    series: [
      summarySeries({
        name: ALL_REQUESTS,
        count: requests,
        errors,
        meanMs: latency.mean ?? latency.average ?? null,
        minMs: latency.min,
        maxMs: latency.max,
        percentiles: {
          p50Ms: latency.p50 ?? null,
          p90Ms: latency.p90 ?? null,
          p95Ms: latency.p95 ?? null,
          p99Ms: latency.p99 ?? null,
        },
      }),
    ],
    timeline: [],
    thresholds: [],
    tags: result.connections === undefined ? {} : { connections: String(result.connections) },
  }
}
