import { describe, expect, test } from 'vitest'
import type { GovernanceRecord } from '../../model/governance.ts'
import type { LaunchMetricsWire } from '../../model/review-wire.ts'
import { worseThan } from './launch-compare.ts'
import { reviewDues, spellOf } from './review-dues.ts'
import { reviewEvents } from './review-events.ts'
import { launchReviewOf, refuseReview, reviewToDo } from './review-state.ts'

const DAY_MS = 86_400_000
const LAUNCH = new Date('2026-01-31T10:00:00Z')
const SCHEDULE = { daily: 7, weekly: 4, monthly: 6 }
const day = (days: number) => new Date(LAUNCH.getTime() + days * DAY_MS)
const metrics = (over: Partial<LaunchMetricsWire> = {}): LaunchMetricsWire => ({
  from: LAUNCH.toISOString(),
  to: day(1).toISOString(),
  requests: 10_000,
  errorRatio: 0.002,
  p95Ms: 100,
  deliveredRatio: 0.999,
  databaseLoad: 0.4,
  statementsPerSecond: 100,
  ...over,
})
type Told = readonly [days: number, action: string, body: object]
const review = (...entries: readonly Told[]): GovernanceRecord => ({
  kind: 'review',
  number: 3,
  targetId: 'shop',
  origin: null,
  entries: (
    [
      [
        0,
        'opened',
        {
          title: 'Checkout',
          version: '7.0',
          launchedAt: LAUNCH.toISOString(),
          dues: reviewDues(LAUNCH, SCHEDULE),
          onTimeMs: DAY_MS,
          baseline: metrics(),
        },
      ],
      ...entries,
    ] as const
  ).map(([days, action, body], seq) => ({ seq, at: day(days), actor: 'ada', action, body: { ...body } })),
})
const reviewed = (days: number, due: number): Told => [days, 'reviewed', { due, note: 'fine' }]

describe('when', () => {
  test('daily for a week, weekly for a month, then monthly, in months of the calendar', () => {
    const dues = reviewDues(LAUNCH, SCHEDULE)
    expect(dues.map(({ every }) => every).join(' ')).toBe(
      'day day day day day day day week week week week month month month month month month',
    )
    expect(dues.map(({ due }) => due.slice(5, 10)).slice(5)).toEqual([
      '02-06',
      '02-07',
      '02-14',
      '02-21',
      '02-28',
      '03-07',
      '03-31',
      '04-30',
      '05-31',
      '06-30',
      '07-31',
      '08-31',
    ])
    expect(dues.every(({ due }) => due.endsWith('T10:00:00.000Z'))).toBe(true)
  })
  test('a schedule of months alone begins with the first', () => {
    expect(reviewDues(LAUNCH, { daily: 0, weekly: 0, monthly: 1 })[0]!.due).toBe('2026-02-28T10:00:00.000Z')
  })
  test('a review looks at the stretch before it, and at nothing before the launch', () => {
    const spell = (every: 'day' | 'week', days: number) =>
      spellOf({ every, due: day(days).toISOString() }, LAUNCH)
    expect(spell('day', 3)).toEqual({ from: day(2), to: day(3) })
    expect(spell('week', 14)).toEqual({ from: day(7), to: day(14) })
    expect(spell('week', 5)).toEqual({ from: LAUNCH, to: day(5) })
  })
})

test('done, due, overdue, and how many on time', () => {
  const record = review(reviewed(1.5, 1), reviewed(4, 2))
  const told = launchReviewOf(record, day(4.5))
  expect(told.reviews.map(({ state }) => state).slice(0, 5)).toEqual([
    'done on time',
    'done late',
    'overdue',
    'due',
    'to come',
  ])
  expect(told.completion).toEqual({ due: 4, reviewed: 2, onTime: 1, overdue: 1, onTimeRatio: 1 / 3 })
  expect(launchReviewOf(review(), day(0.5)).completion.onTimeRatio).toBeNull()
})

