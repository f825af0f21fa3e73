// The configuration's section on maintenance: when it may run, what needs a person, when it steps aside, and what it does by itself.

import { z } from 'zod'
import { STEP_KINDS } from '../../model/maintenance.ts'
import { duration } from '../../model/units.ts'
import { minuteOfDay, WEEKDAYS } from '../../stats/weekly-window.ts'
import { timeZoneName } from '../config/time-zone.ts'

const time = () => z.string().refine((text) => minuteOfDay(text) !== null, 'a time such as 02:00')

export const maintenanceSchema = z.strictObject({
  windows: z
    .array(
      z.strictObject({
        days: z
          .array(z.enum(WEEKDAYS))
          .min(1)
          .prefault([...WEEKDAYS])
          .describe('On which it begins; it may end on the day after. Default: every day.'),
        from: time().prefault('02:00').describe('As HH:MM.'),
        to: time().prefault('05:00').describe('As HH:MM. What still runs then is cancelled and tried again.'),
        timeZone: timeZoneName().describe('Of those times, as IANA names it: Europe/Berlin.'),
      }),
    )
    .min(1)
    .prefault([{}])
    .describe('When anything may be changed. Default: 02:00 to 05:00 every day, UTC.'),
  blackouts: z
    .array(
      z
        .strictObject({
          from: z.iso
            .datetime({ offset: true })
            .describe('With its offset from UTC: 2026-11-27T00:00:00+01:00.'),
          to: z.iso.datetime({ offset: true }).describe('Alike.'),
          because: z.string().min(1).describe('Shown where maintenance waits.'),
        })
        .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], error: 'after from' }),
    )
    .prefault([])
    .describe('Spells without maintenance, whatever the windows say: sales, year-end closing.'),
  approval: z
    .array(
      z.strictObject({
        kinds: z
          .array(z.enum(STEP_KINDS))
          .optional()
          .describe('Of jobs. Default: every kind. For vacuum-full no rule decides, whatever stands here.'),
        labels: z
          .record(z.string(), z.string())
          .prefault({})
          .describe("Of targets, such as environment: 'staging'. Default: every target."),
        by: z
          .enum(['person', 'rule'])
          .describe('rule: this rule itself decides, which is recorded. person: it waits for somebody.'),
      }),
    )
    .prefault([{ kinds: ['analyze', 'vacuum'], by: 'rule' }])
    .describe(
      'Who decides: the first rule that fits every statement of a job. None fits: a person. Default: ANALYZE and VACUUM need nobody.',
    ),
  giveWay: z
    .strictObject({
      blocked: duration()
        .prefault('300ms')
        .describe(
          'Somebody waits for a lock of ours as long: cancelled. Looked at every 150 ms, so nobody waits for half a second.',
        ),
      activeSessions: z
        .number()
        .int()
        .min(1)
        .prefault(20)
        .describe('More sessions at work than this: not begun, or cancelled.'),
      replayLag: duration().prefault('30s').describe('A standby is further behind: not begun, or cancelled.'),
    })
    .prefault({})
    .describe('When maintenance steps aside. What was cancelled is tried again, after a minute at first.'),
  waitFor: duration()
    .prefault('10m')
    .describe(
      "How long a concurrent build waits for old transactions, which stands in nobody's way. Then it gives up for this time.",
    ),
  pgRepack: z
    .string()
    .min(1)
    .prefault('pg_repack')
    .describe(
      "pg_repack's client program, of the extension's version: a whole path where it lies neither in /usr/bin nor where packages of PostgreSQL put it.",
    ),
  analyze: z
    .strictObject({
      every: duration().prefault('1d').describe('Within a window.'),
      tables: z.array(z.string()).prefault([]).describe('schema.table: always, however little changed.'),
      changedShare: z
        .number()
        .min(0)
        .max(1)
        .prefault(0.02)
        .describe(
          'Of the rows changed since the last ANALYZE: a hot table. autovacuum waits for a tenth, and a day of growth at the end of a range is less.',
        ),
    })
    .or(z.literal(false))
    .prefault({})
    .describe('ANALYZE of hot tables; false: never by itself.'),
  vacuum: z
    .strictObject({ every: duration().prefault('7d').describe('Within a window.') })
    .or(z.literal(false))
    .prefault({})
    .describe('VACUUM of every table that has anything to clean or to freeze; false: never by itself.'),
  rebuild: z
    .strictObject({
      every: duration().prefault('30d').describe('Of the same index or table, at the most often.'),
    })
    .or(z.literal(false))
    .prefault({})
    .describe(
      'Proposes to rebuild indexes that bloated-index found, and tables of bloated-table where the server has REPACK CONCURRENTLY or pg_repack; false: never by itself.',
    ),
  partitions: z
    .strictObject({
      every: duration().prefault('1d').describe('Of the same table.'),
      ahead: z
        .int()
        .positive()
        .prefault(3)
        .describe('Partitions that are to lie beyond now, or beyond the last number of the key.'),
      keepMonths: z
        .record(z.string(), z.int().positive())
        .prefault({})
        .describe(
          'By schema.table: partitions that ended as long ago are detached, never dropped. Tables that are not named keep all.',
        ),
    })
    .or(z.literal(false))
    .prefault(false)
    .describe(
      "Creates the next partitions of tables that are divided in regular steps, pg_partman's left to it. false: never by itself; what partitions-running-out finds is proposed all the same.",
    ),
})

export interface MaintenanceConfig extends z.output<typeof maintenanceSchema> {}
