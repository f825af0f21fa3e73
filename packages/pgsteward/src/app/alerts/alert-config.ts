// The configuration's section on alerts, and what it means: policy, windows.

import { z } from 'zod'
import type { AlertMatch, AlertPolicy, Silence } from '../../model/alert.ts'
import { AREAS, SEVERITIES } from '../../model/finding.ts'
import { duration } from '../../model/units.ts'
import type { ChannelKind } from '../../notify/channel.ts'
import { isWithin, minuteOfDay, WEEKDAYS } from '../../stats/weekly-window.ts'
import { timeZoneName } from '../config/time-zone.ts'
import type { DigestPlan } from './digest-desk.ts'

const timeOfDay = (example: string) =>
  z.string().refine((text) => minuteOfDay(text) !== null, `a time such as ${example}`)

const secretUrl = z.url({ protocol: /^https?$/ })

/** Parameters of a mail URL that would lead around the guard on outgoing connections, or to a program of this machine. */
const AROUND = /[?&](proxy|socket|connection|getSocket|sendmail|streamTransport|jsonTransport|SES)(\.|=|&|$)/i

const channelSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('slack'),
    url: secretUrl.describe('Of an incoming webhook. It is a secret: take it from the environment.'),
  }),
  z.strictObject({
    type: z.literal('pagerduty'),
    routingKey: z
      .string()
      .length(32, 'an integration key has 32 characters')
      .describe('Of an Events API v2 integration.'),
    url: secretUrl.prefault('https://events.pagerduty.com/v2/enqueue').describe('For their EU service.'),
  }),
  z.strictObject({
    type: z.literal('email'),
    smtp: z
      .string()
      .refine((url) => !AROUND.test(url), 'mail goes to the server itself: no proxy, no other transport')
      .describe('smtp://USER:PASSWORD@HOST:587, or smtps://.'),
    from: z.string().min(3).describe('Sender, as mail servers know it: pgsteward <alerts@example.com>.'),
    to: z
      .union([z.string().transform((each) => [each]), z.array(z.string()).min(1)])
      .describe('One mailbox or several.'),
    digest: z
      .strictObject({
        at: timeOfDay('08:00').describe('When it comes: 08:00.'),
        timeZone: timeZoneName().describe('Of that time, as IANA names it: Europe/Berlin.'),
      })
      .optional()
      .describe('What stands and what happened since yesterday, once a day.'),
  }),
  z.strictObject({
    type: z.literal('webhook'),
    url: secretUrl.describe('Takes a POST of JSON. It may be a secret: take it from the environment.'),
    secret: z
      .string()
      .min(16, 'at least 16 characters')
      .describe('Signs each message (X-Pgsteward-Signature), so that the receiver knows who sent it.'),
  }),
  z.strictObject({
    type: z.literal('opsgenie'),
    apiKey: z
      .string()
      .min(1)
      .describe('Of an API integration. The vendor has announced its end for April 2027.'),
    url: secretUrl.prefault('https://api.opsgenie.com').describe('https://api.eu.opsgenie.com in the EU.'),
  }),
])
export type ChannelConfig = z.output<typeof channelSchema>

const matchShape = {
  targets: z.array(z.string()).optional().describe('Ids of targets; absent: all.'),
  areas: z.array(z.enum(AREAS)).optional().describe('Absent: all.'),
  checks: z.array(z.string()).optional().describe('Ids of checks; absent: all.'),
  findings: z.array(z.string()).optional().describe('Keys, in which * stands for anything.'),
}

const CHANNEL_NAME = /^[a-z0-9][a-z0-9_-]*$/i

