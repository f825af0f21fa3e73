// k6's summaries in their three shapes: --summary-export (where a threshold's `true` means crossed), handleSummary (`ok: true` means
// met) and the machine-readable one with a version (no p99, no counts of trends, no thresholds, no groups).

import { z } from 'zod'
import { StewardError } from '../../model/error.ts'
import { ALL_REQUESTS, type LoadRun, type RunSeries } from '../../model/load-run.ts'
import { isRecord } from './detect-format.ts'
import type { ForeignRun } from './foreign-run.ts'
import { type ThresholdUnit, thresholdText, thresholdUnit } from './k6-metric.ts'
import { readDocument } from './read-document.ts'
import { percentilesOnly, reasonsAgainst } from './reasons-against.ts'
import { summarySeries } from './summary-series.ts'

type Values = Readonly<Record<string, number>>

/** The three shapes made one. */
interface Metric {
  readonly name: string
  readonly values: Values
  readonly thresholds: readonly { readonly expression: string; readonly isMet: boolean }[]
}

const values = z.record(z.string(), z.number())
const exported = z.looseObject({
  metrics: z.record(
    z.string(),
    z.looseObject({ thresholds: z.record(z.string(), z.boolean()).optional() }).catchall(z.number()),
  ),
  root_group: z.unknown().optional(),
})
const handled = z.looseObject({
  metrics: z.record(
    z.string(),
    z.looseObject({
      values,
      thresholds: z.record(z.string(), z.looseObject({ ok: z.boolean() })).optional(),
    }),
  ),
  state: z.looseObject({ testRunDurationMs: z.number().min(0).optional() }).optional(),
  root_group: z.unknown().optional(),
})
const second = z.looseObject({
  version: z.string(),
  config: z
    .looseObject({ duration: z.number().min(0).optional(), script: z.string().optional() })
    .prefault({}),
  metadata: z
    .looseObject({ generated_at: z.string().optional(), k6_version: z.string().optional() })
    .prefault({}),
  results: z.looseObject({
    metrics: z.array(z.looseObject({ name: z.string(), values })),
    checks: z
      .looseObject({
        metrics: z.array(z.looseObject({ name: z.string(), values })).prefault([]),
        results: z
          .array(z.looseObject({ name: z.string(), passes: z.number(), fails: z.number() }))
          .prefault([]),
      })
      .prefault({}),
  }),
})

interface Around {
  readonly version: string
  readonly model: ForeignRun['model']
  readonly durationMs: number | null
  readonly endedAtMs: number
  readonly checks: LoadRun['checks']
  readonly lacks: string
}

export function readK6Export(path: string, document: unknown, modifiedAtMs: number): ForeignRun {
  const { metrics, root_group } = readDocument(exported, document, path, 'k6 --summary-export')
  const list = Object.entries(metrics).map(([name, { thresholds, ...rest }]) => ({
    name,
    values: rest as Values,
    thresholds: Object.entries(thresholds ?? {}).map(([expression, isCrossed]) => ({
      expression,
      isMet: !isCrossed,
    })),
  }))
  return foreignOf(path, list, {
    version: 'unknown',
    model: null,
    durationMs: null,
    endedAtMs: modifiedAtMs,
    checks: groupChecks(root_group),
    lacks: "k6's summary has percentiles only, of endpoints only where they have a threshold",
  })
}

export function readK6HandleSummary(path: string, document: unknown, modifiedAtMs: number): ForeignRun {
  const { metrics, state, root_group } = readDocument(handled, document, path, "k6's handleSummary")
  const list = Object.entries(metrics).map(([name, metric]) => ({
    name,
    values: metric.values,
    thresholds: Object.entries(metric.thresholds ?? {}).map(([expression, { ok }]) => ({
      expression,
      isMet: ok,
    })),
  }))
  return foreignOf(path, list, {
    version: 'unknown',
    model: null,
    durationMs: state?.testRunDurationMs ?? null,
    endedAtMs: modifiedAtMs,
    checks: groupChecks(root_group),
    lacks: "k6's summary has percentiles only, of endpoints only where they have a threshold",
  })
}

