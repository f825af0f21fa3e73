// The request that the running code works for. One AsyncLocalStorage a request and none per operation: on Node 20 each further one
// costs every await of the process, and a run per operation 64 microseconds under Prisma.

import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import type { Entry } from './entry.ts'

const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(?:-|$)/

export class RequestContext {
  readonly method: string
  /** performance.now() at its beginning. */
  readonly startedAt: number
  /** As the framework declares it; known at the request's end, and before it only where `resolveRoute` tells. */
  route: string | null = null
  /** Asked when something must be told before the request has ended, as of requests that stay open for long. */
  resolveRoute: (() => string | null) | null = null
  hasEnded = false
  /** Statements sent, and the time they took together. */
  queries = 0
  queryMs = 0
  /** What was recorded for it and waits for its route, latest first. */
  entries: Entry | null = null
  entryCount = 0
  /** Its place among the recorder's open requests; -1: not among them. */
  openAt = -1
  /** Epoch of drains in which its first entry was made. */
  openSince = 0
  #traceId: string | null = null
  #spanId: string | null = null
  readonly #traceparent: string | null

  constructor(method: string, startedAt: number, traceparent: string | undefined) {
    this.method = method
    this.startedAt = startedAt
    this.#traceparent = traceparent ?? null
  }

  /** Of the caller's traceparent; else one of its own, made when it is first asked for, so that its events belong together. */
  get traceId(): string {
    if (this.#traceId === null) this.#identify()
    return this.#traceId!
  }

  get spanId(): string | null {
    if (this.#traceId === null) this.#identify()
    return this.#spanId
  }

  #identify(): void {
    const [, traceId, spanId] = this.#traceparent === null ? [] : (TRACEPARENT.exec(this.#traceparent) ?? [])
    const isValid =
      traceId !== undefined && spanId !== undefined && !/^0+$/.test(traceId) && !/^0+$/.test(spanId)
    this.#traceId = isValid ? traceId : randomBytes(16).toString('hex')
    this.#spanId = isValid ? spanId : null
  }

  /** The route as far as it is known. */
  currentRoute(): string | null {
    if (this.route !== null || this.resolveRoute === null) return this.route
    try {
      return this.resolveRoute()
    } catch {
      return null
    }
  }
}

const storage = new AsyncLocalStorage<RequestContext | null>()

/** Null outside a request. 5 to 20 ns. */
export function currentRequest(): RequestContext | null {
  return storage.getStore() ?? null
}

export function runInRequest<T>(context: RequestContext | null, run: () => T): T {
  return storage.run(context, run)
}

/** For the rest of what runs now and what it starts: for hooks that cannot wrap what follows (node:http channels, Fastify's onRequest). */
export function enterRequest(context: RequestContext | null): void {
  storage.enterWith(context)
}

/** `callback` as the request's own, whoever calls it: a pool hands connections over in the context of the one who gave back. */
export function inRequest<Args extends unknown[]>(
  context: RequestContext | null,
  callback: (...args: Args) => unknown,
): (...args: Args) => unknown {
  return function (this: unknown, ...args: Args) {
    return storage.run(context, () => callback.apply(this, args))
  }
}
