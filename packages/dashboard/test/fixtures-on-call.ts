// A made-up team on call: a stand-in, an override that is in force, a gap, a hand-off that nobody has read.

import { handOffDraftWire, type OnCallWire, onCallWire } from '../../pgsteward/src/model/wire.ts'
import { ago, HOSTILE } from './fixtures.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()

const PEOPLE = [
  { id: 'anna', name: 'Anna Weber', timeZone: 'Europe/Berlin' },
  { id: 'ben', name: 'Ben Okafor', timeZone: 'Africa/Lagos' },
  { id: 'cem', name: `Cem ${HOSTILE}`, timeZone: 'Europe/Istanbul' },
]
const duty = (person: number, because = '', isReachable = true) => ({
  person: PEOPLE[person]!.id,
  name: PEOPLE[person]!.name,
  because,
  isReachable,
})
const onDuty = (primary: ReturnType<typeof duty>, secondary: ReturnType<typeof duty>) => ({
  gap: null,
  rotation: 'round the clock',
  primary,
  secondary,
})

const summary: OnCallWire['handOffs'][number]['summary'] = {
  firing: [
    {
      targetId: 'messaging',
      findingKey: 'slow-route:route/messaging/GET /inbox',
      summary: 'GET /inbox of messaging answers slowly',
      severity: 'critical',
      openedAt: ago(3 * HOUR),
      acknowledgedBy: 'anna',
    },
  ],
  openFindings: { critical: 1, warning: 4 },
  happened: { opened: 9, resolved: 7, medianToAcknowledgeMs: 240_000, notAcknowledgedInTime: 1 },
  silences: [{ because: 'release 4.2', by: 'kim', until: inMs(HOUR) }],
}
const handOff = {
  from: 'anna',
  fromName: 'Anna Weber',
  to: 'ben',
  toName: 'Ben Okafor',
  shift: { from: ago(6 * DAY), until: inMs(DAY) },
  summary,
}
export const handOffDraft = handOffDraftWire.parse(handOff)

export function onCall(over: Partial<OnCallWire> = {}): OnCallWire {
  const shifts: OnCallWire['shifts'] = [
    {
      from: ago(HOUR),
      until: inMs(3 * HOUR),
      ...onDuty(duty(1, 'by override OVR-3'), duty(0, 'changed places by override OVR-3')),
    },
    { from: inMs(3 * HOUR), until: inMs(DAY), ...onDuty(duty(0), duty(1)) },
    { from: inMs(DAY), until: inMs(8 * DAY), ...onDuty(duty(1), duty(2, '', false)) },
    {
      from: inMs(8 * DAY),
      until: inMs(9 * DAY),
      gap: 'the shop is closed',
      rotation: 'round the clock',
      primary: null,
      secondary: null,
    },
    {
      from: inMs(9 * DAY),
      until: inMs(28 * DAY),
      ...onDuty(duty(2), duty(1, 'stands in for Anna Weber, who is away')),
    },
  ]
  return onCallWire.parse({
    now: {
      at: inMs(0),
      isConfigured: true,
      areOverridesKnown: true,
      current: shifts[0],
      next: shifts[1],
      escalation: [
        { level: 'L1', afterMs: 0, names: ['Ben Okafor'] },
        { level: 'L2', afterMs: 900_000, names: ['Anna Weber'] },
        { level: 'L3', afterMs: 900_000, names: ['Kim Sørensen'] },
      ],
    },
    timeZone: 'Europe/Berlin',
    people: PEOPLE,
    shifts,
    overrides: [
      {
        id: 'OVR-2',
        role: 'primary',
        person: 'cem',
        personName: PEOPLE[2]!.name,
        from: ago(9 * DAY),
        until: ago(8 * DAY),
        madeBy: 'kim',
        madeAt: ago(9 * DAY),
        because: HOSTILE,
        withdrawnBy: 'cem',
        isAhead: false,
      },
      {
        id: 'OVR-3',
        role: 'primary',
        person: 'ben',
        personName: 'Ben Okafor',
        from: ago(HOUR),
        until: inMs(3 * HOUR),
        madeBy: 'anna',
        madeAt: ago(HOUR),
        because: 'at the dentist',
        withdrawnBy: null,
        isAhead: true,
      },
    ],
    handOffs: [
      {
        ...handOff,
        id: 'HND-2',
        note: 'The import of Tuesday is still slow.',
        givenBy: 'anna',
        givenAt: ago(HOUR),
        acknowledged: null,
      },
      {
        ...handOff,
        id: 'HND-1',
        note: null,
        givenBy: 'ben',
        givenAt: ago(7 * DAY),
        acknowledged: { by: 'anna', at: ago(6 * DAY), note: null },
      },
    ],
    timeToAcknowledge: {
      days: 30,
      aimMs: 900_000,
      counted: 14,
      withinAim: 12,
      unanswered: 1,
      medianMs: 250_000,
    },
    ...over,
  })
}

const { now } = onCall()
export const NO_SCHEDULE: Partial<OnCallWire> = {
  now: { ...now, isConfigured: false, current: null, next: null, escalation: [] },
  timeZone: null,
  shifts: [],
  overrides: [],
  handOffs: [],
  timeToAcknowledge: null,
}
