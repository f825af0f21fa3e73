// One event to a Sentry project, and what its answer means for another try.

import type { Milliseconds } from '../../model/units.ts'
import { guardedFetch } from '../../net/guarded-fetch.ts'
import { ForbiddenAddress } from '../../net/guarded-lookup.ts'
import type { SentryDsn } from './dsn.ts'
import { sentryAuth, sentryEnvelope } from './envelope.ts'
import { sentryLimitMs } from './rate-limit.ts'
import type { SentryEvent } from './sentry-event.ts'

/** `limitMs`: the project wants nothing of ours for so long, whatever became of the event. */
export type PostedEvent =
  | { readonly is: 'sent'; readonly limitMs: Milliseconds }
  | { readonly is: 'failed' | 'refused'; readonly because: string; readonly limitMs: Milliseconds }

const WITHIN_MS = 10_000
const KEPT_OF_ANSWER = 300
/** The event itself is at fault. Wrong keys (401, 403) may be mended, and what waits is sent then. */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 415, 422])

/** `allow`: as `outbound.allow` of the configuration. */
export async function postEvent(
  dsn: SentryDsn,
  event: SentryEvent,
  now: () => Date,
  signal: AbortSignal,
  allow: readonly string[],
): Promise<PostedEvent> {
  let answer: Awaited<ReturnType<typeof guardedFetch>>
  let text: string
  try {
    const headers = {
      'content-type': 'application/x-sentry-envelope',
      'user-agent': `${event.sdk.name}/${event.sdk.version}`,
      'x-sentry-auth': sentryAuth(dsn.publicKey, event.sdk),
    }
    const body = sentryEnvelope(event, now())
    const limit = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)])
    answer = await guardedFetch(dsn.envelopeUrl, { method: 'POST', headers, body, signal: limit }, allow)
    text = await answer.text()
  } catch (error) {
    return { is: 'failed', because: reasonOf(error), limitMs: 0 }
  }
  const { status, headers } = answer
  const limitMs = sentryLimitMs({ status, header: (name) => headers.get(name) }, now())
  if (answer.ok) return { is: 'sent', limitMs }
  const said = text.trim().slice(0, KEPT_OF_ANSWER)
  const because = `HTTP ${status}${said === '' ? '' : `: ${said}`}`
  return { is: REFUSALS.has(status) ? 'refused' : 'failed', because, limitMs }
}

function reasonOf(error: unknown): string {
  if ((error as Error).name === 'TimeoutError') return `no answer within ${WITHIN_MS / 1_000} s`
  const cause = (error as { cause?: { code?: string } }).cause
  if (cause instanceof ForbiddenAddress) return cause.message
  return cause?.code ?? (error as Error).message
}
