// A connection for protocols other than HTTP, such as SMTP: forbidden addresses are never connected to, whatever name leads there.

import { connect, type Socket } from 'node:net'
import { guardedLookup, refuseForbiddenAddress } from './guarded-lookup.ts'

export interface GuardedConnectionRequest {
  /** A name, or an IP address without brackets. */
  readonly host: string
  readonly port: number
  /** Addresses and networks that are asked although they are forbidden. */
  readonly allow: readonly string[]
  /** Milliseconds for looking up and connecting. */
  readonly withinMs: number
}

/** Plain; TLS is the caller's. Rejects with ForbiddenAddress, or as `net.connect` does. */
export async function guardedConnection(request: GuardedConnectionRequest): Promise<Socket> {
  const { host, port, allow, withinMs } = request
  refuseForbiddenAddress(host, allow)
  const socket = connect({ host, port, lookup: guardedLookup(allow) })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection within ${withinMs / 1_000} s`)),
      withinMs,
    )
    const done = (settle: () => void) => {
      clearTimeout(timer)
      socket.off('connect', connected).off('error', failed)
      settle()
    }
    const connected = () => done(() => resolve(socket))
    const failed = (error: Error) => done(() => reject(error))
    socket.on('connect', connected).on('error', failed)
  })
}
