// A receiver of OTLP/HTTP with JSON on loopback that checks each body strictly, and that can misbehave in every way a server can.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { type LogsBody, logsBody, type MetricsBody, metricsBody, plain } from './otlp-schema.ts'

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void

export interface ReceivedPoint {
  readonly metric: string
  readonly attributes: Record<string, string | number | boolean>
  /** Of a histogram its count, else the value. */
  readonly value: number
}

export interface ReceivedEvent {
  readonly name: string
  readonly text: string
  readonly severity: number
  readonly traceId: string | undefined
  readonly attributes: Record<string, string | number | boolean>
}

export interface Receiver {
  readonly url: string
  readonly port: number
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[]
  readonly metricBodies: MetricsBody[]
  readonly logBodies: LogsBody[]
  /** What a strict reader refused. Expect it to be empty. */
  readonly faults: string[]
  readonly points: () => readonly ReceivedPoint[]
  readonly events: () => readonly ReceivedEvent[]
  /** Null: take and check bodies again. */
  readonly behave: (as: Behaviour | null) => void
  readonly stop: () => Promise<void>
}

export async function startReceiver(port = 0): Promise<Receiver> {
  const requests: Receiver['requests'] = []
  const metricBodies: MetricsBody[] = []
  const logBodies: LogsBody[] = []
  const faults: string[] = []
  let behaviour: Behaviour | null = null

  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization })
    if (behaviour !== null) {
      behaviour(request, response)
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      try {
        take(request, Buffer.concat(chunks))
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      } catch (error) {
        faults.push(String(error))
        response.writeHead(400).end()
      }
    })
  })

  function take(request: IncomingMessage, data: Buffer): void {
    if (request.method !== 'POST') throw new Error(`method ${request.method}`)
    if (request.headers['content-type'] !== 'application/json')
      throw new Error(`type ${request.headers['content-type']}`)
    const isGzip = request.headers['content-encoding'] === 'gzip'
    const body = JSON.parse((isGzip ? gunzipSync(data) : data).toString('utf8'))
    if (request.url === '/v1/metrics') metricBodies.push(metricsBody.parse(body))
    else if (request.url === '/v1/logs') logBodies.push(logsBody.parse(body))
    else throw new Error(`path ${request.url}`)
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const actual = (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${actual}`,
    port: actual,
    requests,
    metricBodies,
    logBodies,
    faults,
    points: () => metricBodies.flatMap(pointsOf),
    events: () => logBodies.flatMap(eventsOf),
    behave: (as) => {
      behaviour = as
    },
    stop: async () => {
      server.close()
      server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}

function pointsOf(body: MetricsBody): readonly ReceivedPoint[] {
  return body.resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
    .flatMap((metric) => {
      const data =
        'gauge' in metric ? metric.gauge : 'sum' in metric ? metric.sum : metric.exponentialHistogram
      return data.dataPoints.map((point) => ({
        metric: metric.name,
        attributes: plain(point.attributes),
        value: Number('count' in point ? point.count : 'asInt' in point ? point.asInt : point.asDouble),
      }))
    })
}

function eventsOf(body: LogsBody): readonly ReceivedEvent[] {
  return body.resourceLogs
    .flatMap(({ scopeLogs }) => scopeLogs)
    .flatMap(({ logRecords }) => logRecords)
    .map((record) => ({
      name: record.eventName,
      text: 'stringValue' in record.body ? record.body.stringValue : '',
      severity: record.severityNumber,
      traceId: record.traceId,
      attributes: plain(record.attributes),
    }))
}
