// Delivers bodies to an OTLP/HTTP receiver: in order, compressed, with retries as OTLP demands (429, 502, 503, 504 and network
// errors only). Bounded in bytes; nothing that happens here reaches the application, and no timer of it keeps a process alive.

import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { VERSION } from '../version.ts'
import type { OtlpBody } from './otlp.ts'
import { type Answer, answerOf } from './otlp-answer.ts'

const compress = promisify(gzip)

export interface SenderOptions {
  /** Of the receiver, without /v1/…. */
  readonly endpoint: string
  readonly token: string | null
  /** Sent with each request, such as another receiver's key. */
  readonly headers?: Readonly<Record<string, string>>
  /** Of bodies in bytes; those in JSON say so themselves. */
  readonly contentType?: string
  /** How many items a 200 refused (partial success), where answers are no JSON. */
  readonly rejectedOf?: ((answer: Uint8Array) => Promise<number>) | null
  /** Compressed bodies that wait; the oldest goes when more come. Default 1 MB. */
  readonly maxQueueBytes?: number
  /** Default 10 s: for one attempt, from connecting to the end of the answer. */
  readonly timeoutMs?: number
  /** Before the second attempt; doubles up to a minute. Default 1 s. */
  readonly firstRetryMs?: number
  /** Of the connection: who sends to what somebody else configured refuses addresses by it. Default: Node's. */
  readonly lookup?: LookupFunction | null
  /** Told when a body was refused for good, such as for a wrong token. */
  readonly onRefused?: (because: string) => void
}

/** A body in another encoding than JSON. */
export interface EncodedBody extends Pick<OtlpBody, 'path' | 'items'> {
  readonly bytes: Uint8Array
}

/** What became of bodies, since the start. */
export interface SenderState {
  readonly queuedBytes: number
  readonly sentBodies: number
  readonly failedAttempts: number
  /** Of the last attempt that failed; null after one that went well. */
  readonly lastError: string | null
  readonly lastSentAt: number | null
  /** While it waits before another attempt. */
  readonly nextAttemptAt: number | null
}

interface Waiting {
  readonly path: string
  readonly data: Buffer
  readonly contentType: string
  readonly items: number
  attempts: number
}

const MAX_RETRY_MS = 60_000
/** An answer beyond this isn't OTLP. */
const MAX_ANSWER_BYTES = 64 * 1024

export class Sender {
  readonly #options: Required<SenderOptions>
  readonly #base: URL
  readonly #agent: http.Agent
  readonly #queue: Waiting[] = []
  readonly #dropped = new Map<string, number>()
  #queuedBytes = 0
  #sentBodies = 0
  #failedAttempts = 0
  #lastError: string | null = null
  #lastSentAt: number | null = null
  #nextAttemptAt: number | null = null
  #working: Promise<void> | null = null
  #wake: (() => void) | null = null
  #isClosed = false
  #isFlushing = false

