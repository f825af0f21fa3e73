// An incident, entry by entry: its states, its times, its alerts, its review, and what it refuses.

import { expect, test } from 'vitest'
import { AT, minutesLater, openFinding } from '../../../test/notify/alert-rows.ts'
import type { GovernanceRecord, RecordEntry } from '../../model/governance.ts'
import { beganAt } from './began-at.ts'
import { incidentOf } from './incident-state.ts'
import { incidentFor, incidentWith } from './which-incident.ts'

const iso = (minute: number) => minutesLater(minute).toISOString()
type Given = readonly [minute: number, action: string, body: Record<string, unknown>]

const alert = (minute: number, event: string, over: Record<string, unknown> = {}): Given => [
  minute,
  'alert',
  {
    event,
    findingKey: 'error-rate:application/shop',
    checkId: 'error-rate',
    openedAt: iso(2),
    happenedAt: iso(minute),
    severity: 'critical',
    summary: 'shop fails',
    by: null,
    because: null,
    ...over,
  },
]
const text = { text: 'rolled back' }
const review = {
  happened: 'a release',
  impact: 'one in five',
  rootCause: 'no plan check',
  wentWell: ['paged at once'],
  wentBadly: [],
  actionItems: [
    { text: 'add plan-check', owner: 'ada', due: '2026-12-01' },
    { text: 'drill', owner: 'bob', due: '2026-12-09' },
  ],
}
const OPENED: Given = [
  3,
  'opened',
  { title: 'shop fails', severity: 'critical', startedAt: iso(0), by: 'rule' },
]

function record(...given: readonly Given[]): GovernanceRecord {
  const entries = given.map(
    ([minute, action, body], seq): RecordEntry => ({
      seq,
      at: minutesLater(minute),
      actor: 'ada',
      action,
      body,
    }),
  )
  return { kind: 'incident', number: 7, targetId: 'shop', origin: 'alert:x', entries }
}
const incident = (...given: readonly Given[]) => incidentOf(record(OPENED, ...given))

test('times run from the start, but to acknowledge from the detection', () => {
  const is = incident(
    alert(3, 'opened'),
    alert(8, 'acknowledged', { by: 'ada' }),
    [20, 'mitigated', text],
    alert(31, 'resolved'),
    [32, 'resolved', { text: 'over', happenedAt: iso(31) }],
  )
  expect(is.state).toBe('resolved')
  expect(is.times).toEqual({
    startedAt: iso(0),
    detectedAt: iso(3),
    acknowledgedAt: iso(8),
    mitigatedAt: iso(20),
    recoveredAt: iso(31),
    toDetectMs: 3 * 60_000,
    toAcknowledgeMs: 5 * 60_000,
    toMitigateMs: 20 * 60_000,
    toRecoverMs: 31 * 60_000,
  })
})

test('the timeline is in order of when things happened', () => {
  const is = incident(
    [5, 'noted', { text: 'saw it' }],
    [
      9,
      'happened',
      { happenedAt: iso(-4), kind: 'deployment', subject: 'web', detail: 'version 1.4 to 1.5' },
    ],
    alert(10, 'escalated', { because: 'nobody has acknowledged it' }),
  )
  expect(is.timeline.map(({ at, text, kind }) => [at, kind, text])).toEqual([
    [iso(-4), 'happened', 'deployment, web: version 1.4 to 1.5'],
    [iso(3), 'person', 'Incident opened: shop fails'],
    [iso(5), 'person', 'saw it'],
    [iso(10), 'alert', 'Escalated (nobody has acknowledged it): shop fails'],
  ])
})

test('the worst of its alerts is its severity, and each has its own state', () => {
  const other = { findingKey: 'low-cache-hit:database/shop', checkId: 'low-cache-hit', severity: 'warning' }
  const is = incident(
    alert(3, 'opened', { severity: 'warning' }),
    alert(4, 'opened', other),
    alert(5, 'worsened'),
    alert(6, 'acknowledged', { by: 'ada' }),
    alert(7, 'escalated'),
    alert(9, 'resolved', other),
  )
  expect(is.severity).toBe('critical')
  expect(is.alerts.map(({ checkId, state }) => [checkId, state])).toEqual([
    ['error-rate', 'acknowledged'],
    ['low-cache-hit', 'resolved'],
  ])
})

test('an alert that joins what was resolved opens it again; one of it that ends late does not', () => {
  const over: readonly Given[] = [alert(3, 'opened'), [10, 'resolved', text]]
  expect(incident(...over, alert(12, 'resolved')).state).toBe('resolved')
  const again = incident(...over, alert(12, 'opened', { openedAt: iso(12) }))
  expect(again).toMatchObject({ state: 'open', times: { recoveredAt: null, detectedAt: iso(3) } })
  expect(incident(...over, alert(12, 'worsened')).state).toBe('open')
  const warning = alert(12, 'opened', { openedAt: iso(12), severity: 'warning' })
  expect(incident(...over, warning)).toMatchObject({
    state: 'resolved',
    alerts: [{}, { severity: 'warning' }],
  })
})

