import { expect, test } from 'vitest'
import {
  occurrenceEvent,
  repeatOccurrence,
  slowQueryOccurrence,
} from '../../../test/export/occurrence-rows.ts'
import { strictSentry } from '../../../test/export/strict-sentry.ts'
import { AT } from '../../../test/notify/alert-rows.ts'
import type { Occurrence } from '../../model/occurrence.ts'
import { parseDsn } from './dsn.ts'
import { sentryAuth, sentryEnvelope } from './envelope.ts'
import { postEvent } from './post-event.ts'
import { sentryEvent } from './sentry-event.ts'

const OPTIONS = {
  dashboardUrl: 'https://pgsteward.example.com/',
  version: '0.1.0',
  release: '{application}@{version}',
  criticalFromMs: 2_000,
}
const finding = (over: Partial<Occurrence> = {}) =>
  ({
    kind: 'finding',
    at: AT,
    key: 'slow-route:route/shop/GET /orders',
    checkId: 'slow-route',
    severity: 'critical',
    summary: 'GET /orders of shop answers slowly',
    evidence: [{ label: '95th percentile', value: 1_840, unit: 'ms' }],
    ...over,
  }) as Occurrence

/** What the strict receiver says of the event. */
function taken(worst: Occurrence, over: Partial<typeof OPTIONS> = {}) {
  const event = sentryEvent(occurrenceEvent(worst), { ...OPTIONS, ...over })
  return strictSentry('42', 'key').take({
    method: 'POST',
    path: '/api/42/envelope/',
    headers: {
      'content-type': 'application/x-sentry-envelope',
      'x-sentry-auth': sentryAuth('key', event.sdk),
    },
    body: sentryEnvelope(event, AT),
  })
}

test('a slow query names its statement, its place in the source, its trace and its release (X3)', () => {
  expect(sentryEvent(occurrenceEvent(slowQueryOccurrence()), OPTIONS)).toMatchInlineSnapshot(`
    {
      "contexts": {
        "pgsteward": {
          "kind": "slow-query",
          "link": "https://pgsteward.example.com/slow-queries?target=shop&fingerprint=7f3c5b1e9a2d4860",
          "target": "shop",
        },
        "statement": {
          "fingerprint": "7f3c5b1e9a2d4860",
          "first at": "2026-11-20T10:00:00.000Z",
          "last at": "2026-11-20T10:00:00.000Z",
          "page": "docs/checks/slow-application-query.md",
          "rows": 1,
          "slow queries since the last event": 14,
          "text": "select place from shelf where id = $1",
          "total ms": 9800,
          "waited for a connection ms": 3,
          "worst ms": 812,
        },
        "trace": {
          "op": "db.query",
          "span_id": "fc6d8c0c43fc4630",
          "trace_id": "0af7651916cd43dd8448eb211c80319c",
        },
      },
      "environment": "production",
      "event_id": "fc6d8c0c43fc4630ad850ee518f1b9d0",
      "exception": {
        "values": [
          {
            "mechanism": {
              "handled": true,
              "help_link": "https://pgsteward.example.com/slow-queries?target=shop&fingerprint=7f3c5b1e9a2d4860",
              "type": "pgsteward",
            },
            "stacktrace": {
              "frames": [
                {
                  "filename": "src/shelves.ts",
                  "in_app": true,
                  "lineno": 12,
                },
              ],
            },
            "type": "SlowQuery",
            "value": "select place from shelf where id = $1 (slowest 812 ms)",
          },
        ],
      },
      "fingerprint": [
        "pgsteward",
        "slow-query",
        "shop",
        "7f3c5b1e9a2d4860",
        "GET /shelves",
      ],
      "level": "warning",
      "logger": "pgsteward",
      "platform": "node",
      "release": "shop@1.2.0",
      "sdk": {
        "name": "pgsteward",
        "version": "0.1.0",
      },
      "server_name": "host/1",
      "tags": {
        "action": "findUnique",
        "application": "shop",
        "caller": "src/shelves.ts:12",
        "fingerprint": "7f3c5b1e9a2d4860",
        "model": "Shelf",
        "route": "GET /shelves",
        "target": "shop",
      },
      "timestamp": 1795168800,
      "transaction": "GET /shelves",
    }
  `)
})

test('a repeated statement tells how often the worst request sent it (X3)', () => {
  const event = sentryEvent(occurrenceEvent(repeatOccurrence()), OPTIONS)
  expect(event.exception.values[0]).toMatchObject({
    type: 'RepeatedStatement',
    value: 'select place from shelf where id = $1 (38 times in one request, 120 ms)',
  })
  expect(event.level).toBe('warning')
})

test('a finding has its severity, its evidence with units, and its page', () => {
  const event = sentryEvent(occurrenceEvent(finding()), OPTIONS)
  expect(event).toMatchObject({
    level: 'error',
    fingerprint: ['pgsteward', 'finding', 'slow-route:route/shop/GET /orders'],
    contexts: { finding: { '95th percentile (ms)': 1_840, page: 'docs/checks/slow-route.md' } },
  })
  expect(event.exception.values[0].mechanism.help_link).toBe(
    'https://pgsteward.example.com/findings/slow-route%3Aroute%2Fshop%2FGET%20%2Forders?target=shop',
  )
})

