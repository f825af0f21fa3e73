// Made-up changes, meetings, rehearsals and launches, in every state that looks different; texts are hostile.

import {
  type ChangeDetailWire,
  type ChangesWire,
  type ChangeWire,
  changeDetailWire,
  changesWire,
  type LaunchReviewWire,
  launchReviewWire,
  type MeetingWire,
  meetingWire,
  type RehearsalWire,
  rehearsalWire,
} from '../../pgsteward/src/model/wire.ts'
import { ago, HOSTILE } from './fixtures.ts'

const MINUTE = 60_000
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()
const DAY = 1_440 * MINUTE

const change = (over: Partial<ChangeWire>): ChangeWire => ({
  name: 'CHG-12',
  targetId: 'messaging',
  state: 'open',
  title: 'An index for the list of members',
  why: 'The list takes 900 ms at the start of the week.',
  risk: 'medium',
  type: 'create-index',
  plan: '1. create index concurrently members_by_name on public.member (name)\n2. analyze public.member',
  rollback: 'drop index concurrently public.members_by_name',
  wished: { from: inMs(DAY), until: inMs(2 * DAY) },
  findings: ['missing-index:table/messaging/public/member'],
  jobs: ['12'],
  migrations: ['prisma/migrations/20261123_members/migration.sql'],
  requestedBy: 'ada',
  openedAt: ago(DAY),
  changedAt: ago(60 * MINUTE),
  votes: [{ actor: 'bob', at: ago(60 * MINUTE), vote: 'approve', reason: 'read' }],
  decision: null,
  applied: [],
  effect: null,
  closedAs: null,
  ...over,
})

export function changes(over: Partial<ChangesWire> = {}): ChangesWire {
  return changesWire.parse({
    board: ['ada', 'bob', 'eve'],
    changes: [
      change({}),
      change({ name: 'CHG-11', state: 'applied', title: `Names ${HOSTILE}`, risk: 'high', wished: null }),
      change({ name: 'CHG-10', state: 'rolled-back', title: 'A'.repeat(120) }),
      change({ name: 'CHG-9', state: 'closed', closedAs: 'done', title: 'Statistics of messages' }),
    ],
    ...over,
  })
}

export function changeDetail(name: string): ChangeDetailWire {
  const found = changes().changes.find((each) => each.name === name) ?? change({ name })
  return changeDetailWire.parse({
    ...found,
    tally: {
      approve: 1,
      reject: 0,
      abstain: 0,
      uncounted: [{ actor: 'mallory', because: 'mallory is not on the board' }],
      quorum: 2,
      members: 2,
      outcome: null,
      isCertain: false,
      words: '1 for, 0 against, 0 abstained; it takes 2 of 2 and more for than against',
    },
    entries: [
      {
        seq: 0,
        at: ago(DAY),
        actor: 'ada',
        action: 'opened',
        words: ['asked for it, at medium risk', `Why: ${HOSTILE}`],
      },
      { seq: 1, at: ago(60 * MINUTE), actor: 'bob', action: 'voted', words: ['voted to approve', 'read'] },
    ],
    meetings: ['MTG-3'],
  })
}

export function meetings(): MeetingWire[] {
  return [
    meetingWire.parse({
      name: 'MTG-3',
      state: 'planned',
      title: 'Change board',
      meetsAt: inMs(DAY),
      place: '',
      agenda: [
        {
          change: 'CHG-12',
          title: 'An index for the list of members',
          risk: 'medium',
          because: 'to decide',
          wished: null,
        },
      ],
      present: [],
      hasQuorum: null,
      quorumWords: '',
      minutes: null,
      actions: [{ number: 1, what: 'try the rollback', owner: 'bob', due: null, doneAt: null, doneBy: null }],
    }),
  ]
}

export function rehearsals(): RehearsalWire[] {
  const step = (number: number, title: string, over: object = {}) => ({
    number,
    section: 'steps',
    title,
    owner: 'release',
    expectedMs: 300_000,
    run: null,
    text: '',
    state: 'done',
    by: 'ada',
    begunAt: ago(50 * MINUTE),
    endedAt: ago(40 * MINUTE),
    tookMs: 600_000,
    isSlow: true,
    note: '',
    ...over,
  })
  return [
    rehearsalWire.parse({
      name: 'REH-2',
      targetId: null,
      title: 'Release rehearsal',
      release: '7.2',
      state: 'finished',
      verdict: 'rolled back',
      verdictWords: 'Rolled back: step 2 failed: Roll out.',
      startedBy: 'ada',
      startedAt: ago(60 * MINUTE),
      finishedAt: ago(10 * MINUTE),
      steps: [
        step(1, 'Migrate'),
        step(2, 'Roll out', { state: 'failed', note: `exit code 3 ${HOSTILE}`, isSlow: false }),
      ],
      next: null,
      expectedMs: 600_000,
      tookMs: 1_200_000,
      rollbackBecause: 'step 2 failed: Roll out',
      note: '',
    }),
  ]
}

export function launches(): LaunchReviewWire[] {
  const metrics = (errorRatio: number) => ({
    from: ago(2 * DAY),
    to: ago(DAY),
    requests: 120_000,
    errorRatio,
    p95Ms: 84,
    deliveredRatio: 0.998,
    databaseLoad: 0.42,
    statementsPerSecond: 90,
  })
  const due = (number: number, over: object = {}) => ({
    number,
    every: 'day',
    due: ago((3 - number) * DAY),
    state: 'to come',
    reviewedAt: null,
    reviewedBy: null,
    note: '',
    metrics: null,
    findingsOpened: null,
    findings: [],
    worse: [],
    ...over,
  })
  return [
    launchReviewWire.parse({
      name: 'REV-2',
      targetId: 'messaging',
      title: 'Checkout',
      version: '7.2',
      launchedAt: ago(3 * DAY),
      openedBy: 'ada',
      state: 'open',
      baseline: metrics(0.001),
      reviews: [
        due(1, {
          state: 'overdue',
          metrics: metrics(0.01),
          findingsOpened: 1,
          findings: [{ key: 'x', summary: `An index ${HOSTILE}`, severity: 'warning' }],
          worse: ['Errors 0.10 % -> 1.00 %.'],
        }),
        due(2),
      ],
      actions: [],
      completion: { due: 1, reviewed: 0, onTime: 0, overdue: 1, onTimeRatio: 0 },
    }),
  ]
}
