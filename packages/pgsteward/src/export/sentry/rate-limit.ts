// How long a Sentry project wants no error events: X-Sentry-Rate-Limits, Retry-After, or a minute (develop.sentry.dev, "Rate Limiting").

import type { Milliseconds } from '../../model/units.ts'

const UNSAID_MS: Milliseconds = 60_000

export interface LimitingAnswer {
  readonly status: number
  readonly header: (name: string) => string | null
}

/** 0: as often as it likes. The first header may come with any status, a success too. */
export function sentryLimitMs({ status, header }: LimitingAnswer, now: Date): Milliseconds {
  const limits = header('x-sentry-rate-limits')
  if (limits !== null) return Math.max(0, ...limits.split(',').map(limitOf))
  if (status !== 429) return 0
  return retryAfterMs(header('retry-after')?.trim() ?? '', now) ?? UNSAID_MS
}

/** `2700:default;error:organization`: categories, none for all. What comes after them may be ignored. */
function limitOf(limit: string): Milliseconds {
  const [seconds = '', categories = ''] = limit.trim().split(':')
  const ours = categories === '' || categories.split(';').includes('error')
  const ms = Number(seconds) * 1_000
  return ours && seconds.trim() !== '' && Number.isFinite(ms) ? ms : 0
}

function retryAfterMs(text: string, now: Date): Milliseconds | null {
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}
