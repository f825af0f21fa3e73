// What the practice's figures count, period by period.

import { expect, test } from 'vitest'
import type { GovernanceRecord, RecordEntry } from '../../model/governance.ts'
import type { IncidentWire } from '../../model/incident-wire.ts'
import type { OptimizationWire } from '../../model/optimization-wire.ts'
import { incidentTimes } from '../incident/incident-times.ts'
import { PERIODS_BEFORE, practiceMetrics } from './practice-metrics.ts'

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

function change(...actions: readonly (readonly [action: string, days: number])[]): GovernanceRecord {
  const entries = actions.map(
    ([action, days], seq): RecordEntry => ({ seq, at: daysAgo(days), actor: 'ada', action, body: {} }),
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
  practiceMetrics({ incidents: [], changes: [], optimizations: [], ...given }, 30 * DAY, NOW)

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
