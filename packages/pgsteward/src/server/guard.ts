// Who asks, and whether they may: before any body is read. On loopback everybody on the machine may, but for what is an admin's.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccessDesk } from '../app/access/access-desk.ts'
import type { RecordTargets } from '../app/access/record-targets.ts'
import { ANYBODY_HERE, allows, type Identity, type Role } from '../model/access.ts'
import { bearerOf, hostname, isLoopback, isSameToken } from './credentials.ts'
import { HttpError, unauthorised } from './http-error.ts'
import { accessOf, type RouteAccess } from './route-access.ts'
import { clearSession, sessionOf } from './session-cookie.ts'
import { WrongGuesses } from './wrong-guesses.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Null: nobody that is known, on a route that anybody may ask, or that has its own tokens. */
    identity: Identity | null
  }
}

export interface GuardOptions {
  /** Tokens and sessions; absent in tests of what never asks for them. */
  readonly access: AccessDesk | undefined
  readonly recordTargets: Pick<RecordTargets, 'targetOf'>
  readonly adminToken: string
  readonly host: string
  /** Where people open the dashboard. */
  readonly publicUrl: string | undefined
  readonly ingestToken: string | undefined
  /** By the path of a calendar, what opens it and nothing else. */
  readonly calendarTokens: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
}

/** Any header that a page of another site cannot send without asking first, which it is refused. */
export const OWN_HEADER = 'x-pgsteward'

/** RFC 7239, and what proxies and content networks send in its place. */
const FORWARDING =
  /^(forwarded|via|x-forwarded(-.*)?|x-(real|client|cluster-client)-ip|true-client-ip|cf-connecting-ip)$/

export class Guard {
  readonly #options: GuardOptions
  readonly #wrong: WrongGuesses
  readonly #isHere: boolean

  constructor(options: GuardOptions) {
    this.#options = options
    this.#wrong = new WrongGuesses(options.now)
    this.#isHere = isLoopback(options.host)
  }

