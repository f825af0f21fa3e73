import { expect, test } from 'vitest'
import { parseDsn } from './dsn.ts'
import { sentryLimitMs } from './rate-limit.ts'

test.each([
  ['https://abc@o1.ingest.sentry.io/42', 'https://o1.ingest.sentry.io/api/42/envelope/', 'abc'],
  ['https://abc:secret@sentry.io/42', 'https://sentry.io/api/42/envelope/', 'abc'],
  ['http://abc@sentry.internal:9000/below/7', 'http://sentry.internal:9000/below/api/7/envelope/', 'abc'],
])('%s sends to %s', (text, envelopeUrl, publicKey) => {
  expect(parseDsn(text)).toEqual({ envelopeUrl, publicKey })
})

test.each([
  '',
  'abc',
  'https://sentry.io/42',
  'https://abc@sentry.io/',
  'https://abc@sentry.io/x',
  'ftp://a@b/1',
])('"%s" is no DSN', (text) => {
  expect(parseDsn(text)).toBeNull()
})

const NOW = new Date('2026-11-23T10:00:00Z')
test.each<[number, Record<string, string>, number]>([
  [200, {}, 0],
  [500, {}, 0],
  [429, {}, 60_000],
  [429, { 'retry-after': '2700' }, 2_700_000],
  [429, { 'retry-after': 'Mon, 23 Nov 2026 10:02:00 GMT' }, 120_000],
  [429, { 'retry-after': '5', 'x-sentry-rate-limits': '60:transaction:key' }, 0],
  [
    429,
    { 'x-sentry-rate-limits': '60:transaction:key, 2700:default;error;security:organization' },
    2_700_000,
  ],
  [200, { 'x-sentry-rate-limits': '60::organization, 30.5:error:key:quota_exceeded:custom' }, 60_000],
  [200, { 'x-sentry-rate-limits': 'soon:error:key' }, 0],
])('%s with %o wants none of our events for %s ms', (status, headers, ms) => {
  expect(sentryLimitMs({ status, header: (name) => headers[name] ?? null }, NOW)).toBe(ms)
})