export function readK6SecondSummary(path: string, document: unknown, modifiedAtMs: number): ForeignRun {
  const { config, metadata, results } = readDocument(second, document, path, "k6's machine-readable summary")
  const endedAtMs = Date.parse(metadata.generated_at ?? '')
  const list = [...results.metrics, ...results.checks.metrics].map((metric) => ({
    name: metric.name,
    values: metric.values,
    thresholds: [],
  }))
  return foreignOf(path, list, {
    version: metadata.k6_version ?? 'unknown',
    // the script is in it, and tells which executors it has
    model: /executor:\s*['"](constant|ramping)-arrival-rate/.test(config.script ?? '') ? 'open' : null,
    durationMs: config.duration === undefined ? null : config.duration * 1000,
    endedAtMs: Number.isNaN(endedAtMs) ? modifiedAtMs : endedAtMs,
    checks: results.checks.results.map(({ name, passes, fails }) => ({
      name,
      passed: passes,
      failed: fails,
    })),
    lacks: "k6's machine-readable summary has neither p99 nor thresholds, and percentiles only",
  })
}

function foreignOf(path: string, metrics: readonly Metric[], around: Around): ForeignRun {
  const find = (name: string) => metrics.find((metric) => metric.name === name)?.values
  const duration = find('http_req_duration')
  const count = find('http_reqs')?.count ?? 0
  if (duration === undefined || count === 0)
    throw new StewardError('run-file', `${path} holds no HTTP request`, {
      detail: 'Its metrics http_reqs and http_req_duration are missing or empty.',
      hint: 'Was k6 ended before its first request? Runs of other protocols cannot be read.',
    })
  const failed = find('http_req_failed')
  // of a rate, `passes` counts what is not zero: here the failures; the newer shape calls them matches
  const errors = Math.min(
    count,
    failed?.matches ?? failed?.passes ?? Math.round((failed?.rate ?? failed?.value ?? 0) * count),
  )
  const iterations = find('iterations')?.count ?? 0
  const dropped = find('dropped_iterations')?.count ?? 0
  const rate = find('http_reqs')?.rate ?? 0
  const durationMs = around.durationMs ?? (rate > 0 ? (count / rate) * 1000 : 0)
  const answered = find('http_req_duration{expected_response:true}') ?? duration
  return {
    engine: { name: 'k6', version: around.version },
    title: null,
    model: around.model ?? (dropped > 0 ? 'open' : null),
    startedAtMs: around.endedAtMs - durationMs,
    durationMs,
    target: null,
    invalid: [
      percentilesOnly(around.lacks),
      ...reasonsAgainst({ count, errors, dropped, offered: iterations + dropped }),
    ],
    requests: {
      count,
      errors,
      errorKinds: errors === 0 ? {} : { unknown: errors },
      bytesReceived: find('data_received')?.count ?? 0,
      offered: iterations + dropped,
      dropped,
    },
    checks: around.checks,
    series: [seriesOf(ALL_REQUESTS, null, answered, count, errors), ...endpoints(metrics)],
    timeline: [],
    thresholds: metrics.flatMap(({ name, values, thresholds }) =>
      thresholds.map(({ expression, isMet }) => ({
        text: thresholdText(name, expression),
        value: valueOfExpression(expression, values),
        isMet,
        unit: unitOf(name, values, expression),
      })),
    ),
    tags: {},
  }
}

/** Sub-metrics of the duration: `http_req_duration{name:GET /db}` is the endpoint, other tags name themselves. */
function endpoints(metrics: readonly Metric[]): readonly RunSeries[] {
  return metrics.flatMap(({ name, values }) => {
    const tags = /^http_req_duration\{(.+)\}$/.exec(name)?.[1]
    if (tags === undefined || tags === 'expected_response:true') return []
    const given = /(?:^|,\s*)name:\s*([^,]+)/.exec(tags)?.[1]
    const group = /(?:^|,\s*)(?:group|feature):\s*:*([^,]+)/.exec(tags)?.[1] ?? null
    return [seriesOf(given ?? tags, group?.replaceAll('::', ' / ') ?? null, values, values.count ?? 0, 0)]
  })
}

function seriesOf(
  name: string,
  feature: string | null,
  values: Values,
  count: number,
  errors: number,
): RunSeries {
  return summarySeries({
    name,
    feature,
    count,
    errors,
    meanMs: values.avg ?? null,
    minMs: values.min ?? null,
    maxMs: values.max ?? null,
    percentiles: {
      p50Ms: values['p(50)'] ?? values.p50 ?? values.med ?? null,
      p90Ms: values['p(90)'] ?? values.p90 ?? null,
      p95Ms: values['p(95)'] ?? values.p95 ?? null,
      p99Ms: values['p(99)'] ?? values.p99 ?? null,
    },
  })
}

function valueOfExpression(expression: string, values: Values): number | null {
  const aggregate = aggregateOf(expression)
  return values[aggregate] ?? (aggregate === 'rate' ? (values.value ?? null) : null)
}

function aggregateOf(expression: string): string {
  return /^\s*(p\([\d.]+\)|[a-z]+)/i.exec(expression)?.[1] ?? ''
}

/** A summary tells no types in each shape: by what a metric has. */
function unitOf(name: string, values: Values, expression: string): ThresholdUnit {
  const type = 'passes' in values || 'fails' in values ? 'rate' : 'avg' in values ? 'trend' : 'counter'
  return thresholdUnit(type, name.startsWith('data_') ? 'data' : 'time', aggregateOf(expression))
}

/** Groups are nested, as lists or by name; checks of one name in several groups are one, as in the stream. */
function groupChecks(group: unknown): LoadRun['checks'] {
  const sums = new Map<string, { name: string; passed: number; failed: number }>()
  for (const { name, passed, failed } of checksBelow(group, 0)) {
    const there = sums.get(name) ?? { name, passed: 0, failed: 0 }
    sums.set(name, { name, passed: there.passed + passed, failed: there.failed + failed })
  }
  return [...sums.values()]
}

function checksBelow(group: unknown, depth: number): LoadRun['checks'] {
  if (!isRecord(group) || depth > 20) return []
  const checks = listOf(group.checks).flatMap((check) => {
    const { name, passes, fails } = check
    return typeof name === 'string' && isCount(passes) && isCount(fails)
      ? [{ name, passed: passes, failed: fails }]
      : []
  })
  return [...checks, ...listOf(group.groups).flatMap((each) => checksBelow(each, depth + 1))]
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []).filter(isRecord)
}
