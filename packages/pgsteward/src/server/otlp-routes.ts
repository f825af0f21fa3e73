// OTLP/HTTP: where applications report, POST /v1/metrics, /v1/logs and /v1/traces. Needs the ingest token wherever it listens.

import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Encoding, Ingest, Signal } from '../app/ingest/ingest.ts'
import { answer, refuse } from './otlp-answer.ts'

export interface OtlpRoutesOptions {
  readonly ingest: Ingest
  /** By the ingest token, or the admin token. */
  readonly mayReport: (request: FastifyRequest) => boolean
}

/** As it comes over the wire; inflated it may be four times that. */
const MAX_BODY_BYTES = 4 * 2 ** 20

const SIGNALS: readonly Signal[] = ['metrics', 'logs', 'traces']

const CONTENT_TYPES: Readonly<Record<string, Encoding>> = {
  'application/json': 'json',
  'application/x-protobuf': 'protobuf',
}

export const otlpRoutes: FastifyPluginAsync<OtlpRoutesOptions> = async (server, { ingest, mayReport }) => {
  // the body stays as it came: it is inflated, read and counted in line
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(Object.keys(CONTENT_TYPES), { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  // before the body is read: who may not report costs nothing
  server.addHook('onRequest', async (request, reply) => {
    if (!mayReport(request))
      return await refuse(
        reply,
        encodingOf(request),
        401,
        'this needs the ingest token, sent as the header Authorization: Bearer TOKEN',
      )
    const encoding = request.headers['content-encoding'] ?? 'identity'
    if (encoding !== 'gzip' && encoding !== 'identity')
      return await refuse(
        reply,
        encodingOf(request),
        415,
        `content-encoding ${encoding} is not read; use gzip`,
      )
  })
  server.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    const messages: Readonly<Record<number, string>> = {
      413: `the body is larger than ${MAX_BODY_BYTES} bytes`,
      415: `content-type must be ${Object.keys(CONTENT_TYPES).join(' or ')}`,
    }
    return await refuse(
      reply,
      encodingOf(request),
      status,
      messages[status] ?? (status < 500 ? error.message : 'this is a bug in pgsteward'),
    )
  })
  for (const signal of SIGNALS) {
    server.post(`/v1/${signal}`, { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
      const encoding = encodingOf(request)
      const received = await ingest.receive({
        signal,
        encoding,
        isGzip: request.headers['content-encoding'] === 'gzip',
        bytes: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      })
      return await answer(reply, signal, encoding, received)
    })
  }
}

function encodingOf(request: FastifyRequest): Encoding {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  return CONTENT_TYPES[type] ?? 'json'
}
