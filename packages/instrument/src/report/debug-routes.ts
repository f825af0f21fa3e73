// GET /api/debug/slow-queries: the report. GET /api/debug/slow-queries/metrics: its numbers, and how the instrument itself is doing.
// For any framework: `handle` on node:http, an Express middleware, a Fastify plugin. Guarded, see guard.ts.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { isProduction } from '../resolve-options.ts'
import { currentInstrument } from '../start.ts'
import { refusalOf } from './guard.ts'
import { answerJson } from './json-answer.ts'

export interface DebugRouteOptions {
  /** Callers must send `Authorization: Bearer TOKEN`. Without it only this machine may ask, and in production nobody. */
  readonly token?: string
  /** Default `/api/debug/slow-queries`. */
  readonly path?: string
}

export interface DebugRoutes {
  /** False: another address, and nothing was answered. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => boolean
  readonly express: (request: IncomingMessage, response: ServerResponse, next: () => void) => void
  /** For `app.register`. */
  // biome-ignore lint/suspicious/noExplicitAny: Fastify's types are not known here
  readonly fastify: (instance: any, options: unknown, done: () => void) => void
}

export function debugRoutes({
  token,
  path = '/api/debug/slow-queries',
}: DebugRouteOptions = {}): DebugRoutes {
  const guard = { ...(token === undefined ? {} : { token }), isProduction: isProduction() }
  const bodies: Readonly<Record<string, () => unknown>> = { [path]: report, [`${path}/metrics`]: numbers }

  const handle = (request: IncomingMessage, response: ServerResponse): boolean => {
    // Express cuts the mount path off `url`
    const address = (request as { originalUrl?: string }).originalUrl ?? request.url ?? ''
    const body = bodies[address.split('?')[0] ?? '']
    if (body === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return false
    const refusal = refusalOf(request, guard)
    if (refusal !== null) {
      answerJson(response, token === undefined ? 403 : 401, { error: { message: refusal } })
      return true
    }
    const content = body()
    if (content === null) answerJson(response, 503, { error: { message: 'startInstrument was not called' } })
    else answerJson(response, 200, content)
    return true
  }
  return {
    handle,
    express: (request, response, next) => {
      if (!handle(request, response)) next()
    },
    fastify: (instance, _options, done) => {
      for (const address of Object.keys(bodies))
        instance.get(address, (request: { raw: IncomingMessage }, reply: FastifyReply) => {
          reply.hijack()
          handle(request.raw, reply.raw)
        })
      done()
    },
  }
}

interface FastifyReply {
  readonly raw: ServerResponse
  readonly hijack: () => void
}

function report(): unknown {
  return currentInstrument()?.getSlowQueryReport() ?? null
}

function numbers(): unknown {
  const instrument = currentInstrument()
  if (instrument === null) return null
  const { since, at, thresholds, slowQueries, statements, models, repeated, pools } =
    instrument.getSlowQueryReport()
  return {
    since,
    at,
    thresholds,
    calls: statements.reduce((sum, { count }) => sum + count, 0),
    totalMs: statements.reduce((sum, { totalMs }) => sum + totalMs, 0),
    errors: statements.reduce((sum, { errors }) => sum + errors, 0),
    slow: slowQueries.length,
    repeated: repeated.length,
    models,
    pools,
    diagnostics: instrument.diagnostics(),
  }
}
