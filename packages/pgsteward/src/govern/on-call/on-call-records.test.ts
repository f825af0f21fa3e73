import { expect, test } from 'vitest'
import type { EntryDraft, GovernanceRecord, RecordKind } from '../../model/governance.ts'
import { onCallOf } from './escalation.ts'
import type { HandOffGiven } from './hand-off-entries.ts'
import { handOffState, refuseAcknowledgement } from './hand-off-state.ts'
import { overrideState, overridesOf, plannedSpell, refuseWithdrawal } from './override-state.ts'
import type { OnCallNow } from './schedule.ts'
import { timeToAcknowledge } from './time-to-acknowledge.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000)
const hours = (count: number) => minutes(count * 60)

function record(kind: RecordKind, number: number, ...entries: readonly EntryDraft[]): GovernanceRecord {
  return {
    kind,
    number,
    targetId: null,
    origin: null,
    entries: entries.map((each, seq) => ({ ...each, seq })),
  }
}
const made = (over: Record<string, unknown> = {}): EntryDraft => ({
  at: NOW,
  actor: 'anna',
  action: 'made',
  body: {
    role: 'primary',
    person: 'ben',
    from: hours(1).toISOString(),
    until: hours(5).toISOString(),
    because: 'at the dentist',
    ...over,
  },
})
const withdrawn = (at: Date): EntryDraft => ({
  at,
  actor: 'ben',
  action: 'withdrawn',
  body: { because: null },
})

test('an override holds from its beginning to its end', () => {
  const state = overrideState(record('override', 3, made()))
  expect(state).toMatchObject({
    name: 'OVR-3',
    person: 'ben',
    madeBy: 'anna',
    from: hours(1),
    until: hours(5),
  })
  expect(() => refuseWithdrawal(state, hours(2))).not.toThrow()
})

test('withdrawn while it is under way it has been until then; before, it has never been', () => {
  const under = record('override', 1, made(), withdrawn(hours(2)))
  const before = record('override', 2, made(), withdrawn(minutes(10)))
  expect(overrideState(under).until).toEqual(hours(2))
  expect(overridesOf([under, before]).map(({ name }) => name)).toEqual(['OVR-1'])
})

test('overrides come in the order in which they were made', () => {
  const late = record('override', 1, { ...made(), at: minutes(1) })
  expect(overridesOf([late, record('override', 2, made())]).map(({ name }) => name)).toEqual([
    'OVR-2',
    'OVR-1',
  ])
})

test('what is withdrawn or over is not withdrawn again', () => {
  const twice = overrideState(record('override', 1, made(), withdrawn(hours(2))))
  expect(() => refuseWithdrawal(twice, hours(3))).toThrow(
    expect.objectContaining({
      code: 'record-changed',
      detail: expect.stringContaining('ben has withdrawn it'),
    }),
  )
  const over = overrideState(record('override', 1, made()))
  expect(() => refuseWithdrawal(over, hours(5))).toThrow(
    expect.objectContaining({ code: 'record-changed', detail: expect.stringContaining('it was over') }),
  )
})

test('an override never reaches back, and has a near end', () => {
  expect(plannedSpell({ from: hours(-3), until: hours(1) }, NOW)).toEqual({ from: NOW, until: hours(1) })
  expect(plannedSpell({ from: null, until: hours(1) }, NOW).from).toEqual(NOW)
  expect(() => plannedSpell({ from: null, until: NOW }, NOW)).toThrow(
    expect.objectContaining({ code: 'usage' }),
  )
  expect(() => plannedSpell({ from: null, until: hours(93 * 24) }, NOW)).toThrow(
    expect.objectContaining({ code: 'usage' }),
  )
})

const given: HandOffGiven = {
  from: 'anna',
  to: 'ben',
  shift: { from: hours(-168).toISOString(), until: NOW.toISOString() },
  note: null,
  summary: {
    firing: [],
    openFindings: { critical: 0, warning: 2 },
    happened: { opened: 1, resolved: 1, medianToAcknowledgeMs: null, notAcknowledgedInTime: 0 },
    silences: [],
  },
}

test('a hand-off waits for who takes over, and is acknowledged once', () => {
  const opening = { at: NOW, actor: 'anna', action: 'given', body: { ...given } }
  const waits = handOffState(record('hand-off', 1, opening))
  expect(waits).toMatchObject({ name: 'HND-1', to: 'ben', acknowledged: null })
  expect(() => refuseAcknowledgement(waits)).not.toThrow()
  const read = { at: minutes(5), actor: 'ben', action: 'acknowledged', body: { note: 'thanks' } }
  const done = handOffState(record('hand-off', 1, opening, read))
  expect(done.acknowledged).toEqual({ by: 'ben', at: minutes(5), note: 'thanks' })
  expect(() => refuseAcknowledgement(done)).toThrow(expect.objectContaining({ code: 'record-changed' }))
})

test('the time to acknowledge: what was over before the aim does not count, what nobody answered does', () => {
  const alert = (acknowledgedMinute: number | null, resolvedMinute: number | null) => ({
    targetId: 'shop',
    findingKey: 'slow-route:x',
    toldAt: NOW,
    acknowledgedAt: acknowledgedMinute === null ? null : minutes(acknowledgedMinute),
    acknowledgedBy: acknowledgedMinute === null ? null : 'anna',
    resolvedAt: resolvedMinute === null ? null : minutes(resolvedMinute),
  })
  const all = [
    alert(2, 30),
    alert(15, null),
    alert(40, 60),
    alert(null, 5),
    alert(null, 16),
    alert(null, null),
  ]
  expect(timeToAcknowledge(all, 15 * 60_000, minutes(10))).toEqual({
    aimMs: 900_000,
    counted: 4,
    withinAim: 2,
    unanswered: 1,
    medianMs: 900_000,
  })
  expect(timeToAcknowledge(all, 15 * 60_000, minutes(16))).toMatchObject({ counted: 5, unanswered: 2 })
  expect(timeToAcknowledge([], 1, NOW)).toMatchObject({ counted: 0, medianMs: null })
  expect(timeToAcknowledge([alert(2, 3), alert(4, 5)], 1, NOW).medianMs).toBe(180_000)
})

test('each level tells its people, and a gap nobody', () => {
  const duty = (person: string) => ({ person, because: { kind: 'rotation' } as const })
  const pair: OnCallNow = { gap: null, rotation: 'all', primary: duty('anna'), secondary: duty('ben') }
  const reach = (person: string) => ({ name: person.toUpperCase(), channels: [`${person}-phone`] })
  const levels = [
    { afterMs: 0, role: 'primary' },
    { afterMs: 1, role: 'secondary' },
    { afterMs: 1, title: 'L3', people: [reach('cem'), reach('dora')] },
  ] as const
  const onCall = onCallOf(levels, () => pair, reach)
  expect(onCall(NOW, 0)).toEqual({ name: 'ANNA (primary)', channels: ['anna-phone'] })
  expect(onCall(NOW, 1)).toEqual({ name: 'BEN (secondary)', channels: ['ben-phone'] })
  expect(onCall(NOW, 2)).toEqual({ name: 'L3: CEM, DORA', channels: ['cem-phone', 'dora-phone'] })
  expect(onCall(NOW, 3)).toBeNull()
  const closed = onCallOf(
    levels,
    () => ({ gap: 'closed', rotation: 'all', primary: null, secondary: null }),
    reach,
  )
  expect([0, 1, 2].map((step) => closed(NOW, step))).toEqual([null, null, null])
})
