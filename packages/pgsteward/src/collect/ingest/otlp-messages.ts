// The messages of OTLP that we read and write, as far as we do: fields that are not named here are skipped. Field numbers are those of
// opentelemetry-proto 1.x. protobufjs is loaded with the first protobuf body, since many applications send JSON only.

import type { Type } from 'protobufjs'
import type { Signal } from './decoded.ts'

type Fields = Readonly<Record<string, readonly [id: number, type: string, rule?: 'repeated']>>

const MESSAGES: Readonly<Record<string, Fields>> = {
  MetricsRequest: { resourceMetrics: [1, 'ResourceMetrics', 'repeated'] },
  LogsRequest: { resourceLogs: [1, 'ResourceLogs', 'repeated'] },
  TraceRequest: { resourceSpans: [1, 'ResourceSpans', 'repeated'] },
  ResourceMetrics: { resource: [1, 'Resource'], scopeMetrics: [2, 'ScopeMetrics', 'repeated'] },
  ResourceLogs: { resource: [1, 'Resource'], scopeLogs: [2, 'ScopeLogs', 'repeated'] },
  ResourceSpans: { resource: [1, 'Resource'], scopeSpans: [2, 'ScopeSpans', 'repeated'] },
  ScopeMetrics: { scope: [1, 'Scope'], metrics: [2, 'Metric', 'repeated'] },
  ScopeLogs: { scope: [1, 'Scope'], logRecords: [2, 'LogRecord', 'repeated'] },
  ScopeSpans: { scope: [1, 'Scope'], spans: [2, 'Span', 'repeated'] },
  Resource: { attributes: [1, 'KeyValue', 'repeated'] },
  Scope: { name: [1, 'string'], version: [2, 'string'] },
  KeyValue: { key: [1, 'string'], value: [2, 'AnyValue'] },
  // lists, maps and bytes are left out: no attribute that we read is one
  AnyValue: {
    stringValue: [1, 'string'],
    boolValue: [2, 'bool'],
    intValue: [3, 'int64'],
    doubleValue: [4, 'double'],
  },
  Metric: {
    name: [1, 'string'],
    description: [2, 'string'],
    unit: [3, 'string'],
    gauge: [5, 'Gauge'],
    sum: [7, 'Sum'],
    histogram: [9, 'Histogram'],
    exponentialHistogram: [10, 'ExponentialHistogram'],
  },
  Gauge: { dataPoints: [1, 'NumberPoint', 'repeated'] },
  Sum: {
    dataPoints: [1, 'NumberPoint', 'repeated'],
    aggregationTemporality: [2, 'int32'],
    isMonotonic: [3, 'bool'],
  },
  Histogram: { dataPoints: [1, 'HistogramPoint', 'repeated'], aggregationTemporality: [2, 'int32'] },
  ExponentialHistogram: {
    dataPoints: [1, 'ExponentialPoint', 'repeated'],
    aggregationTemporality: [2, 'int32'],
  },
  NumberPoint: {
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    asDouble: [4, 'double'],
    asInt: [6, 'sfixed64'],
    attributes: [7, 'KeyValue', 'repeated'],
  },
  HistogramPoint: {
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    bucketCounts: [6, 'fixed64', 'repeated'],
    explicitBounds: [7, 'double', 'repeated'],
    attributes: [9, 'KeyValue', 'repeated'],
    min: [11, 'double'],
    max: [12, 'double'],
  },
  ExponentialPoint: {
    attributes: [1, 'KeyValue', 'repeated'],
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    scale: [6, 'sint32'],
    zeroCount: [7, 'fixed64'],
    positive: [8, 'Buckets'],
    min: [12, 'double'],
    max: [13, 'double'],
  },
  Buckets: { offset: [1, 'sint32'], bucketCounts: [2, 'uint64', 'repeated'] },
  LogRecord: {
    timeUnixNano: [1, 'fixed64'],
    body: [5, 'AnyValue'],
    attributes: [6, 'KeyValue', 'repeated'],
    traceId: [9, 'bytes'],
    spanId: [10, 'bytes'],
    observedTimeUnixNano: [11, 'fixed64'],
    eventName: [12, 'string'],
  },
  Span: {
    traceId: [1, 'bytes'],
    spanId: [2, 'bytes'],
    parentSpanId: [4, 'bytes'],
    name: [5, 'string'],
    kind: [6, 'int32'],
    startTimeUnixNano: [7, 'fixed64'],
    endTimeUnixNano: [8, 'fixed64'],
    attributes: [9, 'KeyValue', 'repeated'],
    status: [15, 'SpanStatus'],
  },
  SpanStatus: { code: [3, 'int32'] },
  // answers
  Answer: { partialSuccess: [1, 'PartialSuccess'] },
  PartialSuccess: { rejected: [1, 'int64'], errorMessage: [2, 'string'] },
  Status: { code: [1, 'int32'], message: [2, 'string'] },
}

const REQUEST: Readonly<Record<Signal, string>> = {
  metrics: 'MetricsRequest',
  logs: 'LogsRequest',
  traces: 'TraceRequest',
}

let loaded: Promise<(name: string) => Type> | undefined

async function messageTypes(): Promise<(name: string) => Type> {
  loaded ??= (async () => {
    const { default: protobuf } = await import('protobufjs/light.js')
    // 64-bit numbers as doubles: times are exact to a quarter of a microsecond, and a million counts stay a million numbers
    protobuf.util.Long = null as never
    protobuf.configure()
    const root = protobuf.Root.fromJSON({
      nested: Object.fromEntries(
        Object.entries(MESSAGES).map(([name, fields]) => [name, descriptorOf(fields)]),
      ),
    })
    return (name) => root.lookupType(name)
  })()
  return await loaded
}

function descriptorOf(fields: Fields) {
  return {
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, [id, type, rule]]) => [
        name,
        { id, type, ...(rule === undefined ? {} : { rule }) },
      ]),
    ),
  }
}

/** Throws what protobufjs throws at a body that is none. */
export async function readProtobuf(signal: Signal, bytes: Uint8Array): Promise<unknown> {
  return (await messageTypes())(REQUEST[signal]).decode(bytes)
}

/** Items that a receiver refused of what it took; the rest is saved and may not be sent again. */
export async function rejectedOf(answer: Uint8Array): Promise<number> {
  const { partialSuccess } = (await messageTypes())('Answer').decode(answer) as {
    readonly partialSuccess?: { readonly rejected?: number }
  }
  return Math.max(0, Number(partialSuccess?.rejected ?? 0))
}

/** `value` as in OTLP's JSON. */
export async function writeProtobuf(
  name: 'Answer' | 'Status' | 'MetricsRequest',
  value: object,
): Promise<Uint8Array> {
  const type = (await messageTypes())(name)
  return type.encode(type.fromObject(value)).finish()
}