  constructor(options: SenderOptions) {
    this.#options = {
      maxQueueBytes: 1024 * 1024,
      timeoutMs: 10_000,
      firstRetryMs: 1000,
      headers: {},
      contentType: 'application/x-protobuf',
      rejectedOf: null,
      lookup: null,
      onRefused: () => {},
      ...options,
    }
    this.#base = new URL(options.endpoint.endsWith('/') ? options.endpoint : `${options.endpoint}/`)
    // an agent of its own: the application's global one may be bounded, patched or destroyed
    const { lookup } = this.#options
    const agentOptions = { keepAlive: true, maxSockets: 1, ...(lookup === null ? {} : { lookup }) }
    this.#agent =
      this.#base.protocol === 'https:' ? new https.Agent(agentOptions) : new http.Agent(agentOptions)
  }

  /** Returns at once for the caller's purposes: it waits for compression only. Never rejects. */
  async send(bodies: readonly (OtlpBody | EncodedBody)[]): Promise<void> {
    for (const body of bodies) {
      if (this.#isClosed) return
      const { path, items } = body
      const isJson = 'json' in body
      try {
        const data = await compress(isJson ? body.json : body.bytes, { level: 3 })
        const contentType = isJson ? 'application/json' : this.#options.contentType
        this.#enqueue({ path, data, contentType, items, attempts: 0 })
      } catch {
        this.#drop('unsent', items)
      }
    }
  }

  /** Waits until the queue is empty, the receiver fails, or `withinMs` are over; at the end of a process nobody waits for retries. */
  async flush(withinMs: number): Promise<void> {
    this.#isFlushing = true
    this.#wake?.()
    this.#start()
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs)
    })
    await Promise.race([this.#working, timeout])
    clearTimeout(timer)
    this.#isFlushing = false
  }

  /** Nothing is sent any more; what waits is forgotten. */
  close(): void {
    this.#isClosed = true
    this.#queue.length = 0
    this.#queuedBytes = 0
    this.#wake?.()
    this.#agent.destroy()
  }

  state(): SenderState {
    return {
      queuedBytes: this.#queuedBytes,
      sentBodies: this.#sentBodies,
      failedAttempts: this.#failedAttempts,
      lastError: this.#lastError,
      lastSentAt: this.#lastSentAt,
      nextAttemptAt: this.#nextAttemptAt,
    }
  }

  /** Items that were lost since it was last asked, by kind: `unsent` (no room or refused), `rejected` (by the receiver). */
  takeDropped(): Readonly<Record<string, number>> {
    const dropped = Object.fromEntries(this.#dropped)
    this.#dropped.clear()
    return dropped
  }

  #enqueue(body: Waiting): void {
    if (body.data.length > this.#options.maxQueueBytes) {
      this.#drop('unsent', body.items)
      return
    }
    while (this.#queuedBytes + body.data.length > this.#options.maxQueueBytes) {
      const oldest = this.#queue.shift()!
      this.#queuedBytes -= oldest.data.length
      this.#drop('unsent', oldest.items)
    }
    this.#queue.push(body)
    this.#queuedBytes += body.data.length
    this.#start()
  }

  #start(): void {
    if (this.#working !== null || this.#queue.length === 0) return
    this.#working = this.#work().finally(() => {
      this.#working = null
    })
  }

  async #work(): Promise<void> {
    for (let body = this.#queue[0]; body !== undefined && !this.#isClosed; body = this.#queue[0]) {
      body.attempts++
      const answer = await this.#post(body)
      if (this.#isClosed) return
      if (answer.kind === 'again') {
        this.#failed(answer.because)
        if (this.#isFlushing) return
        await this.#pause(answer.afterMs ?? this.#backoffMs(body.attempts))
        continue
      }
      // it may have been dropped for room while it was on its way
      const isCounted = this.#queue[0] !== body
      if (!isCounted) {
        this.#queue.shift()
        this.#queuedBytes -= body.data.length
      }
      if (answer.kind === 'taken') {
        this.#sentBodies++
        this.#lastSentAt = Date.now()
        this.#lastError = null
        if (answer.rejected > 0) this.#drop('rejected', answer.rejected)
      } else {
        this.#failed(answer.because)
        this.#options.onRefused(answer.because)
        if (!isCounted) this.#drop('unsent', body.items)
      }
    }
  }

  #post(body: Waiting): Promise<Answer> {
    return new Promise((resolve) => {
      const again = (because: string) => resolve({ kind: 'again', because, afterMs: null })
      try {
        const request = (this.#base.protocol === 'https:' ? https : http).request(
          new URL(`.${body.path}`, this.#base),
          { method: 'POST', agent: this.#agent, headers: this.#headers(body) },
        )
        const timer = setTimeout(() => {
          again(`no answer within ${this.#options.timeoutMs} ms`)
          request.destroy()
        }, this.#options.timeoutMs)
        timer.unref()
        request.on('socket', (socket) => socket.unref())
        request.on('close', () => {
          clearTimeout(timer)
          again('the connection was closed')
        })
        request.on('error', (error: NodeJS.ErrnoException) => again(error.code ?? error.message))
        request.on('response', (response) => {
          const chunks: Buffer[] = []
          let bytes = 0
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length
            if (bytes <= MAX_ANSWER_BYTES) chunks.push(chunk)
            else request.destroy()
          })
          // also when it is cut short: the status was said, and that decides
          const done = () => {
            const said = Buffer.concat(chunks)
            const answer = answerOf(response, said.toString('utf8'))
            const { rejectedOf } = this.#options
            // settled with the promise at once: the connection may close before it is read
            if (answer.kind !== 'taken' || rejectedOf === null) resolve(answer)
            else
              resolve(
                rejectedOf(said).then(
                  (rejected) => ({ kind: 'taken', rejected }),
                  () => answer,
                ),
              )
          }
          response.on('end', done)
          response.on('error', done)
          response.on('close', done)
        })
        request.end(body.data)
      } catch (error) {
        resolve({ kind: 'refused', because: error instanceof Error ? error.message : String(error) })
      }
    })
  }

  #headers(body: Waiting): http.OutgoingHttpHeaders {
    return {
      ...this.#options.headers,
      'content-type': body.contentType,
      'content-encoding': 'gzip',
      'content-length': body.data.length,
      'user-agent': `pgsteward-instrument/${VERSION}`,
      ...(this.#options.token === null ? {} : { authorization: `Bearer ${this.#options.token}` }),
    }
  }

  #failed(because: string): void {
    this.#failedAttempts++
    this.#lastError = because
  }

  #backoffMs(attempts: number): number {
    const full = Math.min(MAX_RETRY_MS, this.#options.firstRetryMs * 2 ** Math.min(attempts - 1, 16))
    // half of it at random: processes that lost the same server don't come back at once
    return full / 2 + Math.random() * (full / 2)
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#wake = null
        this.#nextAttemptAt = null
        resolve()
      }
      const timer = setTimeout(done, ms)
      timer.unref()
      this.#wake = done
      this.#nextAttemptAt = Date.now() + ms
    })
  }

  #drop(kind: string, items: number): void {
    this.#dropped.set(kind, (this.#dropped.get(kind) ?? 0) + items)
  }
}
