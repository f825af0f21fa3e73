// The configuration's section on the team: who there is, how they are reached, when they are away.

import { z } from 'zod'
import { timeZoneName } from '../config/time-zone.ts'

export const PERSON_ID = /^[a-z0-9][a-z0-9._-]*$/i

export const teamSchema = z
  .record(
    z.string().regex(PERSON_ID, 'letters, digits, dot, dash and underscore'),
    z.strictObject({
      name: z.string().min(1).describe('As people say it: Anna Weber.'),
      email: z.email().optional().describe('Told in the calendar as the contact; alerts go to channels.'),
      timeZone: timeZoneName().describe('Where the person lives, as IANA names it: Europe/Berlin.'),
      channels: z
        .array(z.string())
        .prefault([])
        .describe('Names under alerts.channels by which this person alone is reached: a pager, a phone.'),
      away: z
        .array(
          z
            .strictObject({
              from: z.iso.date().describe('The first day: 2026-12-21.'),
              until: z.iso.date().describe('The last day.'),
            })
            .refine(({ from, until }) => from <= until, { path: ['until'], error: 'not before `from`' }),
        )
        .prefault([])
        .describe('Whole days in the own time zone: whoever comes next in the rotation stands in.'),
    }),
  )
  .prefault({})
  .describe('People, by an id of theirs.')

export type TeamConfig = z.output<typeof teamSchema>
