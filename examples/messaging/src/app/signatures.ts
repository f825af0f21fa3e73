// Webhooks are signed: HMAC-SHA256 over the time and the body. A signature older than five minutes is no longer one.

import { createHmac, timingSafeEqual } from 'node:crypto'

export const SIGNATURE_HEADER = 'x-signature'
const MAX_AGE_MS = 5 * 60_000

export function sign(secret: string, body: string, at: number): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`
}

export function isSigned(secret: string, body: string, header: unknown, now: number): boolean {
  const [, at, digest] = /^t=(\d{1,15}),v1=([0-9a-f]{64})$/.exec(String(header)) ?? []
  if (at === undefined || digest === undefined || Math.abs(now - Number(at)) > MAX_AGE_MS) return false
  const expected = createHmac('sha256', secret).update(`${at}.${body}`).digest()
  return timingSafeEqual(expected, Buffer.from(digest, 'hex'))
}
