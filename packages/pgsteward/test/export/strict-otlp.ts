// A receiver of OTLP/HTTP metrics on loopback, JSON and protobuf, that takes nothing but what the protocol says: lowerCamelCase keys and
// no others, 64-bit integers as decimal strings, each series once, buckets that add up. It can fail in the ways that receivers fail.

import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { decodeOtlp } from '../../src/collect/ingest/decode-otlp.ts'
import type { Decoded } from '../../src/collect/ingest/decoded.ts'

const text = z.string().min(1)
const uint64 = z.string().regex(/^\d{1,20}$/)
const nanos = z.string().regex(/^\d{19}$/)
const attributes = z
  .array(z.strictObject({ key: text, value: z.strictObject({ stringValue: z.string() }) }))
  .refine((list) => new Set(list.map(({ key }) => key)).size === list.length, 'a key stands twice')
const at = { attributes, startTimeUnixNano: nanos.optional(), timeUnixNano: nanos }
const spanned = { ...at, startTimeUnixNano: nanos }

const numberPoint = z.union([
  z.strictObject({ ...at, asInt: z.string().regex(/^-?\d{1,19}$/) }),
  z.strictObject({ ...at, asDouble: z.number() }),
])
const histogramPoint = z
  .strictObject({
    ...spanned,
    count: uint64,
    sum: z.number(),
    bucketCounts: z.array(uint64),
    explicitBounds: z.array(z.number()),
  })
  .refine(
    ({ count, bucketCounts, explicitBounds }) =>
      bucketCounts.length === explicitBounds.length + 1 &&
      bucketCounts.reduce((sum, each) => sum + Number(each), 0) === Number(count),
    'buckets that do not add up',
  )
const seriesOnce = (list: readonly { readonly attributes: unknown }[]) =>
  new Set(list.map((point) => JSON.stringify(point.attributes))).size === list.length
const points = z.array(numberPoint).min(1).refine(seriesOnce, 'a series stands twice')
const temporality = z.literal([1, 2])
const head = { name: text.max(255), description: z.string(), unit: z.string().max(63) }
const metric = z.union([
  z.strictObject({ ...head, gauge: z.strictObject({ dataPoints: points }) }),
  z.strictObject({
    ...head,
    sum: z.strictObject({
      aggregationTemporality: temporality,
      isMonotonic: z.boolean(),
      dataPoints: points.refine(
        (list) => list.every((each) => each.startTimeUnixNano !== undefined),
        'no start',
      ),
    }),
  }),
  z.strictObject({
    ...head,
    histogram: z.strictObject({
      aggregationTemporality: temporality,
      dataPoints: z.array(histogramPoint).min(1).refine(seriesOnce, 'a series stands twice'),
    }),
  }),
])
export const metricsBody = z.strictObject({
  resourceMetrics: z
    .array(
      z.strictObject({
        resource: z.strictObject({ attributes }),
        scopeMetrics: z
          .array(
            z.strictObject({
              scope: z.strictObject({ name: text, version: text }),
              metrics: z
                .array(metric)
                .min(1)
                .refine(
                  (list) => new Set(list.map(({ name }) => name)).size === list.length,
                  'a metric twice',
                ),
            }),
          )
          .length(1),
      }),
    )
    .min(1),
})
export type MetricsBody = z.output<typeof metricsBody>

export interface StrictOtlp {
  readonly url: string
  readonly port: number
  readonly headers: IncomingHttpHeaders[]
  /** Of JSON bodies. */
  readonly bodies: MetricsBody[]
  /** Of all bodies, as our own door reads them. */
  readonly decoded: Decoded[]
  readonly faults: string[]
  /** Takes what comes, or answers so instead. */
  readonly behave: (as: ((response: ServerResponse) => void) | null) => void
  /** Requests that were answered by `behave`. */
  readonly failed: () => number
  readonly stop: () => Promise<void>
}

export async function startStrictOtlp(port = 0): Promise<StrictOtlp> {
  const headers: IncomingHttpHeaders[] = []
  const bodies: MetricsBody[] = []
  const decoded: Decoded[] = []
  const faults: string[] = []
  let behaviour: ((response: ServerResponse) => void) | null = null
  let failed = 0
  const take = async (given: IncomingHttpHeaders, url: string | undefined, data: Buffer) => {
    if (url !== '/v1/metrics') throw new Error(`path ${url}`)
    const bytes = given['content-encoding'] === 'gzip' ? gunzipSync(data) : data
    const isJson = given['content-type'] === 'application/json'
    if (!isJson && given['content-type'] !== 'application/x-protobuf')
      throw new Error(`type ${given['content-type']}`)
    if (isJson) bodies.push(metricsBody.parse(JSON.parse(bytes.toString('utf8'))))
    decoded.push(...(await decodeOtlp('metrics', isJson ? 'json' : 'protobuf', bytes)))
    headers.push(given)
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      if (behaviour !== null) {
        failed++
        behaviour(response)
        return
      }
      try {
        await take(request.headers, request.url, Buffer.concat(chunks))
        const isJson = request.headers['content-type'] === 'application/json'
        response.writeHead(200, { 'content-type': request.headers['content-type']! }).end(isJson ? '{}' : '')
      } catch (error) {
        faults.push(String(error))
        response.writeHead(400).end()
      }
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const listens = (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${listens}`,
    port: listens,
    headers,
    bodies,
    decoded,
    faults,
    behave: (as) => {
      behaviour = as
    },
    failed: () => failed,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
