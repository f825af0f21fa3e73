// What OTLP/HTTP with JSON demands of a body, strictly: lowerCamelCase keys and no others, enums as integers, 64-bit integers as
// decimal strings, ids in hex. After opentelemetry-proto, docs/specification.md and the messages of metrics.proto and logs.proto.

import { z } from 'zod'

const int64 = z.string().regex(/^-?\d{1,19}$/)
const uint64 = z.string().regex(/^\d{1,20}$/)
const nanos = z.string().regex(/^\d{19}$/)
const text = z.string().min(1)

const value = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ intValue: int64 }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ boolValue: z.boolean() }),
])

const attributes = z
  .array(z.strictObject({ key: text, value }))
  .refine((list) => new Set(list.map(({ key }) => key)).size === list.length, 'a key twice')

const resource = z.strictObject({ attributes })
const scope = z.strictObject({ name: text, version: text })

const numberPoint = z.union([
  z.strictObject({ attributes, startTimeUnixNano: nanos.optional(), timeUnixNano: nanos, asInt: int64 }),
  z.strictObject({
    attributes,
    startTimeUnixNano: nanos.optional(),
    timeUnixNano: nanos,
    asDouble: z.number(),
  }),
])

const exponentialPoint = z
  .strictObject({
    attributes,
    startTimeUnixNano: nanos,
    timeUnixNano: nanos,
    count: uint64,
    sum: z.number(),
    max: z.number(),
    scale: z.int().min(-10).max(20),
    zeroCount: uint64,
    positive: z.strictObject({ offset: z.int(), bucketCounts: z.array(uint64) }),
  })
  .refine(
    (point) =>
      Number(point.count) ===
      point.positive.bucketCounts.reduce((sum, count) => sum + Number(count), Number(point.zeroCount)),
    'count is not the sum of the buckets',
  )

const head = { name: text, unit: z.string() }
const temporality = z.literal([1, 2])

const metric = z.union([
  z.strictObject({ ...head, gauge: z.strictObject({ dataPoints: z.array(numberPoint).min(1) }) }),
  z.strictObject({
    ...head,
    sum: z.strictObject({
      aggregationTemporality: temporality,
      isMonotonic: z.boolean(),
      dataPoints: z.array(numberPoint).min(1),
    }),
  }),
  z.strictObject({
    ...head,
    exponentialHistogram: z.strictObject({
      aggregationTemporality: temporality,
      dataPoints: z.array(exponentialPoint).min(1),
    }),
  }),
])

export const metricsBody = z.strictObject({
  resourceMetrics: z
    .array(
      z.strictObject({
        resource,
        scopeMetrics: z.array(z.strictObject({ scope, metrics: z.array(metric).min(1) })).min(1),
      }),
    )
    .min(1),
})

export const logsBody = z.strictObject({
  resourceLogs: z
    .array(
      z.strictObject({
        resource,
        scopeLogs: z
          .array(
            z.strictObject({
              scope,
              logRecords: z
                .array(
                  z.strictObject({
                    timeUnixNano: nanos,
                    observedTimeUnixNano: nanos,
                    eventName: text,
                    severityNumber: z.int().min(1).max(24),
                    severityText: z.string(),
                    body: value,
                    attributes,
                    traceId: z
                      .string()
                      .regex(/^[0-9a-f]{32}$/)
                      .optional(),
                    spanId: z
                      .string()
                      .regex(/^[0-9a-f]{16}$/)
                      .optional(),
                  }),
                )
                .min(1),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
})

export type MetricsBody = z.infer<typeof metricsBody>
export type LogsBody = z.infer<typeof logsBody>
export type Attribute = z.infer<typeof attributes>[number]

/** Attributes as plain values; a 64-bit integer becomes a number. */
export function plain(list: readonly Attribute[]): Record<string, string | number | boolean> {
  return Object.fromEntries(
    list.map(({ key, value: any }) => [
      key,
      'stringValue' in any
        ? any.stringValue
        : 'intValue' in any
          ? Number(any.intValue)
          : 'doubleValue' in any
            ? any.doubleValue
            : any.boolValue,
    ]),
  )
}
