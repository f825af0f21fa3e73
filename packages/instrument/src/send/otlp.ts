// What the recorder drained as bodies of OTLP/HTTP with JSON: metrics (delta temporality) and log events. Pure.

import { ATTRIBUTE, SCOPE } from '../names.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Drained } from '../record/drained.ts'
import { VERSION } from '../version.ts'
import { logRecords } from './otlp-logs.ts'
import { metricPoints, metricsJson } from './otlp-metrics.ts'
import { attributesOf } from './otlp-values.ts'

export interface OtlpBody {
  readonly path: '/v1/metrics' | '/v1/logs'
  readonly json: string
  /** Data points or log records in it, for counting what got lost. */
  readonly items: number
}

export interface OtlpSource
  extends Pick<ResolvedOptions, 'service' | 'version' | 'environment' | 'instance'> {
  /** Milliseconds since the epoch; the levels' start. */
  readonly startedAt: number
}

/** Far under what receivers commonly take at once, so that a body is never refused for its size. */
export const MAX_BODY_BYTES = 512 * 1024

export function otlpBodies(
  drained: Drained,
  source: OtlpSource,
  maxBytes: number = MAX_BODY_BYTES,
): readonly OtlpBody[] {
  const head = `"resource":${JSON.stringify(resourceOf(source))}`
  const scope = `"scope":${JSON.stringify({ name: SCOPE, version: VERSION })}`
  const points = metricPoints(drained, source.startedAt)
  const records = logRecords(drained)
  return [
    ...split(points.map(sized), maxBytes).map((part) => ({
      path: '/v1/metrics' as const,
      json: `{"resourceMetrics":[{${head},"scopeMetrics":[{${scope},"metrics":[${metricsJson(part)}]}]}]}`,
      items: part.length,
    })),
    ...split(records.map(sized), maxBytes).map((part) => ({
      path: '/v1/logs' as const,
      json: `{"resourceLogs":[{${head},"scopeLogs":[{${scope},"logRecords":[${part.map(({ json }) => json).join(',')}]}]}]}`,
      items: part.length,
    })),
  ]
}

/** Parts that are encoded one after the other, so that the event loop is never held for all statements at once. */
export function slicesOf(drained: Drained, maxQueries = 100): readonly Drained[] {
  const { queries } = drained
  const slices: Drained[] = [{ ...drained, queries: queries.slice(0, maxQueries) }]
  const nothingElse = {
    ...drained,
    requests: [],
    calls: [],
    metrics: [],
    pools: [],
    slowQueries: [],
    repeats: [],
    dropped: {},
  }
  for (let from = maxQueries; from < queries.length; from += maxQueries)
    slices.push({ ...nothingElse, queries: queries.slice(from, from + maxQueries) })
  return slices
}

function resourceOf(source: OtlpSource) {
  return {
    attributes: attributesOf({
      [ATTRIBUTE.serviceName]: source.service,
      [ATTRIBUTE.serviceVersion]: source.version === '' ? null : source.version,
      [ATTRIBUTE.serviceInstance]: source.instance,
      [ATTRIBUTE.environment]: source.environment === '' ? null : source.environment,
      [ATTRIBUTE.sdkName]: 'pgsteward',
      [ATTRIBUTE.sdkLanguage]: 'nodejs',
      [ATTRIBUTE.sdkVersion]: VERSION,
    }),
  }
}

function sized<T extends { readonly json: string }>(item: T): T & { readonly bytes: number } {
  return { ...item, bytes: Buffer.byteLength(item.json) + 1 }
}

/** In order; a part holds one item at least. */
function split<T extends { readonly bytes: number }>(
  items: readonly T[],
  maxBytes: number,
): readonly (readonly T[])[] {
  const parts: T[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const item of items) {
    if (bytes + item.bytes > maxBytes) {
      parts.push([])
      bytes = 4096 // resource, scope and the metrics' heads
    }
    parts.at(-1)!.push(item)
    bytes += item.bytes
  }
  return parts
}
