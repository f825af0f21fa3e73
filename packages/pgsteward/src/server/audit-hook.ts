// Writes the audit log: each request that may write, and each that was refused, before its answer goes out.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AuditDesk } from '../app/access/audit-desk.ts'
import { accessOf } from './route-access.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Why it was refused: words of the server itself, or the code of an error. */
    refusedBecause: string | null
  }
}

/** Of refusals without a token, an address and a minute: whoever knocks without end must not fill the store. */
const MOST_REFUSALS = 10
const MINUTE_MS = 60_000

/** An entry that cannot be kept is told, and stops nobody: the store that is down says no to what writes by itself. */
export function auditHook(
  server: FastifyInstance,
  options: {
    readonly audit: AuditDesk
    readonly now: () => Date
    readonly onTrouble: (error: Error) => void
  },
): void {
  const { audit, now, onTrouble } = options
  let minute = 0
  const refusals = new Map<string, number>()
  const isTooMuch = (request: FastifyRequest): boolean => {
    const current = Math.floor(now().getTime() / MINUTE_MS)
    if (current !== minute) refusals.clear()
    minute = current
    const count = (refusals.get(request.ip) ?? 0) + 1
    refusals.set(request.ip, count)
    return count > MOST_REFUSALS
  }
  server.addHook('onSend', async (request, reply) => {
    const { method, ip, identity, routeOptions, refusedBecause } = request
    const status = reply.statusCode
    const isRefusal = status === 401 || status === 403 || status === 429
    const access = routeOptions.url === undefined ? undefined : accessOf(method, routeOptions.url)
    const isWriting = access !== undefined && method !== 'GET' && method !== 'HEAD'
    if (!(isRefusal || (isWriting && access.isUnaudited !== true))) return
    // reading that is refused to nobody in particular happens all the time: a dashboard before it is signed in
    if (!isWriting && identity === null && status !== 429 && request.headers.authorization === undefined)
      return
    if (isRefusal && (identity === null || identity.by === 'open') && isTooMuch(request)) return
    const body = request.body as { readonly actor?: unknown; readonly target?: unknown } | null | undefined
    const params = request.params as { readonly target?: unknown } | undefined
    const query = request.query as { readonly target?: unknown } | undefined
    const target = params?.target ?? body?.target ?? query?.target
    try {
      await audit.note({
        // who acts on this machine is who they say
        actor: identity?.actor ?? (identity !== null && typeof body?.actor === 'string' ? body.actor : null),
        role: identity?.role ?? null,
        by: identity?.by ?? null,
        address: ip,
        action: `${method} ${routeOptions.url ?? ''}`.trim(),
        path: request.url.split('?', 1)[0]!,
        target: typeof target === 'string' ? target : null,
        status,
        because: status >= 400 ? refusedBecause : null,
      })
    } catch (error) {
      onTrouble(error as Error)
    }
  })
}
