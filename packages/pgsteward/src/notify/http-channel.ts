// What channels over HTTP have in common: one request, its time bounded, and what the answer means for another try.

import type { Milliseconds } from '../model/units.ts'
import { guardedFetch } from '../net/guarded-fetch.ts'
import { ForbiddenAddress } from '../net/guarded-lookup.ts'
import type { SendResult } from './channel.ts'

/** What every channel over HTTP takes. */
export interface HttpChannelOptions {
  /** Addresses and networks that are asked although nothing of ours asks them (`net/forbidden-address.ts`). */
  readonly allow?: readonly string[] | undefined
}

export interface ChannelRequest extends HttpChannelOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
  /** Of the answer's body, once it is a success. */
  readonly receiptOf?: (body: string) => string | null
}

const WITHIN_MS = 10_000
/** Receivers that ask for more are asked again earlier all the same: a page that waits an hour is none. */
const LONGEST_WAIT_MS = 10 * 60_000
const KEPT_OF_ANSWER = 300

/** The message itself is at fault, so that it would fail for ever. */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 415, 422])

/**
 * 2xx is sent. Wrong keys and addresses (401, 403, 404, redirects) may pass as well as outages: somebody mends the configuration, and
 * what waits is sent then.
 */
export async function post(request: ChannelRequest): Promise<SendResult> {
  const { url, headers, body, signal } = request
  let answer: Awaited<ReturnType<typeof guardedFetch>>
  let text: string
  try {
    answer = await guardedFetch(
      url,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'pgsteward', ...headers },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]),
      },
      request.allow,
    )
    text = await answer.text()
  } catch (error) {
    return { is: 'failed', because: reasonOf(error), retryAfterMs: null }
  }
  if (answer.ok) return { is: 'sent', receipt: request.receiptOf?.(text) ?? null }
  const because = `HTTP ${answer.status}${text.trim() === '' ? '' : `: ${text.trim().slice(0, KEPT_OF_ANSWER)}`}`
  return REFUSALS.has(answer.status)
    ? { is: 'refused', because }
    : { is: 'failed', because, retryAfterMs: retryAfter(answer.headers) }
}

/** Seconds, or a date (RFC 9110, 10.2.3), which is taken against the receiver's own clock. */
function retryAfter(headers: Pick<Headers, 'get'>): Milliseconds | null {
  const text = headers.get('retry-after')?.trim() ?? ''
  const ms = /^\d+$/.test(text)
    ? Number(text) * 1_000
    : Date.parse(text) - Date.parse(headers.get('date') ?? '')
  return Number.isFinite(ms) ? Math.min(LONGEST_WAIT_MS, Math.max(0, ms)) : null
}

function reasonOf(error: unknown): string {
  if ((error as Error).name === 'TimeoutError') return `no answer within ${WITHIN_MS / 1_000} s`
  const { cause } = error as { cause?: { code?: string } }
  if (cause instanceof ForbiddenAddress) return cause.message
  return cause?.code ?? (error as Error).message
}
