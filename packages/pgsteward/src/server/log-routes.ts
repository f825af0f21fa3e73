// Where platforms push a target's log: POST /ingest/logs/:target, with the ingest token as bearer, as password, or in the address,
// since some platforms' drains can send nothing else.

import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { LogPush } from '../app/logs/log-push.ts'
import { HttpError } from './http-error.ts'

export interface LogRoutesOptions {
  readonly push: LogPush
  readonly mayReport: (token: string) => boolean
}

const MAX_BODY_BYTES = 8 * 2 ** 20

export const logRoutes: FastifyPluginAsync<LogRoutesOptions> = async (server, { push, mayReport }) => {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  // before the body is read: who may not report costs nothing
  server.addHook('onRequest', async (request) => {
    if (!mayReport(tokenOf(request)))
      throw new HttpError(
        401,
        'this needs the ingest token',
        'Send it as the header Authorization: Bearer TOKEN, as the password of basic authentication, or as ?token=TOKEN.',
      )
  })
  server.post<{ Params: { target: string }; Querystring: { stream?: string } }>(
    '/ingest/logs/:target',
    { bodyLimit: MAX_BODY_BYTES },
    async (request, reply) => {
      const received = await push.receive({
        targetId: request.params.target,
        // a sender's lines follow each other; those of two senders do not
        sender: `${request.ip} ${request.headers['user-agent'] ?? ''} ${request.headers['logplex-drain-token'] ?? ''}`,
        encoding: request.headers['content-encoding'] ?? 'identity',
        bytes: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      })
      switch (received.status) {
        case 'saved':
          return reply.send({ skipped: received.skipped })
        case 'busy':
          reply.header('retry-after', String(received.retryAfterSeconds))
          throw new HttpError(429, 'more came than can be read at once', 'Send it again later.')
        case 'refused':
          throw new HttpError(received.code, received.because, received.hint)
      }
    },
  )
}

function tokenOf(request: FastifyRequest): string {
  const { authorization = '' } = request.headers
  const bearer = /^Bearer (.+)$/i.exec(authorization)?.[1]
  if (bearer !== undefined) return bearer
  const basic = /^Basic (.+)$/i.exec(authorization)?.[1]
  if (basic !== undefined)
    return Buffer.from(basic, 'base64')
      .toString()
      .replace(/^[^:]*:/, '')
  const { token } = request.query as { readonly token?: string }
  return typeof token === 'string' ? token : ''
}
