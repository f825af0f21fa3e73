import { expect, test } from 'vitest'
import { onCallAt, shiftsBetween } from './on-call-at.ts'
import type { OnCallSchedule, OnCallShift, Override, Rotation } from './schedule.ts'

const at = (text: string) => new Date(text)
const week = (over: Partial<Rotation> = {}): Rotation => ({
  name: 'all',
  people: ['anna', 'ben', 'cem'],
  secondary: null,
  shiftDays: 7,
  firstDate: '2026-10-12',
  handOffMinute: 9 * 60,
  timeZone: 'Europe/Berlin',
  hours: null,
  ...over,
})
const schedule = (over: Partial<OnCallSchedule> = {}): OnCallSchedule => ({
  rotations: [week()],
  absences: [],
  gaps: [],
  ...over,
})
const pair = (given: OnCallSchedule, when: string, overrides: readonly Override[] = []) => {
  const { primary, secondary, gap } = onCallAt(given, overrides, at(when))
  return gap ?? `${primary?.person} ${secondary?.person}`
}
const lines = (shifts: readonly OnCallShift[]) =>
  shifts.map(({ from, until, primary, secondary, gap }) =>
    [
      from.toISOString().slice(0, 16),
      until.toISOString().slice(0, 16),
      gap ?? `${primary?.person} ${secondary?.person}`,
    ].join(' '),
  )
const override = (over: Partial<Override>): Override => ({
  name: 'OVR-1',
  role: 'primary',
  person: 'dora',
  from: at('2026-10-13T00:00:00Z'),
  until: at('2026-10-14T00:00:00Z'),
  ...over,
})

test('weeks follow one another at nine by the clock, an hour later in UTC once summer time is over', () => {
  const window = { from: at('2026-10-12T07:00:00Z'), until: at('2026-11-09T08:00:00Z') }
  expect(lines(shiftsBetween(schedule(), [], window))).toEqual([
    '2026-10-12T07:00 2026-10-19T07:00 anna ben',
    '2026-10-19T07:00 2026-10-26T08:00 ben cem',
    '2026-10-26T08:00 2026-11-02T08:00 cem anna',
    '2026-11-02T08:00 2026-11-09T08:00 anna ben',
  ])
})

test('the order reaches back before the first date', () => {
  expect(pair(schedule(), '2026-10-12T06:59:59Z')).toBe('cem anna')
  expect(pair(schedule(), '2026-09-28T07:00:00Z')).toBe('ben cem')
})

test('secondaries have an order of their own, and are never who is primary', () => {
  const own = schedule({ rotations: [week({ secondary: ['ben', 'eva'] })] })
  expect(pair(own, '2026-10-13T00:00:00Z')).toBe('anna ben')
  expect(pair(own, '2026-10-20T00:00:00Z')).toBe('ben eva')
  expect(pair(own, '2026-10-27T00:00:00Z')).toBe('cem ben')
})

test('whoever is away is stood in for by the next, and the secondary by the one after', () => {
  const absences = [{ person: 'anna', from: at('2026-10-14T00:00:00Z'), until: at('2026-10-15T00:00:00Z') }]
  const away = schedule({ absences })
  expect(pair(away, '2026-10-14T12:00:00Z')).toBe('ben cem')
  expect(onCallAt(away, [], at('2026-10-14T12:00:00Z')).primary).toEqual({
    person: 'ben',
    because: { kind: 'stand-in', for: 'anna' },
  })
  expect(
    lines(shiftsBetween(away, [], { from: at('2026-10-13T00:00:00Z'), until: at('2026-10-16T00:00:00Z') })),
  ).toEqual([
    '2026-10-13T00:00 2026-10-14T00:00 anna ben',
    '2026-10-14T00:00 2026-10-15T00:00 ben cem',
    '2026-10-15T00:00 2026-10-16T00:00 anna ben',
  ])
})

test('where all are away they are on call all the same, and it is said', () => {
  const spell = { from: at('2026-10-01T00:00:00Z'), until: at('2026-11-01T00:00:00Z') }
  const absences = ['anna', 'ben', 'cem'].map((person) => ({ person, ...spell }))
  const { primary, secondary } = onCallAt(schedule({ absences }), [], at('2026-10-13T00:00:00Z'))
  expect(primary).toEqual({ person: 'anna', because: { kind: 'nobody-else' } })
  expect(secondary).toEqual({ person: 'ben', because: { kind: 'nobody-else' } })
  // of another rotation somebody is there
  const more = schedule({ absences, rotations: [week(), week({ name: 'far', people: ['fay', 'gus'] })] })
  expect(pair(more, '2026-10-13T00:00:00Z')).toBe('fay gus')
})

test('hours hand over through the day, the last rotation has what is left', () => {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri'] as const
  const asia = week({
    name: 'asia',
    people: ['hiro', 'ines'],
    hours: [{ days, fromMinute: 9 * 60, toMinute: 17 * 60, timeZone: 'Asia/Tokyo' }],
  })
  const sun = schedule({ rotations: [asia, week()] })
  const window = { from: at('2026-10-15T22:00:00Z'), until: at('2026-10-17T22:00:00Z') }
  expect(lines(shiftsBetween(sun, [], window))).toEqual([
    '2026-10-15T22:00 2026-10-16T00:00 anna ben',
    '2026-10-16T00:00 2026-10-16T08:00 hiro ines',
    '2026-10-16T08:00 2026-10-17T22:00 anna ben',
  ])
})

test('a declared gap is nobody’s, until somebody overrides it', () => {
  const spell = { from: at('2026-10-13T00:00:00Z'), until: at('2026-10-15T00:00:00Z') }
  const closed = schedule({ gaps: [{ because: 'the shop is closed', spell }] })
  expect(pair(closed, '2026-10-13T12:00:00Z')).toBe('the shop is closed')
  expect(pair(closed, '2026-10-13T12:00:00Z', [override({})])).toBe('dora ben')
  expect(pair(closed, '2026-10-14T12:00:00Z', [override({})])).toBe('the shop is closed')
})

test('an override by whoever has the other role changes places', () => {
  expect(pair(schedule(), '2026-10-13T12:00:00Z', [override({ person: 'ben' })])).toBe('ben anna')
  expect(pair(schedule(), '2026-10-13T12:00:00Z', [override({ person: 'anna', role: 'secondary' })])).toBe(
    'ben anna',
  )
  expect(pair(schedule(), '2026-10-13T12:00:00Z', [override({ person: 'anna' })])).toBe('anna ben')
})

test('of two overrides the later changes what the earlier left', () => {
  const first = override({})
  const second = override({ name: 'OVR-2', role: 'secondary', person: 'dora' })
  expect(pair(schedule(), '2026-10-13T12:00:00Z', [first, second])).toBe('ben dora')
  expect(pair(schedule(), '2026-10-14T00:00:00Z', [first, second])).toBe('anna ben')
})

test('a hand-off at a time that the clocks skip happens once, as much later', () => {
  const nightly = schedule({
    rotations: [week({ shiftDays: 1, firstDate: '2026-03-27', handOffMinute: 150 })],
  })
  const window = { from: at('2026-03-28T00:00:00Z'), until: at('2026-03-30T12:00:00Z') }
  expect(lines(shiftsBetween(nightly, [], window)).map((line) => line.slice(0, 16))).toEqual([
    '2026-03-28T00:00',
    '2026-03-28T01:30',
    '2026-03-29T01:30',
    '2026-03-30T00:30',
  ])
})
