// What the practice's figures count, period by period.

import { expect, test } from 'vitest'
import type { GovernanceRecord, RecordEntry } from '../../model/governance.ts'
import type { IncidentWire } from '../../model/incident-wire.ts'
import type { OptimizationWire } from '../../model/optimization-wire.ts'
import type { DueReviewWire, LaunchReviewWire } from '../../model/review-wire.ts'
import { incidentTimes } from '../incident/incident-times.ts'
import { PERIODS_BEFORE, practiceMetrics, spansBefore } from './practice-metrics.ts'

const DAY = 86_400_000
const NOW = new Date('2026-11-20T00:00:00Z')
const daysAgo = (days: number, minutes = 0) => new Date(NOW.getTime() - days * DAY + minutes * 60_000)
const iso = (days: number, minutes = 0) => daysAgo(days, minutes).toISOString()

function incident(
  days: number,
  recoverMinutes: number | null,
  over: Partial<IncidentWire> = {},
): IncidentWire {
  const start = iso(days)
  return {
    name: 'INC-1',
    number: 1,
    targetId: 'shop',
    origin: null,
    state: recoverMinutes === null ? 'open' : 'resolved',
    title: '',
    severity: 'critical',
    openedAt: iso(days, 1),
    updatedAt: start,
    commander: null,
    alerts: [],
    times: incidentTimes({
      startedAt: start,
      detectedAt: iso(days, 1),
      acknowledgedAt: iso(days, 4),
      recoveredAt: recoverMinutes === null ? null : iso(days, recoverMinutes),
    }),
    openItems: null,
    roles: [],
    status: null,
    cause: null,
    timeline: [],
    review: null,
    ...over,
  }
}

const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  applied: { what: 'it', jobId: null, outcome: 'done' },
  failed: { what: 'it', jobId: '7', outcome: 'failed' },
  verified: { worked: true, effect: 'fine' },
  refuted: { worked: false, effect: 'slower' },
  'rolled-back': { what: 'it', reason: 'slower' },
  emergency: { decision: 'approved', reason: 'the disk is full', rule: '', emergency: true, meeting: null },
}
const ACTIONS: Readonly<Record<string, string>> = {
  failed: 'applied',
  refuted: 'verified',
  emergency: 'decided',
}

function change(...actions: readonly (readonly [action: string, days: number])[]): GovernanceRecord {
  const entries = actions.map(
    ([action, days], seq): RecordEntry => ({
      seq,
      at: daysAgo(days),
      actor: 'ada',
      action: ACTIONS[action] ?? action,
      body: BODIES[action] ?? {},
    }),
  )
  return { kind: 'change', number: 1, targetId: 'shop', origin: null, entries }
}

const optimization = (days: number, over: Partial<OptimizationWire>) =>
  ({
    state: 'completed',
    verdict: 'improved',
    value: { msPerDay: 60_000, share: null, bytes: -8_192, source: '' },
    steps: [{ step: 'document', at: iso(days), actor: 'pgsteward' }],
    ...over,
  }) as OptimizationWire

const of = (given: Partial<Parameters<typeof practiceMetrics>[0]>) =>
  practiceMetrics(
    { incidents: [], changes: [], optimizations: [], launches: [], meetings: [], ...given },
    spansBefore(NOW, 30 * DAY),
  )

test('times are those of the incidents opened in the period, with how many there are', () => {
  const { period, before } = of({
    incidents: [incident(1, 10), incident(2, 20), incident(3, 60), incident(4, null), incident(40, 500)],
  })
  expect(period).toMatchObject({
    incidents: 4,
    toDetect: { medianMs: 60_000, count: 4 },
    toAcknowledge: { medianMs: 3 * 60_000, count: 4 },
    toMitigate: { medianMs: null, p90Ms: null, count: 0 },
    toRecover: { medianMs: 20 * 60_000, p90Ms: 52 * 60_000, count: 3 },
  })
  expect(before).toHaveLength(PERIODS_BEFORE)
  expect(before[0]).toMatchObject({ incidents: 1, toRecover: { medianMs: 500 * 60_000 }, to: iso(30) })
})

