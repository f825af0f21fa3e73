// What happened to the made-up target: one of each kind within the last hour, two deployments close together, and a few things longer ago.

import { type AnnotationWire, annotationsWire } from '../../pgsteward/src/model/wire.ts'
import { ago, findings } from './fixtures.ts'

const MINUTE = 60_000
const DAY = 1440

const happened = (
  kind: AnnotationWire['kind'],
  minutesAgo: number,
  detail: string,
  over: Partial<AnnotationWire> = {},
): AnnotationWire => ({
  kind,
  at: ago(minutesAgo * MINUTE),
  until: null,
  isOngoing: false,
  severity: null,
  subject: '',
  detail,
  ref: null,
  ...over,
})

const [first, second] = findings

export const ALL: readonly AnnotationWire[] = [
  happened('alert', 26, 'Session 4711 has held 7 others up for 4 min', {
    severity: 'critical',
    until: ago(14 * MINUTE),
    subject: 'blocking-chain',
    ref: second!.key,
  }),
  happened('alert', 7, 'GET /members answers slowly', {
    severity: 'warning',
    isOngoing: true,
    subject: 'slow-route',
    ref: first!.key,
  }),
  happened('deployment', 12, 'version 1.4.0 to 1.5.0', { subject: 'messaging' }),
  happened('deployment', 11.8, 'version 2.1.0 to 2.2.0', { subject: 'admin' }),
  happened('schema', 30, 'column preferred_name added', { subject: 'public.member' }),
  happened('index', 48, 'create index concurrently message_sent_at_idx on message (sent_at): done', {
    subject: 'job 12',
    until: ago(44 * MINUTE),
    ref: '12',
  }),
  happened('settings', 38, '4MB to 64MB', { subject: 'work_mem' }),
  happened('restart', 38.5, 'the server was started', { subject: 'server' }),
  happened('maintenance', 22, 'vacuum public.message: done', {
    subject: 'job 13',
    until: ago(19 * MINUTE),
    ref: '13',
  }),
  happened('load', 55, '6000 requests', { subject: 'smoke', until: ago(52 * MINUTE), ref: 'run-1' }),
  happened('deployment', 2 * DAY, 'version 1.3.0 to 1.4.0', { subject: 'messaging' }),
  happened('schema', 20 * DAY, 'table archive created', { subject: 'public.archive' }),
]

/** Those that touch the span, in seconds. */
export function annotations({ from, to }: { readonly from: number; readonly to: number }) {
  const seconds = (at: string) => Date.parse(at) / 1000
  return annotationsWire.parse({
    annotations: ALL.filter(
      ({ at, until, isOngoing }) => seconds(at) <= to && (isOngoing || seconds(until ?? at) > from),
    ),
    leftOut: 0,
  })
}

const RUN_SECONDS = 1200

/** Began 25 minutes ago, warmed up for five, and has two more rounds to go. */
export const runUnderWay = {
  summary: null,
  run: null,
  bottlenecks: [],
  leftOut: [],
  comparisons: [],
  live: {
    id: 'run-1',
    startedAt: new Date(Math.floor((Date.now() - 25 * MINUTE) / MINUTE) * MINUTE).toISOString(),
    scenario: {
      id: 'smoke',
      title: 'Smoke',
      hash: 'hash-smoke',
      model: 'open',
      timeScale: 1,
      loadScale: 1,
    },
    engine: { name: 'node', version: '0.1.0' },
    target: 'http://127.0.0.1:3000/',
    plannedMs: RUN_SECONDS * 1000,
    warmUpMs: 5 * MINUTE,
    heardAt: ago(1000),
    isSilent: false,
    requests: 6000,
    errors: 0,
    latest: null,
    moments: Array.from({ length: RUN_SECONDS / 10 }, (_, place) => ({
      atMs: (place + 1) * 10_000,
      offeredPerSecond: 5,
      users: null,
      requestsPerSecond: 5,
      errors: 0,
      p50Ms: 20 + (place % 7),
      p95Ms: 60 + (place % 11),
      p99Ms: 90 + (place % 13),
    })),
  },
}
