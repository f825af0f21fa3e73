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