test('after it was closed nothing falls due any more', () => {
  const told = launchReviewOf(review(reviewed(1, 1), [1.5, 'closed', { note: 'withdrawn' }]), day(400))
  expect(told).toMatchObject({ state: 'closed', completion: { due: 1, overdue: 0, onTimeRatio: 1 } })
})

test('metrics stand beside what they are compared with', () => {
  const measured: Told = [
    1,
    'measured',
    { due: 1, metrics: metrics({ errorRatio: 0.01 }), findingsOpened: 2, findings: [] },
  ]
  const [first, second] = launchReviewOf(review(measured), day(2)).reviews
  expect(first).toMatchObject({ findingsOpened: 2, worse: ['Errors 0.20 % -> 1.00 %.'] })
  expect(second!.metrics).toBeNull()
})

describe('clearly worse than before', () => {
  test.each<[string, Partial<LaunchMetricsWire>, readonly string[]]>([
    ['the same', {}, []],
    ['better', { errorRatio: 0, p95Ms: 50, deliveredRatio: 1, databaseLoad: 0.1 }, []],
    ['a little', { errorRatio: 0.0025, p95Ms: 120, deliveredRatio: 0.998, databaseLoad: 0.45 }, []],
    [
      'much',
      { p95Ms: 180, databaseLoad: 0.9, deliveredRatio: 0.95 },
      [
        'p95 of requests 100 ms -> 180 ms.',
        'Deliveries that succeed 99.90 % -> 95.00 %.',
        'Load of the database 0.40 -> 0.90 at work on average.',
      ],
    ],
    ['of a handful', { requests: 20, errorRatio: 0.5 }, []],
    ['unknown', { errorRatio: null, p95Ms: null, deliveredRatio: null, databaseLoad: null }, []],
  ])('%s', (_, over, worse) => {
    expect(worseThan(metrics(over), metrics())).toEqual(worse)
  })
  test('nothing to compare with', () => {
    expect(worseThan(metrics({ p95Ms: 9_000 }), null)).toEqual([])
  })
})

describe('refuses', () => {
  const toDo = (record: GovernanceRecord, number: number | undefined, days: number) =>
    reviewToDo(launchReviewOf(record, day(days)), number, day(days))
  test.each<[string, GovernanceRecord, number | undefined, number]>([
    ['no review is due', review(), undefined, 0.5],
    ['it has no review 99', review(), 99, 3],
    ['review 1 was done by ada', review(reviewed(1, 1)), 1, 3],
    ['review 5 is not due before', review(), 5, 3],
  ])('%s', (message, record, number, days) => {
    expect(() => toDo(record, number, days)).toThrow(message)
  })
  test('takes the first that is due otherwise, or the one that is named', () => {
    expect(toDo(review(reviewed(1, 1)), undefined, 3).number).toBe(2)
    expect(toDo(review(), 3, 3).number).toBe(3)
  })
  test('a closed one, but for what was left to do', () => {
    const closed = launchReviewOf(review([1, 'closed', { note: '' }]), day(2))
    expect(() => refuseReview(closed, 'reviewed')).toThrow('it is closed')
    expect(() => refuseReview(closed, 'action-done')).not.toThrow()
  })
})

test('as events of a calendar, with names that stay', () => {
  const meeting: GovernanceRecord = {
    kind: 'meeting',
    number: 1,
    targetId: null,
    origin: null,
    entries: [
      {
        seq: 0,
        at: LAUNCH,
        actor: 'ada',
        action: 'opened',
        body: { title: 'Board', meetsAt: day(2.1).toISOString(), place: 'Room 1' },
      },
    ],
  }
  const events = reviewEvents([review(), meeting], { from: day(1.5), to: day(3.5) })
  expect(events.map(({ uid, title }) => `${uid} ${title}`)).toEqual([
    'REV-3-2@pgsteward Review 2 of 17: Checkout 7.0',
    'MTG-1@pgsteward Board',
    'REV-3-3@pgsteward Review 3 of 17: Checkout 7.0',
  ])
  expect(reviewEvents([review([1, 'closed', { note: '' }])], { from: day(0), to: day(400) })).toEqual([])
})
