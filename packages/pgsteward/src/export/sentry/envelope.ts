// An event as Sentry takes it: an envelope of one item, each part with a header line of JSON before it (develop.sentry.dev, "Envelopes").

import type { SentryEvent } from './sentry-event.ts'

/** `sentAt` is the moment of sending, by which Sentry tells how far our clock is off. */
export function sentryEnvelope(event: SentryEvent, sentAt: Date): string {
  const payload = JSON.stringify(event)
  const header = { event_id: event.event_id, sent_at: sentAt.toISOString(), sdk: event.sdk }
  const item = { type: 'event', content_type: 'application/json', length: Buffer.byteLength(payload) }
  return `${JSON.stringify(header)}\n${JSON.stringify(item)}\n${payload}\n`
}

/** Of the HTTP request, beside `content-type: application/x-sentry-envelope`. */
export function sentryAuth(publicKey: string, { name, version }: SentryEvent['sdk']): string {
  return `Sentry sentry_version=7, sentry_client=${name}/${version}, sentry_key=${publicKey}`
}
