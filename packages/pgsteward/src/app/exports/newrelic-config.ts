// The configuration's section on New Relic, and the settings that it means.

import { z } from 'zod'
import { FEATURE_ROUTES } from '../../export/definitions.ts'
import { NERDGRAPH_URL, type Region } from '../../export/newrelic/regions.ts'
import type { NewRelicSettings } from '../../export/newrelic/wanted.ts'
import { limitsSchema } from './limits-config.ts'

const REGIONS = Object.keys(NERDGRAPH_URL) as [Region, ...Region[]]

const channelSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('email'),
    to: z
      .union([z.email().transform((each) => [each]), z.array(z.email()).min(1)])
      .describe('One mailbox or several.'),
  }),
  z.strictObject({
    type: z.literal('webhook'),
    url: z.url({ protocol: /^https$/ }).describe('It may be a secret: take it from the environment.'),
  }),
  z.strictObject({
    type: z.literal('slack'),
    destinationId: z
      .string()
      .min(1)
      .describe('Of a workspace that was connected in New Relic: Alerts, Destinations.'),
    channelId: z.string().min(1).describe("Slack's id of the channel: C01ABCDEF."),
  }),
  z.strictObject({
    type: z.literal('pagerduty'),
    destinationId: z
      .string()
      .min(1)
      .describe('Of a service that was connected in New Relic: Alerts, Destinations.'),
  }),
])

const patterns = (names: string) =>
  z.array(z.string().min(1)).min(1).optional().describe(`${names}. Default: common names of such paths.`)

export const newRelicSchema = z.strictObject({
  accountId: z.number().int().positive().describe('Of the account that gets policies and dashboards.'),
  apiKey: z
    .string()
    .min(1)
    .optional()
    .describe('A user key (NRAK-...). Default: NEW_RELIC_API_KEY of the environment, where it belongs.'),
  region: z.enum(REGIONS).prefault('us').describe("The account's data centre."),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Of NerdGraph behind a proxy. Default: the region's."),
  service: z
    .union([z.string().transform((each) => [each]), z.array(z.string().min(1))])
    .prefault([])
    .describe('service.name of the applications that are watched; none: all that report.'),
  mark: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'letters, digits and dashes, 31 at most')
    .prefault('pgsteward')
    .describe(
      'In the names of all that is made, by which it is found again; one for each installation in an account.',
    ),
  routes: z
    .strictObject({
      auth: patterns('Patterns of http.route that sign people in, in which * stands for anything'),
      messages: patterns('Patterns of routes that send messages'),
      conversations: patterns('Patterns of routes that show conversations'),
      billing: patterns('Patterns of routes that charge'),
    })
    .prefault({})
    .describe('What belongs to which feature, where paths have other names than most.'),
  limits: limitsSchema,
  channels: z
    .strictObject({
      'devops-alerts': channelSchema.optional().describe('Latency, errors, database.'),
      support: channelSchema.optional().describe('Delivery of messages.'),
      finance: channelSchema.optional().describe('Latency of billing.'),
      payments: channelSchema.optional().describe('Charges that fail.'),
    })
    .prefault({})
    .describe('Who is told, by workflows. Without one, issues are opened and nobody hears of them.'),
  runbooks: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Where you keep the pages of the checks (docs/checks); alerts link to them. Default: no links.',
    ),
})
export type NewRelicConfig = z.output<typeof newRelicSchema>

export function newRelicSettings(config: NewRelicConfig): NewRelicSettings {
  const { auth, messages, conversations, billing } = config.routes
  const { 'devops-alerts': devops, support, finance, payments } = config.channels
  return {
    accountId: config.accountId,
    mark: config.mark,
    services: config.service,
    routes: {
      auth: auth ?? FEATURE_ROUTES.auth,
      messages: messages ?? FEATURE_ROUTES.messages,
      conversations: conversations ?? FEATURE_ROUTES.conversations,
      billing: billing ?? FEATURE_ROUTES.billing,
    },
    limits: config.limits,
    channels: {
      ...(devops === undefined ? {} : { 'devops-alerts': devops }),
      ...(support === undefined ? {} : { support }),
      ...(finance === undefined ? {} : { finance }),
      ...(payments === undefined ? {} : { payments }),
    },
    runbooks: config.runbooks?.replace(/\/+$/, '') ?? null,
  }
}