test('reviews are of the incidents that ended, action items of the day they are due', () => {
  const item = (due: string, doneAt: string | null) => ({ text: '', owner: '', due, doneAt, doneBy: null })
  const review = {
    happened: '',
    impact: '',
    rootCause: '',
    wentWell: [],
    wentBadly: [],
    actionItems: [item('2026-11-18', iso(3)), item('2026-11-19', null), item('2026-12-24', null)],
  }
  const { period } = of({
    incidents: [incident(9, 30, { state: 'reviewed', review }), incident(5, 10), incident(4, null)],
  })
  expect(period.reviewed).toEqual({ good: 1, all: 2, ratio: 0.5 })
  expect(period.actionItems).toEqual({ good: 1, all: 2, ratio: 0.5 })
})

test('a change holds unless it was rolled back, whenever that was; applied twice it counts twice', () => {
  const { period } = of({
    changes: [
      change(['requested', 9], ['applied', 8], ['verified', 7]),
      change(['requested', 9], ['applied', 8], ['rolled-back', 1]),
      change(['requested', 9], ['applied', 8], ['rolled-back', 7], ['applied', 6]),
      change(['requested', 9]),
      change(['applied', 80]),
    ],
  })
  expect(period.changes).toEqual({ good: 2, all: 4, ratio: 0.5 })
})

test.each<[string, number, number, readonly (readonly [string, number])[]]>([
  [
    'what was found not to have worked did not hold',
    0,
    1,
    [
      ['applied', 8],
      ['refuted', 7],
    ],
  ],
  [
    'unless it was found to have worked after all',
    1,
    1,
    [
      ['applied', 8],
      ['refuted', 7],
      ['verified', 6],
    ],
  ],
  [
    'a job that failed did not hold, its second try does',
    1,
    2,
    [
      ['failed', 8],
      ['applied', 7],
      ['verified', 6],
    ],
  ],
  [
    'what came of the second try says nothing of the first',
    1,
    2,
    [
      ['applied', 8],
      ['applied', 7],
      ['rolled-back', 6],
    ],
  ],
])('changes: %s', (_, good, all, entries) => {
  const { period } = of({ changes: [change(['requested', 9], ...entries)] })
  expect(period.changes).toMatchObject({ good, all })
})

test('changes approved as an emergency count like others, and are told', () => {
  const { period } = of({
    changes: [
      change(['requested', 9], ['emergency', 9], ['applied', 8]),
      change(['requested', 9], ['applied', 8]),
    ],
  })
  expect(period).toMatchObject({ changes: { good: 2, all: 2 }, emergencyChanges: 1 })
})

test('launch reviews count in the period that they fell due in, once they are done or overdue', () => {
  const review = (days: number, state: DueReviewWire['state']) => ({ due: iso(days), state }) as DueReviewWire
  const launch = {
    reviews: [
      review(9, 'done on time'),
      review(8, 'done late'),
      review(7, 'overdue'),
      review(0, 'due'),
      review(40, 'overdue'),
    ],
    actions: [
      { number: 1, what: 'cache', owner: null, due: iso(3), doneAt: iso(2), doneBy: 'ada' },
      { number: 2, what: 'index', owner: null, due: null, doneAt: null, doneBy: null },
    ],
  } as Partial<LaunchReviewWire> as LaunchReviewWire
  const { period, before } = of({ launches: [launch] })
  expect(period.launchReviews).toEqual({ good: 2, all: 3, ratio: 2 / 3 })
  expect(period.actionItems).toMatchObject({ good: 1, all: 1 })
  expect(before[0]!.launchReviews).toMatchObject({ good: 0, all: 1 })
})

test('optimizations are counted when they are complete, with what they bring together', () => {
  const { period } = of({
    optimizations: [
      optimization(2, {}),
      optimization(3, {
        verdict: 'worse',
        value: { msPerDay: -10_000, share: null, bytes: null, source: '' },
      }),
      optimization(4, {
        verdict: 'gone',
        value: { msPerDay: null, share: null, bytes: 100_000, source: '' },
      }),
      optimization(4, { state: 'taken-back' }),
    ],
  })
  expect(period.optimizations).toMatchObject({ good: 2, all: 3 })
  expect(period).toMatchObject({ savedMsPerDay: 50_000, freedBytes: 100_000 - 8_192 })
})

test('nothing at all is told as nothing, not as perfection', () => {
  expect(of({}).period).toMatchObject({
    incidents: 0,
    reviewed: { good: 0, all: 0, ratio: null },
    changes: { good: 0, all: 0, ratio: null },
    savedMsPerDay: 0,
  })
})
