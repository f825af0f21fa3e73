import { expect, test } from 'vitest'
import { onCallAt } from '../../govern/on-call/on-call-at.ts'
import { configSchema } from '../config/config-schema.ts'
import { scheduleOf } from './schedule-of.ts'

const TEAM = {
  anna: { name: 'Anna Weber', timeZone: 'Europe/Berlin' },
  ben: { name: 'Ben Okafor' },
  cem: { name: 'Cem Yilmaz' },
}
const since = '2026-01-01'
const read = (input: Record<string, unknown>) => configSchema([]).safeParse({ team: TEAM, ...input })
const refusals = (input: Record<string, unknown>) => {
  const { error } = read(input)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}
const scheduled = (input: Record<string, unknown>) => {
  const { team, onCall } = read(input).data!
  return scheduleOf(team, onCall!)
}

test('a week from Monday at nine is the default, from the first Monday on', () => {
  const schedule = scheduled({
    onCall: { timeZone: 'Europe/Berlin', rotations: [{ people: ['anna', 'ben'], since }] },
  })
  expect(schedule.rotations[0]).toMatchObject({
    shiftDays: 7,
    firstDate: '2026-01-05',
    handOffMinute: 540,
    timeZone: 'Europe/Berlin',
    hours: null,
    secondary: null,
  })
  expect(onCallAt(schedule, [], new Date('2026-01-05T08:00:00Z')).primary?.person).toBe('anna')
})

test('a shift of days begins on the day that is named', () => {
  const schedule = scheduled({
    onCall: { rotations: [{ people: ['anna', 'ben'], since, shift: '1d', handOff: { at: '20:00' } }] },
  })
  expect(schedule.rotations[0]).toMatchObject({ shiftDays: 1, firstDate: since, handOffMinute: 1_200 })
})

test('days of absence are whole days where the person lives', () => {
  const { absences } = scheduled({
    team: { ...TEAM, anna: { ...TEAM.anna, away: [{ from: '2026-12-24', until: '2026-12-24' }] } },
    onCall: { rotations: [{ people: ['anna', 'ben'], since }] },
  })
  expect(absences).toEqual([
    { person: 'anna', from: new Date('2026-12-23T23:00:00Z'), until: new Date('2026-12-24T23:00:00Z') },
  ])
})

test('hours and gaps take the time zone of what they belong to', () => {
  const { rotations, gaps } = scheduled({
    onCall: {
      timeZone: 'Europe/Berlin',
      rotations: [
        {
          name: 'asia',
          people: ['anna', 'ben'],
          since,
          timeZone: 'Asia/Tokyo',
          hours: [{ from: '09:00', to: '17:00' }],
        },
        { people: ['ben', 'cem'], since },
      ],
      weeklyGaps: [{ because: 'nobody works', days: ['sun'], from: '00:00', to: '24:00' }],
      gaps: [{ because: 'closed', from: '2026-12-24T12:00:00+01:00', until: '2026-12-27T00:00:00+01:00' }],
    },
  })
  expect(rotations[0]!.hours![0]!.timeZone).toBe('Asia/Tokyo')
  expect(gaps).toEqual([
    {
      because: 'nobody works',
      weekly: { days: ['sun'], fromMinute: 0, toMinute: 1_440, timeZone: 'Europe/Berlin' },
    },
    {
      because: 'closed',
      spell: { from: new Date('2026-12-24T11:00:00Z'), until: new Date('2026-12-26T23:00:00Z') },
    },
  ])
})

test.each([
  [
    'somebody who is not in the team',
    { rotations: [{ people: ['anna', 'zoe'], since }] },
    'onCall.rotations.0.people: zoe is not in the team; there are: anna, ben, cem',
  ],
  [
    'one person alone',
    { rotations: [{ people: ['anna'], secondary: ['anna'], since }] },
    'onCall.rotations.0.people: a primary and a secondary are two people',
  ],
  [
    'hours of the last rotation',
    { rotations: [{ people: ['anna', 'ben'], since, hours: [{ from: '09:00', to: '17:00' }] }] },
    'onCall.rotations.0.hours: the last rotation has what is left; when nobody is to be called belongs into onCall.weeklyGaps',
  ],
  [
    'a rotation that hides the next',
    {
      rotations: [
        { name: 'one', people: ['anna', 'ben'], since },
        { people: ['anna', 'ben'], since },
      ],
    },
    'onCall.rotations.0.hours: without hours, the rotations after it have no turn',
  ],
  [
    'a weekday of a shift of days',
    { rotations: [{ people: ['anna', 'ben'], since, shift: '3d', handOff: { on: 'mon' } }] },
    'onCall.rotations.0.handOff.on: a weekday needs a shift of whole weeks: 7d, 14d',
  ],
  [
    'half a day',
    { rotations: [{ people: ['anna', 'ben'], since, shift: '12h' }] },
    'onCall.rotations.0.shift: whole days or weeks: 1d, 7d, 2w',
  ],
  [
    'an executive from elsewhere',
    { rotations: [{ people: ['anna', 'ben'], since }], escalation: { executive: { people: ['zoe'] } } },
    'onCall.escalation.executive.people: zoe is not in the team; there are: anna, ben, cem',
  ],
])('refuses %s', (_, onCall, said) => {
  expect(refusals({ onCall })).toContain(said)
})

test('refuses a channel that is not there, and two escalations', () => {
  expect(refusals({ team: { anna: { name: 'Anna', channels: ['phone'] } } })).toEqual([
    'team.anna.channels: there is no channel phone; there are: none',
  ])
  expect(
    refusals({
      alerts: {
        channels: {
          hook: { type: 'webhook', url: 'http://127.0.0.1:9/', secret: 'a-secret-of-some-length' },
        },
        escalation: [{ after: '15m', channels: ['hook'] }],
      },
      onCall: { rotations: [{ people: ['anna', 'ben'], since }] },
    }),
  ).toEqual(['alerts.escalation: onCall.escalation says who is told next: leave one of the two out'])
})
