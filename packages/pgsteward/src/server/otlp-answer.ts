// Answers in the words of OTLP/HTTP: an export response, or a google.rpc.Status, in the encoding of the request.

import type { FastifyReply } from 'fastify'
import { type Encoding, type Received, type Signal, writeOtlp } from '../app/ingest/ingest.ts'

const REJECTED: Readonly<Record<Signal, string>> = {
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
  traces: 'rejectedSpans',
}

/** google.rpc.Code; the protocol itself decides by the status of HTTP. */
const RPC_CODE: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  413: 8,
  415: 3,
  429: 8,
  503: 14,
}

const INTERNAL = 13

export async function answer(
  reply: FastifyReply,
  signal: Signal,
  encoding: Encoding,
  received: Received,
): Promise<FastifyReply> {
  switch (received.status) {
    case 'saved': {
      const { rejected, because } = received
      const none = rejected === 0
      if (encoding === 'json')
        return reply
          .type('application/json')
          .send(
            none ? {} : { partialSuccess: { [REJECTED[signal]]: String(rejected), errorMessage: because } },
          )
      const partialSuccess = none ? undefined : { rejected, errorMessage: because }
      return send(reply, await writeOtlp('Answer', none ? {} : { partialSuccess }))
    }
    case 'busy':
      reply.header('retry-after', String(received.retryAfterSeconds))
      return await refuse(reply, encoding, 429, 'too many reports at once; send it again later')
    case 'unreadable':
      return await refuse(reply, encoding, 400, received.because)
    case 'too large':
      return await refuse(reply, encoding, 413, received.because)
    case 'failed':
      reply.header('retry-after', '10')
      return await refuse(reply, encoding, 503, received.because)
  }
}

export async function refuse(
  reply: FastifyReply,
  encoding: Encoding,
  status: number,
  message: string,
): Promise<FastifyReply> {
  reply.code(status)
  const body = { code: RPC_CODE[status] ?? INTERNAL, message }
  if (encoding === 'json') return reply.type('application/json').send(body)
  return send(reply, await writeOtlp('Status', body))
}

function send(reply: FastifyReply, bytes: Uint8Array): FastifyReply {
  return reply.type('application/x-protobuf').send(Buffer.from(bytes))
}
