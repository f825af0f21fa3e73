import { expect, test } from 'vitest'
import type { IncidentWire } from '../../model/incident-wire.ts'
import type { LaunchReviewWire } from '../../model/review-wire.ts'
import { openItems } from './open-items.ts'

const NOW = new Date('2026-11-20T12:00:00Z')
const item = (what: string, due: string | null, doneAt: string | null = null) => ({
  number: 1,
  what,
  owner: 'eve',
  due,
  doneAt,
  doneBy: null,
})
const launch = (over: Partial<LaunchReviewWire>) =>
  ({
    name: 'REV-3',
    title: 'Checkout',
    version: '7.0',
    state: 'open',
    reviews: ['done late', 'overdue', 'overdue', 'due', 'to come'].map((state, at) => ({
      number: at + 1,
      state,
      due: `2026-11-1${at}T10:00:00.000Z`,
    })),
    actions: [],
    ...over,
  }) as LaunchReviewWire
const incident = (over: Partial<IncidentWire>) =>
  ({
    name: 'INC-7',
    title: 'Checkout hangs',
    state: 'resolved',
    times: { recoveredAt: '2026-11-18T10:00:00.000Z' },
    review: null,
    ...over,
  }) as IncidentWire
const of = (given: Partial<Parameters<typeof openItems>[0]>) =>
  openItems({ incidents: [], launches: [], meetings: [], ...given }, NOW)

test('of a launch with overdue reviews the first is told, and how many wait; of a closed one none', () => {
  expect(of({ launches: [launch({}), launch({ state: 'closed' })] })).toEqual([
    {
      kind: 'launch-review',
      name: 'REV-3',
      title: 'Checkout 7.0',
      what: 'Review 2 of 5, and 1 more',
      owner: null,
      due: '2026-11-11T10:00:00.000Z',
      isOverdue: true,
    },
  ])
})

test('an incident waits for its review from its end on, an open one does not yet', () => {
  expect(
    of({ incidents: [incident({}), incident({ state: 'open' }), incident({ state: 'reviewed' })] }),
  ).toMatchObject([{ kind: 'incident-review', name: 'INC-7', isOverdue: false }])
})

test('action items of all kinds, the overdue first; a day is over at its end', () => {
  const review = {
    actionItems: [
      { text: 'today', owner: 'ada', due: '2026-11-20', doneAt: null, doneBy: null },
      { text: 'yesterday', owner: 'ada', due: '2026-11-19', doneAt: null, doneBy: null },
      { text: 'done', owner: 'ada', due: '2026-11-19', doneAt: '2026-11-19T10:00:00.000Z', doneBy: 'ada' },
    ],
  } as unknown as NonNullable<IncidentWire['review']>
  const told = of({
    incidents: [incident({ state: 'reviewed', review })],
    launches: [launch({ reviews: [], actions: [item('some day', null)] })],
    meetings: [{ name: 'MTG-2', title: 'Board', actions: [item('long ago', '2026-10-01T10:00:00Z')] }],
  })
  expect(told.map(({ what, isOverdue }) => [what, isOverdue])).toEqual([
    ['long ago', true],
    ['yesterday', true],
    ['today', false],
    ['some day', false],
  ])
})
