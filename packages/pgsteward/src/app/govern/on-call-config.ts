// The configuration's section on on-call: rotations, gaps, escalation.

import { z } from 'zod'
import { duration } from '../../model/units.ts'
import { minuteOfDay, WEEKDAYS } from '../../stats/weekly-window.ts'
import { ownTimeZoneName, timeZoneName } from '../config/time-zone.ts'
import type { TeamConfig } from './team-config.ts'

const DAY_MS = 86_400_000

const time = () => z.string().refine((text) => minuteOfDay(text) !== null, 'a time such as 09:00')
const people = () => z.array(z.string()).min(1)
const moment = () => z.iso.datetime({ offset: true })

const hoursShape = {
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .prefault([...WEEKDAYS])
    .describe('On which it begins; it may end on the day after. Default: every day.'),
  from: time().describe('As HH:MM.'),
  to: time().describe('As HH:MM; at or before `from`: on the day after.'),
  timeZone: ownTimeZoneName().describe("Default: the rotation's, or that of onCall."),
}

const rotationSchema = z
  .strictObject({
    name: z.string().min(1).prefault('round the clock').describe('Shown beside who is on call.'),
    people: people().describe('Ids of the team, in the order in which they are primary.'),
    secondary: people().optional().describe('An order of its own. Default: whoever is primary next.'),
    shift: duration()
      .refine((ms) => ms > 0 && ms % DAY_MS === 0, 'whole days or weeks: 1d, 7d, 2w')
      .prefault('7d')
      .describe('A week keeps a person in the matter, and leaves the others in peace.'),
    since: z.iso.date().describe('The day, or the first after it, on which the first of `people` begins.'),
    handOff: z
      .strictObject({
        at: time().prefault('09:00').describe('By the clocks of timeZone, summer and winter.'),
        on: z.enum(WEEKDAYS).optional().describe('Of shifts of whole weeks. Default: mon.'),
      })
      .prefault({})
      .describe('When one takes over from the other.'),
    timeZone: ownTimeZoneName().describe('Of the hand-off, as IANA names it. Default: that of onCall.'),
    hours: z
      .array(z.strictObject(hoursShape))
      .min(1)
      .optional()
      .describe('When it is their turn: the day, the weekend, the daylight of a place. Default: always.'),
  })
  .superRefine(({ shift, handOff }, context) => {
    if (handOff.on !== undefined && shift % (7 * DAY_MS) !== 0)
      context.addIssue({
        code: 'custom',
        path: ['handOff', 'on'],
        message: 'a weekday needs a shift of whole weeks: 7d, 14d',
      })
  })
export type RotationConfig = z.output<typeof rotationSchema>

const level = (who: string) =>
  z
    .strictObject({
      people: people().describe('Ids of the team.'),
      after: duration()
        .prefault('15m')
        .describe('Without an acknowledgement, since the level before was told.'),
    })
    .optional()
    .describe(who)

export const onCallSchema = z.strictObject({
  timeZone: timeZoneName().describe('Of hand-offs and hours that name none: Europe/Berlin.'),
  rotations: z
    .array(rotationSchema)
    .min(1)
    .describe(
      'The first whose hours it is has the turn. The last has no hours, so that no moment is left over.',
    ),
  gaps: z
    .array(
      z
        .strictObject({
          because: z.string().min(1).describe('Shown in place of a name.'),
          from: moment().describe('With its offset from UTC: 2026-12-24T12:00:00+01:00.'),
          until: moment().describe('Alike.'),
        })
        .refine(({ from, until }) => Date.parse(from) < Date.parse(until), {
          path: ['until'],
          error: 'after from',
        }),
    )
    .prefault([])
    .describe('When nobody is on call, and that is meant. Escalation waits until the gap is over.'),
  weeklyGaps: z
    .array(
      z.strictObject({ because: z.string().min(1).describe('Shown in place of a name.'), ...hoursShape }),
    )
    .prefault([])
    .describe('The same, every week: nights in which nobody works.'),
  escalation: z
    .strictObject({
      secondaryAfter: duration()
        .prefault('15m')
        .describe('L2: the secondary is told of critical alerts that the primary has not acknowledged.'),
      l3: level('L3: told next.'),
      executive: level('Told last.'),
    })
    .prefault({})
    .describe(
      'Who is told of critical alerts that nobody acknowledges. It stands in place of alerts.escalation.',
    ),
  acknowledgeWithin: duration()
    .prefault('15m')
    .describe(
      'The aim against which the time to acknowledge is shown: a common one for what wakes somebody.',
    ),
  calendarToken: z
    .string()
    .min(16, 'at least 16 characters')
    .optional()
    .describe(
      'Opens the calendar feed beyond loopback (?token=...), and nothing else: calendar programs send no header.',
    ),
})
export type OnCallConfig = z.output<typeof onCallSchema>

interface WithOnCall {
  readonly team: TeamConfig
  readonly onCall?: OnCallConfig | undefined
  readonly alerts: {
    readonly channels: Readonly<Record<string, unknown>>
    readonly escalation: readonly unknown[]
  }
}

type Issue = { readonly path: (string | number)[]; readonly message: string }

/** What no section can tell by itself: people and channels that are not there, a rotation that cannot be filled. */
export function onCallIssues({ team, onCall, alerts }: WithOnCall): readonly Issue[] {
  const channels = Object.keys(alerts.channels)
  const issues: Issue[] = Object.entries(team).flatMap(([id, person]) =>
    person.channels
      .filter((name) => !channels.includes(name))
      .map((name) => ({
        path: ['team', id, 'channels'],
        message: `there is no channel ${name}; there are: ${channels.join(', ') || 'none'}`,
      })),
  )
  if (onCall === undefined) return issues
  const { rotations, escalation } = onCall
  const ids = Object.keys(team)
  const unknown = (path: (string | number)[], named: readonly string[] = []) =>
    named
      .filter((id) => !ids.includes(id))
      .map((id) => ({ path, message: `${id} is not in the team; there are: ${ids.join(', ') || 'none'}` }))
  for (const [at, rotation] of rotations.entries()) {
    const path = ['onCall', 'rotations', at]
    const isLast = at === rotations.length - 1
    issues.push(
      ...unknown([...path, 'people'], rotation.people),
      ...unknown([...path, 'secondary'], rotation.secondary),
    )
    if (new Set([...rotation.people, ...(rotation.secondary ?? [])]).size < 2)
      issues.push({ path: [...path, 'people'], message: 'a primary and a secondary are two people' })
    if (isLast && rotation.hours !== undefined)
      issues.push({
        path: [...path, 'hours'],
        message:
          'the last rotation has what is left; when nobody is to be called belongs into onCall.weeklyGaps',
      })
    if (!isLast && rotation.hours === undefined)
      issues.push({ path: [...path, 'hours'], message: 'without hours, the rotations after it have no turn' })
    if (rotations.findIndex(({ name }) => name === rotation.name) !== at)
      issues.push({ path: [...path, 'name'], message: `there is another rotation ${rotation.name}` })
  }
  for (const step of ['l3', 'executive'] as const)
    issues.push(...unknown(['onCall', 'escalation', step, 'people'], escalation[step]?.people))
  if (alerts.escalation.length > 0)
    issues.push({
      path: ['alerts', 'escalation'],
      message: 'onCall.escalation says who is told next: leave one of the two out',
    })
  return issues
}
