// Who may read the debug routes: whoever has the token, or a browser or curl on this very machine outside production. Statements
// and callers are no secrets as passwords are, but they tell a stranger how the application is built.

import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface GuardOptions {
  /** `Authorization: Bearer TOKEN`. With one, loopback alone no longer opens. */
  readonly token?: string
  readonly isProduction: boolean
}

/** Null: it may; else why not. */
export function refusalOf(request: IncomingMessage, { token, isProduction }: GuardOptions): string | null {
  if (token !== undefined && token !== '')
    return isBearer(request.headers.authorization, token) ? null : 'the token is missing or wrong'
  if (isProduction) return 'closed in production: give debugRoutes a token'
  if (!isLoopback(request.socket.remoteAddress)) return 'open on this machine only: give debugRoutes a token'
  // a proxy on this machine speaks for others
  if (request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined)
    return 'not through a proxy: give debugRoutes a token'
  // a page elsewhere whose name was made to point here
  if (!isLocalName(request.headers.host)) return 'by the name localhost only: give debugRoutes a token'
  return null
}

function isBearer(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address)
}

function isLocalName(host: string | undefined): boolean {
  return host !== undefined && /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/i.test(host)
}