export const alertsSchema = z
  .strictObject({
    channels: z
      .record(z.string().regex(CHANNEL_NAME, 'letters, digits, dash and underscore'), channelSchema)
      .prefault({})
      .describe('By name: Slack, PagerDuty, e-mail, webhooks, Opsgenie.'),
    routes: z
      .array(
        z.strictObject({
          ...matchShape,
          from: z.enum(SEVERITIES).prefault('warning').describe('The mildest severity that it takes.'),
          channels: z.array(z.string()).min(1).describe('Names under alerts.channels.'),
        }),
      )
      .optional()
      .describe(
        'Which findings go where; all that match are followed. Default: critical ones to channels that page, warnings to all others.',
      ),
    escalation: z
      .array(
        z.strictObject({
          after: duration().describe('Without an acknowledgement, since the opening or the step before.'),
          channels: z.array(z.string()).min(1).describe('Told then.'),
        }),
      )
      .prefault([])
      .describe('Of critical alerts.'),
    repeat: z
      .union([z.literal(false), duration()])
      .prefault('4h')
      .describe('Critical alerts that nobody acknowledges are told of again; false: never.'),
    windows: z
      .array(
        z.strictObject({
          ...matchShape,
          name: z.string().min(1).describe('Why it is silent: nightly import, release.'),
          days: z
            .array(z.enum(WEEKDAYS))
            .min(1)
            .prefault([...WEEKDAYS])
            .describe('On which it begins.'),
          from: timeOfDay('02:00').describe('When it begins: 02:00.'),
          to: timeOfDay('04:00').describe('When it ends; at or before `from`: on the day after.'),
          timeZone: timeZoneName().describe('Of those times, as IANA names it: Europe/Berlin.'),
        }),
      )
      .prefault([])
      .describe('Spells every week in which nobody is told; what is still there afterwards is told then.'),
  })
  .superRefine(({ channels, routes, escalation }, context) => {
    const lists = [
      ...(routes ?? []).map((route, at) => ({ names: route.channels, path: ['routes', at, 'channels'] })),
      ...escalation.map((step, at) => ({ names: step.channels, path: ['escalation', at, 'channels'] })),
    ]
    for (const { names, path } of lists)
      for (const name of names)
        if (!Object.hasOwn(channels, name))
          context.addIssue({
            code: 'custom',
            path,
            message: `there is no channel ${name}; there are: ${Object.keys(channels).join(', ') || 'none'}`,
          })
  })
export type AlertsConfig = z.output<typeof alertsSchema>

const PAGES: ReadonlySet<ChannelKind> = new Set(['pagerduty', 'opsgenie'])

export function policyOf(config: AlertsConfig): AlertPolicy {
  const names = (isPaging: boolean) =>
    Object.entries(config.channels)
      .filter(([, channel]) => PAGES.has(channel.type) === isPaging)
      .map(([name]) => name)
  return {
    routes: config.routes?.map(({ from, channels, ...match }) => ({
      match: given(match),
      from,
      channels,
    })) ?? [
      { match: {}, from: 'critical', channels: names(true) },
      { match: {}, from: 'warning', channels: names(false) },
    ],
    escalation: config.escalation.map(({ after, channels }) => ({ afterMs: after, channels })),
    repeatMs: config.repeat === false ? null : config.repeat,
  }
}

/** Mailboxes that want the daily digest. */
/** `allow`: as `outbound.allow` of the configuration. */
export function digestPlans({ channels }: AlertsConfig, allow: readonly string[]): readonly DigestPlan[] {
  return Object.entries(channels).flatMap(([channel, config]) =>
    config.type !== 'email' || config.digest === undefined
      ? []
      : [
          {
            channel,
            email: { ...config, allow },
            at: { minute: minuteOfDay(config.digest.at)!, timeZone: config.digest.timeZone },
          },
        ],
  )
}

/** The windows that are open at a moment, as silences. */
export function windowsAt(config: AlertsConfig, at: Date): readonly Silence[] {
  return config.windows
    .filter(({ days, from, to, timeZone }) =>
      isWithin({ days, fromMinute: minuteOfDay(from)!, toMinute: minuteOfDay(to)! % 1_440, timeZone }, at),
    )
    .map(({ name, days, from, to, timeZone, ...match }) => ({
      id: `window/${name}`,
      match: given(match),
      from: at,
      until: at,
      by: 'configuration',
      because: `window: ${name}`,
      createdAt: at,
      endedAt: null,
    }))
}

/** zod leaves parts that are absent as undefined. */
function given(match: { readonly [K in keyof AlertMatch]: AlertMatch[K] | undefined }): AlertMatch {
  return Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined))
}
