// The configuration's section on Datadog, and the settings that it means.

import { z } from 'zod'
import type { DatadogSettings } from '../../export/datadog/datadog-settings.ts'
import { FEATURE_ROUTES } from '../../export/definitions.ts'
import { duration } from '../../model/units.ts'
import { newRelicSchema } from './newrelic-config.ts'

const handles = z
  .union([z.string().transform((each) => [each]), z.array(z.string())])
  .refine((each) => each.every((one) => /^@[^\s{}]+$/.test(one)), 'handles such as @slack-devops-alerts')
  .optional()

export const datadogSchema = z.strictObject({
  service: z
    .union([z.string().transform((each) => [each]), z.array(z.string().min(1))])
    .prefault([])
    .describe('service.name of the applications that are watched; none: all that report.'),
  // the same applications have the same routes, whoever watches them
  routes: newRelicSchema.shape.routes,
  notify: z
    .strictObject({
      'devops-alerts': handles.describe('Latency, errors, database.'),
      support: handles.describe('Delivery of messages.'),
      finance: handles.describe('Latency of billing.'),
      payments: handles.describe('Charges that fail.'),
    })
    .prefault({})
    .describe('Handles as Datadog knows them, such as @slack-devops-alerts. Without one, nobody is told.'),
  renotify: z
    .union([z.literal(false), duration().refine((ms) => ms >= 600_000 && ms <= 86_400_000, '10m to 24h')])
    .prefault('4h')
    .describe('Alerts that stand are told again, as pgsteward itself does; false: never.'),
  runbooks: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Where you keep the pages of the checks (docs/checks); alerts link to them. Default: no links.',
    ),
})
export type DatadogConfig = z.output<typeof datadogSchema>

/** Absent: that of an empty section. */
export function datadogSettings(config: DatadogConfig = datadogSchema.parse({})): DatadogSettings {
  const { auth, messages, conversations, billing } = config.routes
  const { 'devops-alerts': devops, support, finance, payments } = config.notify
  return {
    services: config.service,
    routes: {
      auth: auth ?? FEATURE_ROUTES.auth,
      messages: messages ?? FEATURE_ROUTES.messages,
      conversations: conversations ?? FEATURE_ROUTES.conversations,
      billing: billing ?? FEATURE_ROUTES.billing,
    },
    notify: {
      ...(devops === undefined ? {} : { 'devops-alerts': devops }),
      ...(support === undefined ? {} : { support }),
      ...(finance === undefined ? {} : { finance }),
      ...(payments === undefined ? {} : { payments }),
    },
    runbooks: config.runbooks?.replace(/\/+$/, '') ?? null,
    renotifyMinutes: config.renotify === false ? 0 : Math.round(config.renotify / 60_000),
  }
}