test('from the critical limit on, a slow query is an error', () => {
  const levelOf = (worstMs: number) =>
    sentryEvent(occurrenceEvent(slowQueryOccurrence(), { worstMs }), OPTIONS).level
  expect([1_999, 2_000].map(levelOf)).toEqual(['warning', 'error'])
})

test('the same statement of the same route is one issue, from wherever in it and however slowly', () => {
  const groupOf = (over: Partial<Occurrence>) =>
    sentryEvent(occurrenceEvent(slowQueryOccurrence(over)), OPTIONS).fingerprint
  expect(groupOf({ caller: 'src/other.ts:1', durationMs: 9_000 })).toEqual(groupOf({}))
  for (const over of [{ route: 'GET /other' }, { fingerprint: 'f' }, { application: 'other' }])
    expect(groupOf(over as Partial<Occurrence>)).not.toEqual(groupOf({}))
})

test('no parameter leaves for Sentry, not even a redacted one', () => {
  const event = sentryEvent(
    occurrenceEvent(slowQueryOccurrence({ parameters: ['kim@example.com'] } as never)),
    OPTIONS,
  )
  expect(JSON.stringify(event)).not.toContain('kim@')
})

test.each<[string, Occurrence]>([
  ['an ordinary slow query', slowQueryOccurrence()],
  ['a repeated statement', repeatOccurrence()],
  ['a finding', finding()],
  [
    'one of which little is known',
    slowQueryOccurrence({
      route: null,
      model: null,
      action: null,
      caller: null,
      traceId: null,
      release: null,
      environment: null,
      rows: null,
    }),
  ],
  ['a text of a megabyte', slowQueryOccurrence({ text: 'select \n\t1 ä '.repeat(80_000) })],
  ['half a character at the cut', slowQueryOccurrence({ text: '😀'.repeat(9_000), route: '😀'.repeat(300) })],
  ['a trace of zeros', slowQueryOccurrence({ traceId: '0'.repeat(32) })],
  ['a caller that is no file', slowQueryOccurrence({ caller: 'anonymous' })],
  ['line breaks in names', repeatOccurrence({ route: 'GET /a\nb', model: ' ', instance: 'host\n1' })],
  ['a release with slashes', slowQueryOccurrence({ release: 'feature/x', environment: 'eu/prod' })],
  ['a release called latest', slowQueryOccurrence({ release: 'latest' })],
  ['an environment called None', slowQueryOccurrence({ environment: 'None' })],
  [
    'evidence of all kinds',
    finding({
      evidence: Array.from({ length: 60 }, (_, at) => ({ label: `label ${at}`, value: 'ü'.repeat(900) })),
    } as never),
  ],
])('Sentry takes %s (X3)', (_, worst) => {
  expect(taken(worst)).toMatchObject({ status: 200 })
  expect(taken(worst, { dashboardUrl: null as never, release: '{version}' })).toMatchObject({ status: 200 })
})

test('the strict receiver refuses what Sentry would refuse, so that the tests here can fail', () => {
  const event = sentryEvent(occurrenceEvent(slowQueryOccurrence()), OPTIONS)
  const answer = (body: string, headers: Readonly<Record<string, string>> = {}, path = '/api/42/envelope/') =>
    strictSentry('42', 'key').take({
      method: 'POST',
      path,
      headers: {
        'content-type': 'application/x-sentry-envelope',
        'x-sentry-auth': sentryAuth('key', event.sdk),
        ...headers,
      },
      body,
    }).status
  const whole = sentryEnvelope(event, AT)
  expect(answer(whole)).toBe(200)
  expect(answer(whole.replace('"length":', '"length":1'))).toBe(400)
  expect(answer(whole.replace('"length":1', '"length":'))).toBe(400)
  expect(answer(sentryEnvelope({ ...event, culprit: 'x' } as never, AT))).toBe(400)
  expect(answer(sentryEnvelope({ ...event, level: 'critical' } as never, AT))).toBe(400)
  expect(answer(sentryEnvelope({ ...event, event_id: 'fc6d8c0c' }, AT))).toBe(400)
  expect(answer(sentryEnvelope({ ...event, tags: { route: 'x'.repeat(201) } }, AT))).toBe(400)
  expect(answer(sentryEnvelope({ ...event, logger: 'x'.repeat(2 ** 20) } as never, AT))).toBe(413)
  expect(answer(whole, { 'x-sentry-auth': sentryAuth('other', event.sdk) })).toBe(403)
  expect(answer(whole, { 'content-type': 'application/json' })).toBe(415)
  expect(answer(whole, {}, '/api/43/envelope/')).toBe(404)
})

test('a project at an address that hands out credentials is never told, and the reason says how it would be (D2)', async () => {
  const event = sentryEvent(occurrenceEvent(finding()), OPTIONS)
  const never = new AbortController().signal
  for (const host of ['169.254.169.254', '2852039166', '[fd00:ec2::254]'])
    expect(await postEvent(parseDsn(`http://key@${host}/42`)!, event, () => AT, never, [])).toMatchObject({
      is: 'failed',
      because: expect.stringContaining('outbound: { allow: ['),
    })
})
