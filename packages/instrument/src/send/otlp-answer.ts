// What a receiver's answer means: taken, to be sent again, or refused for good.

import type { IncomingMessage } from 'node:http'

export type Answer =
  | { readonly kind: 'taken'; readonly rejected: number }
  | { readonly kind: 'again'; readonly because: string; readonly afterMs: number | null }
  | { readonly kind: 'refused'; readonly because: string }

/** OTLP/HTTP names these; a retry of any other would be refused again. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** Retry-After is obeyed up to here: a receiver must not silence a process for hours by mistake. */
const MAX_RETRY_AFTER_MS = 5 * 60_000

export function answerOf(response: Pick<IncomingMessage, 'statusCode' | 'headers'>, body: string): Answer {
  const status = response.statusCode ?? 0
  if (status >= 200 && status < 300) return { kind: 'taken', rejected: rejectedOf(body) }
  const because = `HTTP ${status}`
  if (RETRYABLE.has(status))
    return { kind: 'again', because, afterMs: retryAfterMs(response.headers['retry-after']) }
  return { kind: 'refused', because }
}

/** Seconds or a date; null: not said, or not understood. */
function retryAfterMs(header: string | undefined): number | null {
  if (header === undefined) return null
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS)
}

function rejectedOf(body: string): number {
  try {
    const partial = JSON.parse(body)?.partialSuccess
    const rejected = Number(partial?.rejectedDataPoints ?? partial?.rejectedLogRecords ?? 0)
    return Number.isSafeInteger(rejected) && rejected > 0 ? rejected : 0
  } catch {
    // a receiver that answers 200 with something else took it all the same
    return 0
  }
}
