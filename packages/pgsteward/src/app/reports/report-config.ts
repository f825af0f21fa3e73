// The configuration's section on reports, and what it means: which is due when, and goes where.

import { z } from 'zod'
import { duration } from '../../model/units.ts'
import type { AlertsConfig } from '../alerts/alert-config.ts'
import { timeZoneName } from '../config/time-zone.ts'
import { type ReportMoment, reportMoment, SCHEDULED_KINDS, type ScheduledKind } from './report-schedule.ts'

export const REPORT_FORMATS = ['md', 'html', 'json'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

const planOf = (kind: ScheduledKind, at: string, what: string) =>
  z
    .union([
      z.literal(false),
      z.strictObject({
        at: z
          .string()
          .refine((text) => reportMoment(kind, text) !== null, `a moment such as ${at}`)
          .prefault(at)
          .describe(`When it is made: ${at}.`),
        channels: z.array(z.string()).prefault([]).describe('Names under alerts.channels.'),
      }),
    ])
    .prefault({})
    .describe(`${what}; false: not made by itself.`)

export const reportsSchema = z.strictObject({
  folder: z
    .string()
    .optional()
    .describe('Where they are written, as TARGET/KIND/PERIOD. Default: in the store alone.'),
  formats: z
    .array(z.enum(REPORT_FORMATS))
    .min(1)
    .prefault([...REPORT_FORMATS])
    .describe('Of the files.'),
  keepFiles: z
    .union([z.literal(false), duration()])
    .prefault(false)
    .describe('Files older than this are removed; false: none is ever.'),
  keep: duration()
    .prefault('1100d')
    .describe('In the store: three years, so that a month can be laid beside the same one of two years.'),
  timeZone: timeZoneName().describe(
    'In which days, weeks and months begin, and moments are told, as IANA names it.',
  ),
  daily: planOf('daily', '07:30', 'Of yesterday'),
  weekly: planOf('weekly', 'Mon 09:00', 'Of last week, Monday to Sunday'),
  monthly: planOf('monthly', '1 09:00', 'Of last month'),
  'index-health': planOf('index-health', 'Mon 09:00', 'Of last week'),
  optimization: planOf('optimization', '1 09:00', 'Of last month'),
})
export type ReportsConfig = z.output<typeof reportsSchema>

/** Those that may be told of a report: a pager is for what can't wait. */
const TAKERS: ReadonlySet<string> = new Set(['slack', 'email', 'webhook'])

/** Channels that are unknown or take no reports. Empty: all is well. */
export function reportIssues(
  reports: ReportsConfig,
  channels: AlertsConfig['channels'],
): readonly { readonly path: (string | number)[]; readonly message: string }[] {
  return SCHEDULED_KINDS.flatMap((kind) => {
    const plan = reports[kind]
    if (plan === false) return []
    return plan.channels.flatMap((name, at) => {
      const path = ['reports', kind, 'channels', at]
      const channel = Object.hasOwn(channels, name) ? channels[name] : undefined
      if (channel === undefined) return [{ path, message: `"${name}" is no channel under alerts.channels` }]
      if (TAKERS.has(channel.type)) return []
      return [
        { path, message: `"${name}" pages people (${channel.type}): reports go to slack, email or webhook` },
      ]
    })
  })
}

export interface ReportPlan {
  readonly kind: ScheduledKind
  readonly at: ReportMoment
  readonly channels: readonly string[]
}

export function reportPlans(reports: ReportsConfig): readonly ReportPlan[] {
  return SCHEDULED_KINDS.flatMap((kind) => {
    const plan = reports[kind]
    return plan === false ? [] : [{ kind, at: reportMoment(kind, plan.at)!, channels: plan.channels }]
  })
}
