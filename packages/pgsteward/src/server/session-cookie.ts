// The cookie that holds a session: read by no script, sent by no other site, and over TLS by nothing else.

import '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Browsers hold a `__Host-` cookie to this host, to Secure and to the whole path, so that no subdomain can plant one. */
const OVER_TLS = '__Host-pgsteward'
const PLAIN = 'pgsteward'

/** Null: there is none. */
export function sessionOf(request: FastifyRequest): string | null {
  const cookies = request.cookies as Readonly<Record<string, string | undefined>> | undefined
  const value = cookies?.[OVER_TLS] ?? (isTls(request) ? undefined : cookies?.[PLAIN])
  return value === undefined || value === '' ? null : value
}

export function keepSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { secret, expiresAt }: { readonly secret: string; readonly expiresAt: Date },
): void {
  const secure = isTls(request)
  reply.setCookie(secure ? OVER_TLS : PLAIN, secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure,
    expires: expiresAt,
  })
}

export function clearSession(request: FastifyRequest, reply: FastifyReply): void {
  for (const name of [OVER_TLS, PLAIN])
    if (request.cookies[name] !== undefined)
      reply.clearCookie(name, { path: '/', httpOnly: true, sameSite: 'strict', secure: name === OVER_TLS })
}

/** By a trusted proxy's X-Forwarded-Proto, or by the page that asks, which a browser names truly. */
function isTls(request: FastifyRequest): boolean {
  const { origin } = request.headers
  return request.protocol === 'https' || origin === `https://${request.headers.host}`
}
