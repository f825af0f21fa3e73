// Asks an address once, on a connection of its own, and says whether the answer is as expected. Follows no redirect: what it leads to
// may be anybody's.

import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { buildConnector, Client } from 'undici'
import type { ProbePhases } from '../../model/availability.ts'
import type { Bytes, Milliseconds } from '../../model/units.ts'
import { guardedLookup, refuseForbiddenHost } from '../../net/guarded-lookup.ts'
import { type ProbeFinding, within } from './attempt.ts'
import { mismatchOf } from './json-mismatch.ts'
import { probeErrorWords } from './probe-error.ts'

export interface HttpProbe {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** For all of it: name, connection, TLS, answer. */
  readonly timeoutMs: Milliseconds
  /** Addresses and networks that are asked although they are forbidden (`net/forbidden-address.ts`). */
  readonly allow?: readonly string[]
  readonly expect: {
    readonly fromStatus: number
    readonly toStatus: number
    /** Has to be in the body. */
    readonly text?: string | undefined
    /** The body is JSON that has at least these parts. */
    readonly json?: unknown
  }
}

/** Beyond it nothing is read: a health page is short, and an endless answer must not fill us up. */
const MOST_READ: Bytes = 64 * 1024

export async function httpProbe(probe: HttpProbe, signal: AbortSignal): Promise<ProbeFinding> {
  const started = performance.now()
  const timing = new Timing(started)
  const timeout = AbortSignal.timeout(probe.timeoutMs)
  const { origin, pathname, search } = new URL(probe.url)
  const client = new Client(origin, {
    connect: timing.connector(probe.timeoutMs, probe.allow ?? []),
    pipelining: 0,
  })
  let status: number | null = null
  const finding = (error: string | null): ProbeFinding => ({
    isUp: error === null,
    error,
    tookMs: performance.now() - started,
    phases: timing.phases,
    status,
    certificateExpiresAt: timing.certificateExpiresAt,
  })
  try {
    refuseForbiddenHost(probe.url, probe.allow ?? [])
    const answer = await client.request({
      path: `${pathname}${search}`,
      method: probe.method as 'GET',
      headers: { 'user-agent': 'pgsteward', accept: '*/*', ...probe.headers },
      signal: AbortSignal.any([signal, timeout]),
    })
    timing.answered()
    status = answer.statusCode
    const { fromStatus, toStatus, text, json } = probe.expect
    if (status < fromStatus || status > toStatus) return finding(`it answered ${status}`)
    const wantsBody = text !== undefined || json !== undefined
    return finding(wantsBody ? bodyError(await readBody(answer.body), probe.expect) : null)
  } catch (error) {
    if (timeout.aborted || (error as { code?: string }).code === 'UND_ERR_CONNECT_TIMEOUT')
      return finding(`no answer within ${within(probe.timeoutMs)}${timing.stoodAt()}`)
    return finding(probeErrorWords(error))
  } finally {
    // a body that was not read to its end goes with its connection
    await client.destroy().catch(() => undefined)
  }
}

async function readBody(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body) {
    parts.push(part)
    bytes += part.length
    if (bytes >= MOST_READ) break
  }
  return Buffer.concat(parts).subarray(0, MOST_READ).toString('utf8')
}

function bodyError(body: string, { text, json }: HttpProbe['expect']): string | null {
  if (text !== undefined && !body.includes(text)) return `its answer lacks "${text}"`
  if (json === undefined) return null
  try {
    const mismatch = mismatchOf(JSON.parse(body), json)
    return mismatch === null ? null : `its answer is not as expected: ${mismatch}`
  } catch {
    return 'its answer is not JSON'
  }
}

/** When each part was over, from the events of the socket. */
class Timing {
  readonly #marks = new Map<'resolved' | 'connected' | 'ready' | 'answered', number>()
  readonly #started: number
  #isTls = false
  certificateExpiresAt: Date | null = null

  constructor(started: number) {
    this.#started = started
  }

  connector(timeoutMs: Milliseconds, allow: readonly string[]): buildConnector.connector {
    const connect = buildConnector({ timeout: timeoutMs, lookup: guardedLookup(allow) })
    return (options, callback) => {
      this.#isTls = options.protocol === 'https:'
      const socket = connect(options, (...result) => {
        if (result[1] instanceof Socket) this.#ready(result[1])
        callback(...result)
      }) as unknown as Socket
      socket.once('lookup', () => this.#mark('resolved'))
      socket.once('connect', () => this.#mark('connected'))
      return socket
    }
  }

  answered(): void {
    this.#mark('answered')
  }

  get phases(): ProbePhases {
    const span = (from: number | undefined, until: number | undefined) =>
      from === undefined || until === undefined ? null : Math.max(0, until - from)
    const resolved = this.#marks.get('resolved') ?? this.#started
    const connected = this.#marks.get('connected')
    const ready = this.#marks.get('ready')
    const spans = {
      resolve: span(this.#started, this.#marks.get('resolved')),
      connect: span(resolved, connected),
      encrypt: this.#isTls ? span(connected, ready) : null,
      answer: span(ready, this.#marks.get('answered')),
    }
    return Object.fromEntries(Object.entries(spans).filter(([, ms]) => ms !== null))
  }

  /** How far it had come, as the end of a sentence. */
  stoodAt(): string {
    if (this.#marks.has('ready')) return ' to the request'
    if (this.#marks.has('connected')) return ': TLS was not agreed'
    return ': no connection'
  }

  #ready(socket: Socket): void {
    this.#mark('ready')
    if (!(socket instanceof TLSSocket)) return
    const expires = new Date(socket.getPeerCertificate().valid_to)
    this.certificateExpiresAt = Number.isNaN(expires.getTime()) ? null : expires
  }

  #mark(name: 'resolved' | 'connected' | 'ready' | 'answered'): void {
    if (!this.#marks.has(name)) this.#marks.set(name, performance.now())
  }
}