  /** Throws HttpError, or sets who asks. */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { url } = request.routeOptions
    // what nobody serves is asked for as an API, or as a page of the dashboard
    const access: RouteAccess = (url === undefined ? undefined : accessOf(request.method, url)) ?? {
      opens: request.url.startsWith('/api/') ? 'viewer' : 'public',
    }
    if (url === '/health') {
      // whoever asks whether it lives need not be known, and is told nothing else then
      if (this.#isFromHere(request) && isLoopback(hostname(request.headers.host)))
        request.identity = ANYBODY_HERE
      return
    }
    if (this.#isFromHere(request)) refuseOtherSites(request)
    if (access.opens === 'own token') {
      if (!this.#isFromHere(request)) this.listen(request.ip, reply)
      return
    }
    request.identity = await this.#identify(request, reply, access)
    refuseForgery(request, this.#options.publicUrl)
    const { identity } = request
    if (access.opens === 'public') return
    if (access.opens === 'reporter') {
      if (this.#mayReport(request)) return
      throw new HttpError(
        401,
        'this needs the ingest token',
        'Send it as the header Authorization: Bearer TOKEN. pgsteward says at its start where it is kept.',
      )
    }
    if (this.#maySubscribe(request)) return
    const isOpen = identity !== null && (identity.by !== 'open' || !isAdmins(request))
    if (!isOpen) throw unauthorised()
    requireRole(identity, access.opens)
    const isOfOne = access.target !== undefined || access.record !== undefined
    if (identity.targets !== null && !isOfOne && access.isOfAll !== true)
      throw new HttpError(
        403,
        `${identity.actor} may see ${identity.targets.join(', ')} alone`,
        'This tells of all targets; it takes a token that may see all.',
      )
  }

  /** What only shows once the body is read: which target it is about. Puts in who acts. */
  async admitBody(request: FastifyRequest): Promise<void> {
    const { identity } = request
    const { url } = request.routeOptions
    const access = url === undefined ? undefined : accessOf(request.method, url)
    if (identity === null || access === undefined) return
    const { targets, actor } = identity
    if (targets !== null && access.target !== undefined) {
      const from = { path: request.params, query: request.query, body: request.body }[access.target]
      const wanted = (from as { readonly target?: unknown } | null | undefined)?.target
      if (typeof wanted !== 'string' || !targets.includes(wanted))
        throw new HttpError(
          403,
          `${actor} may see ${targets.join(', ')} alone`,
          typeof wanted === 'string' ? 'Another token may see more.' : 'Name one of them as the target.',
        )
    }
    if (targets !== null && access.record !== undefined) {
      const { name, id } = request.params as { readonly name?: string; readonly id?: string }
      const wanted = name ?? id ?? ''
      const target = await this.#options.recordTargets.targetOf(access.record, wanted)
      // of others it is not told whether they are there
      if (target === null || !targets.includes(target))
        throw new HttpError(
          404,
          `there is no ${access.record} ${wanted} of ${targets.join(', ')}`,
          'Another token may see more.',
        )
    }
    if (actor !== null && access.isSigned === true && isObject(request.body ?? {}))
      request.body = { ...(request.body as object | undefined), actor }
  }

  /** How many wrong tokens may still come, for signing in. Throws 429. */
  listen(address: string, reply: FastifyReply): void {
    const waitMs = this.#wrong.waitMs(address)
    if (waitMs === null) return
    reply.header('retry-after', String(Math.ceil(waitMs / 1_000)))
    throw new HttpError(
      429,
      'too many wrong tokens came from this address',
      `It is listened to again in ${Math.ceil(waitMs / 60_000)} min.`,
    )
  }

  noteWrong(address: string, token: string): void {
    this.#wrong.note(address, token)
  }

  /** A route with tokens of its own refused the one that it was shown, perhaps in the address. */
  noteRefusal(request: FastifyRequest): void {
    const { ip, url, method, headers, routeOptions } = request
    if (this.#isFromHere(request) || routeOptions.url === undefined) return
    const shown = headers.authorization ?? new URLSearchParams(url.split('?', 2)[1]).get('token')
    if (shown !== null && accessOf(method, routeOptions.url)?.opens === 'own token') this.noteWrong(ip, shown)
  }

  /**
   * A proxy on this machine brings strangers to loopback, and says so, unless it was told not to. nginx as it is installed says nothing, but
   * speaks HTTP/1.0 to what is behind it, which no browser or client of ours does.
   */
  #isFromHere({ headers, raw }: FastifyRequest): boolean {
    const isDirect = raw.httpVersion !== '1.0' && !Object.keys(headers).some((name) => FORWARDING.test(name))
    return this.#isHere && isDirect
  }

  async #identify(
    request: FastifyRequest,
    reply: FastifyReply,
    { opens }: RouteAccess,
  ): Promise<Identity | null> {
    const { access, adminToken, ingestToken } = this.#options
    const isHere = this.#isFromHere(request)
    const nobody = isHere ? ANYBODY_HERE : null
    const bearer = bearerOf(request)
    const cookie = sessionOf(request)
    if (access === undefined || (bearer === null && cookie === null)) return nobody
    if (bearer !== null) {
      if (opens === 'reporter' && ingestToken !== undefined && isSameToken(bearer, ingestToken)) return null
      const isNeeded = !isHere || isAdmins(request)
      if (isNeeded) this.listen(request.ip, reply)
      const identity = await access.bearerOf(bearer, adminToken)
      if (identity === null && isNeeded) this.noteWrong(request.ip, bearer)
      // the command line of this machine says who acts
      if (identity?.by === 'admin token' && isHere) return { ...identity, actor: null }
      return identity ?? nobody
    }
    const identity = await access.holderOf(cookie!, adminToken)
    if (identity === null) clearSession(request, reply)
    return identity ?? nobody
  }

  /** By the ingest token, which opens nothing that can be read, or as an operator. */
  #mayReport(request: FastifyRequest): boolean {
    const { ingestToken } = this.#options
    const bearer = bearerOf(request)
    if (ingestToken !== undefined && bearer !== null && isSameToken(bearer, ingestToken)) return true
    const { identity } = request
    if (identity === null || identity.by === 'open' || identity.targets !== null) return false
    return allows(identity.role, 'operator')
  }

  /** Calendar programs send no header: their token stands in the address. */
  #maySubscribe(request: FastifyRequest): boolean {
    const { calendarTokens } = this.#options
    const [path = '', query] = request.url.split('?', 2)
    const token = Object.hasOwn(calendarTokens, path) ? calendarTokens[path] : undefined
    return (
      token !== undefined &&
      request.method === 'GET' &&
      isSameToken(new URLSearchParams(query).get('token') ?? '', token)
    )
  }
}

/** By the route, since an address can be spelled in many ways: /api/%61dmin/tokens. */
function isAdmins(request: FastifyRequest): boolean {
  return (request.routeOptions.url ?? request.url).startsWith('/api/admin/')
}

function requireRole(identity: Identity, needed: Role): void {
  if (allows(identity.role, needed)) return
  throw new HttpError(
    403,
    `this takes the role ${needed}; ${identity.actor ?? 'this request'} has the role ${identity.role}`,
    `An admin makes tokens: pgsteward token create --role ${needed} --name NAME`,
  )
}

/** On loopback: only under a loopback name, so that no website can reach it by a name of its own. */
function refuseOtherSites(request: FastifyRequest): void {
  if (!isLoopback(hostname(request.headers.host)))
    throw new HttpError(403, 'this name is not served', 'Use http://127.0.0.1 or http://localhost.')
  const { origin, 'sec-fetch-site': site } = request.headers
  const isForeign =
    origin === undefined ? site === 'cross-site' : !isLoopback(hostname(origin.replace(/^https?:\/\//, '')))
  if (request.method !== 'GET' && isForeign) throw otherSite()
}

/**
 * What a browser sends by itself, the cookie, is believed of our own pages alone: they say where they come from, and send a header that
 * pages of others cannot (OWASP, Cross-Site Request Forgery Prevention). SameSite=Strict stands before it. Signing in as somebody else
 * is forgery, too.
 */
export function refuseForgery(request: FastifyRequest, publicUrl: string | undefined): void {
  const isByCookie = request.identity?.by === 'session' && bearerOf(request) === null
  const isSignIn = /^\/api\/v1\/session\/?$/.test(request.routeOptions.url ?? '')
  if (request.method === 'GET' || request.method === 'HEAD' || !(isByCookie || isSignIn)) return
  const { origin } = request.headers
  const isOwn =
    origin === undefined
      ? request.headers['sec-fetch-site'] === undefined || request.headers['sec-fetch-site'] === 'same-origin'
      : URL.canParse(origin) &&
        (new URL(origin).host === request.headers.host ||
          (publicUrl !== undefined && new URL(publicUrl).origin === origin))
  if (!isOwn) throw otherSite()
  if (request.headers[OWN_HEADER] === undefined)
    throw new HttpError(
      403,
      `a session writes with the header ${OWN_HEADER} alone`,
      'Use the dashboard, or a token: Authorization: Bearer TOKEN.',
    )
}

function otherSite(): HttpError {
  return new HttpError(403, 'requests of other sites are refused', 'Use the dashboard or the command line.')
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
