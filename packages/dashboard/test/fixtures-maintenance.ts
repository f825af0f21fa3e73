// Made-up maintenance as the API would tell of it: to decide, under way, stepped aside, done, failed; what comes by itself.

import {
  type MaintenanceJobDetailWire,
  type MaintenanceJobWire,
  type MaintenanceWire,
  maintenanceJobDetailWire,
  maintenanceWire,
} from '../../pgsteward/src/model/wire.ts'
import { ago, HOSTILE } from './fixtures.ts'

const MINUTE = 60_000
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()

const job = (over: Partial<MaintenanceJobWire>): MaintenanceJobWire => ({
  id: '12',
  targetId: 'messaging',
  origin: { kind: 'finding', key: 'bloated-index:index/messaging/public/by_day' },
  because: 'Index by_day on message is bloated: a rebuild would shrink it lastingly.',
  steps: [{ kind: 'reindex', sql: 'reindex index concurrently public.by_day', relation: 'public.by_day' }],
  undo: null,
  lock: 'share update exclusive',
  caution: 'Needs room for the new index beside the old one.',
  state: 'proposed',
  decidedBy: null,
  nextStep: 0,
  attempts: 0,
  notBefore: null,
  createdAt: ago(30 * MINUTE),
  endedAt: null,
  last: null,
  progress: null,
  ...over,
})

const DROPPED = job({
  id: '9',
  origin: { kind: 'finding', key: `duplicate-index:index/messaging/public/${HOSTILE}` },
  because: `Index ${HOSTILE} does what another does already.`,
  steps: [
    {
      kind: 'drop-index',
      sql: `drop index concurrently if exists public."${HOSTILE}"`,
      relation: `public.${HOSTILE}`,
    },
  ],
  undo: ['create index concurrently members_again on public.member (church_id)'],
  state: 'done',
  decidedBy: 'kim',
  nextStep: 1,
  attempts: 0,
  endedAt: ago(20 * MINUTE),
  last: { outcome: 'done', because: 'The index is gone.' },
})

export function maintenance(over: Partial<MaintenanceWire> = {}): MaintenanceWire {
  return maintenanceWire.parse({
    targetId: 'messaging',
    isMaintained: true,
    window: { isOpen: false, because: 'outside the maintenance windows', opensAt: inMs(300 * MINUTE) },
    jobs: [
      job({}),
      job({
        id: '11',
        origin: { kind: 'routine', key: 'vacuum' },
        because: 'Routine: these tables have rows to clean up or to freeze.',
        steps: [
          { kind: 'vacuum', sql: 'vacuum (analyze) public.member', relation: 'public.member' },
          { kind: 'vacuum', sql: 'vacuum (analyze) public.message', relation: 'public.message' },
        ],
        state: 'approved',
        decidedBy: 'rule',
        nextStep: 1,
        attempts: 2,
        notBefore: inMs(2 * MINUTE),
        last: { outcome: 'gave-way', because: 'Migration waited 310 ms for its lock: cancelled.' },
      }),
      job({
        id: '10',
        origin: { kind: 'undo', key: '7' },
        because: 'Takes back job 7.',
        steps: [
          {
            kind: 'create-index',
            sql: 'create index concurrently by_month on public.message (created_at)',
            relation: 'public.by_month',
          },
        ],
        state: 'running',
        decidedBy: 'kim',
        progress: 'building index: scanning table, 40 %; waits for report (session 4711)',
      }),
      DROPPED,
      job({
        id: '8',
        state: 'failed',
        decidedBy: 'kim',
        attempts: 1,
        endedAt: ago(60 * MINUTE),
        last: { outcome: 'failed', because: 'must be owner of index by_day (42501)' },
      }),
    ],
    planned: [
      {
        origin: { kind: 'routine', key: 'analyze' },
        because: 'Routine: rows of these tables changed since their statistics were taken.',
        steps: [{ kind: 'analyze', sql: 'analyze public.delivery', relation: 'public.delivery' }],
        undo: null,
        lock: 'share update exclusive',
        caution: '',
        decidedByRule: true,
      },
    ],
    ...over,
  })
}

export function maintenanceJob(id: string): MaintenanceJobDetailWire {
  const known = maintenance().jobs.find((each) => each.id === id) ?? DROPPED
  return maintenanceJobDetailWire.parse({
    ...known,
    runs: [
      {
        step: 0,
        startedAt: ago(20 * MINUTE),
        endedAt: ago(19 * MINUTE),
        outcome: 'done',
        because: 'The index is gone.',
        tookMs: 4_200,
        before: { sizeBytes: 3_000_000_000, rows: 18_000, deadRows: 2_000 },
        after: { sizeBytes: 2_000_000_000, rows: 18_000, deadRows: 0 },
        notices: ['WARNING: something that the server said'],
        cleaned: ['by_day_ccnew'],
      },
    ],
  })
}
