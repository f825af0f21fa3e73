// /api/v1/session: who asks; signing in with a token, and out.

import type { FastifyPluginAsync } from 'fastify'
import type { AccessDesk } from '../app/access/access-desk.ts'
import type { Identity } from '../model/access.ts'
import { type SessionWire, signInWire } from '../model/access-wire.ts'
import type { Guard } from './guard.ts'
import { HttpError } from './http-error.ts'
import { parse } from './parse-request.ts'
import { clearSession, keepSession } from './session-cookie.ts'

interface SessionRoutesOptions {
  readonly access: AccessDesk | undefined
  readonly adminToken: string
  readonly guard: Guard
}

/** Of one address: a person mistypes, a program guesses. */
const SIGN_INS_PER_MINUTE = 10

export const sessionRoutes: FastifyPluginAsync<SessionRoutesOptions> = async (
  server,
  { access, adminToken, guard },
) => {
  server.get('/', async (request) => sessionAnswer(request.identity))
  server.post(
    '/',
    { config: { rateLimit: { max: SIGN_INS_PER_MINUTE, timeWindow: 60_000, allowList: [] } } },
    async (request, reply) => {
      guard.listen(request.ip, reply)
      const { token } = parse(signInWire, request.body)
      const from = { address: request.ip, agent: request.headers['user-agent'] ?? '' }
      const signedIn = (await access?.signIn(token, adminToken, from)) ?? null
      if (signedIn === null) {
        guard.noteWrong(request.ip, token)
        throw new HttpError(
          401,
          'this token is not known',
          'It may have expired or been revoked; an admin makes another: pgsteward token create.',
        )
      }
      const { identity, secret } = signedIn
      request.identity = identity
      keepSession(request, reply, { secret, expiresAt: identity.session.expiresAt })
      return reply.code(201).send(sessionAnswer(identity))
    },
  )
  server.post('/end', async (request, reply) => {
    const { session } = request.identity ?? {}
    // one that ended meanwhile is as good
    if (session !== undefined) await access?.end(session.id).catch(() => undefined)
    clearSession(request, reply)
    return {}
  })
}

function sessionAnswer(identity: Identity | null): SessionWire {
  const { by = null, actor = null, role = null, targets = null, session } = identity ?? {}
  return { by, actor, role, targets, expiresAt: session?.expiresAt.toISOString() ?? null }
}