test('roles, status and cause are the last that were written', () => {
  const is = incident(
    [4, 'role-taken', { role: 'commander', name: 'ada' }],
    [5, 'role-taken', { role: 'commander', name: 'bob' }],
    [6, 'status-told', { text: 'one in five' }],
    [7, 'cause-found', { text: 'an index is gone' }],
  )
  expect(is).toMatchObject({ commander: 'bob', status: 'one in five', cause: 'an index is gone' })
  expect(is.roles).toHaveLength(1)
})

test('a review ends it with action items, which are done one by one', () => {
  const reviewed: readonly Given[] = [
    [10, 'resolved', text],
    [60, 'reviewed', { review }],
  ]
  expect(incident(...reviewed)).toMatchObject({ state: 'reviewed', openItems: 2, cause: 'no plan check' })
  const done = incident(...reviewed, [90, 'action-done', { item: 1, text: 'held' }])
  expect(done).toMatchObject({ openItems: 1 })
  expect(done.review!.actionItems[1]).toMatchObject({ doneAt: iso(90), doneBy: 'ada' })
})

test.each<readonly [string, readonly Given[], RegExp]>([
  [
    'mitigated when it is over',
    [
      [5, 'resolved', text],
      [6, 'mitigated', text],
    ],
    /It is resolved/,
  ],
  [
    'resolved twice',
    [
      [5, 'resolved', text],
      [6, 'resolved', text],
    ],
    /It is resolved/,
  ],
  ['reviewed while it lasts', [[5, 'reviewed', { review }]], /It is open/],
  [
    'reviewed twice',
    [
      [5, 'resolved', text],
      [6, 'reviewed', { review }],
      [7, 'reviewed', { review }],
    ],
    /It is reviewed/,
  ],
  ['reopened while it is open', [[5, 'reopened', text]], /It is open/],
  [
    'reopened after its review',
    [
      [5, 'resolved', text],
      [6, 'reviewed', { review }],
      [7, 'reopened', text],
    ],
    /Open another|reviewed/,
  ],
  [
    'joined after its review',
    [[5, 'resolved', text], [6, 'reviewed', { review }], alert(7, 'opened')],
    /It is reviewed/,
  ],
  ['done with before it is reviewed', [[5, 'action-done', { item: 0, text: '' }]], /not reviewed/],
  [
    'done with an item that it has not',
    [
      [5, 'resolved', text],
      [6, 'reviewed', { review }],
      [7, 'action-done', { item: 4, text: '' }],
    ],
    /has 2 action items/,
  ],
  ['given another opening', [OPENED], /no entry of an incident/],
])('is not %s', (_, given, why) => {
  expect(() => incident(...given)).toThrow(
    expect.objectContaining({
      code: 'record-changed',
      detail: expect.stringMatching(why),
      hint: expect.any(String),
    }),
  )
})

test('an item is done once', () => {
  const reviewed: readonly Given[] = [
    [10, 'resolved', text],
    [60, 'reviewed', { review }],
  ]
  const done: Given = [90, 'action-done', { item: 0, text: '' }]
  expect(() => incident(...reviewed, done, done)).toThrow(
    expect.objectContaining({ detail: '"add plan-check" was done by ada.' }),
  )
})

test('an alert joins what is near in time, what has its finding, and what ended just before; else none', () => {
  const within = 15 * 60_000
  const open = incident(alert(3, 'opened'))
  const other = (minute: number) => ({ findingKey: 'low-cache-hit:x', openedAt: minutesLater(minute) })
  expect(incidentFor(other(17), [open], within)).toBe(open)
  expect(incidentFor(other(19), [open], within)).toBeNull()
  expect(incidentFor({ ...other(500), findingKey: 'error-rate:application/shop' }, [open], within)).toBe(open)
  const over = incident(alert(3, 'opened'), [60, 'resolved', text])
  expect(incidentFor(other(70), [over], within)).toBe(over)
  expect(incidentFor(other(80), [over], within)).toBeNull()
  // told late, though it began in its middle
  expect(incidentFor(other(30), [over], within)).toBe(over)
  const reviewed = incident(alert(3, 'opened'), [60, 'resolved', text], [61, 'reviewed', { review }])
  expect(incidentFor(other(62), [reviewed], within)).toBeNull()
  expect(incidentWith({ findingKey: 'error-rate:application/shop', openedAt: minutesLater(2) }, [over])).toBe(
    over,
  )
  expect(
    incidentWith({ findingKey: 'error-rate:application/shop', openedAt: minutesLater(70) }, [over]),
  ).toBeNull()
})

test('it began when evidence dates its outbreak, within a day before it was seen', () => {
  const since = (value: string) => openFinding({ evidence: [{ label: 'since', value }] })
  expect(beganAt(since(iso(-5)))).toEqual(minutesLater(-5))
  expect(beganAt(since(iso(5)))).toEqual(AT)
  expect(beganAt(since(iso(-2_000)))).toEqual(AT)
  expect(beganAt(since('the last vacuum'))).toEqual(AT)
})
