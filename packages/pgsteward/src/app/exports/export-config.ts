// The configuration's section on what goes to other systems by itself.

import { z } from 'zod'
import { duration } from '../../model/units.ts'
import { datadogSchema } from './datadog-config.ts'
import { newRelicSchema } from './newrelic-config.ts'
import { sentrySchema } from './sentry-config.ts'

const otlpSchema = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/ })
    .describe('Of the receiver, without /v1/metrics: https://otlp.nr-data.net, http://127.0.0.1:4318.'),
  headers: z
    .record(z.string().regex(/^[\w-]+$/, 'letters, digits and dashes'), z.string())
    .prefault({})
    .describe("Sent with each request: the receiver's key. Take it from the environment."),
  every: duration()
    .refine((ms) => ms >= 5_000, 'at least 5s')
    .prefault('60s')
    .describe('The cadence of most receivers, and of our own readings; more often tells nothing new.'),
  temporality: z
    .enum(['cumulative', 'delta'])
    .prefault('cumulative')
    .describe(
      'Of counters and histograms. New Relic and Datadog want delta; Prometheus and Grafana Cloud cumulative.',
    ),
  protocol: z
    .enum(['http/protobuf', 'http/json'])
    .prefault('http/protobuf')
    .describe('Every receiver takes protobuf; JSON can be read by people.'),
  resource: z
    .record(z.string().min(1), z.string())
    .prefault({})
    .describe(
      "Attributes of everything sent, such as deployment.environment.name; service.name is pgsteward's.",
    ),
})
export type OtlpExportConfig = z.output<typeof otlpSchema>

export const exportsSchema = z.strictObject({
  otlp: otlpSchema.optional().describe('Send what /metrics tells to an OTLP receiver. Default: nowhere.'),
  sentry: sentrySchema
    .optional()
    .describe('Tell Sentry of slow queries and N+1 of applications. Default: nobody.'),
  datadog: datadogSchema
    .optional()
    .describe('What `pgsteward export datadog` writes monitors and dashboards for. Default: all services.'),
  newRelic: newRelicSchema
    .optional()
    .describe('What `pgsteward newrelic` makes there: policies, dashboards, workflows. Default: nothing.'),
})
export type ExportsConfig = z.output<typeof exportsSchema>
