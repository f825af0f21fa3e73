// The configuration's section on the server: where it listens, who may ask, how often, for how long.

import { z } from 'zod'
import { duration } from '../../model/units.ts'

const DAY_MS = 86_400_000
const token = () => z.string().min(16, 'at least 16 characters').optional()

export const serverSchema = z.strictObject({
  host: z
    .string()
    .prefault('127.0.0.1')
    .describe(
      'Address to listen on. Beyond loopback every request needs a token, or a session that began with one.',
    ),
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where people open the dashboard: alerts link to it. Default: no links.'),
  port: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .prefault(7432)
    .describe('Port of the dashboard and the API; 0 takes a free one.'),
  adminToken: token().describe(
    'Bearer token that may all. Default: made at the first start and kept in the store folder. Others are made by `pgsteward token create`.',
  ),
  token: token().describe(
    'With which the command line asks a pgsteward beyond loopback: one of `pgsteward token create`. Default: adminToken.',
  ),
  ingestToken: token().describe(
    'Bearer token with which applications report (OTLP/HTTP). Default: made at the first start and kept in the store folder.',
  ),
  trustedProxies: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .prefault([])
    .describe(
      'Addresses or networks of the proxies in front, whose X-Forwarded-For and X-Forwarded-Proto are believed. Without them everybody behind a proxy has its address.',
    ),
  requestsPerMinute: z
    .number()
    .int()
    .min(10)
    .prefault(1200)
    .describe(
      'Of each token or session, beyond loopback. An open page of the dashboard asks some 60 times a minute; a script in a loop is stopped by this.',
    ),
  sessionIdle: duration()
    .refine((ms) => ms >= 60_000, 'at least 1m')
    .prefault('12h')
    .describe('A session that asks nothing for so long is over: a night. An open page asks all the time.'),
  sessionLongest: duration()
    .refine((ms) => ms >= 60_000, 'at least 1m')
    .prefault('7d')
    .describe('Whoever signed in does so again after a week at the latest.'),
  keepAudit: duration()
    .refine((ms) => ms >= 90 * DAY_MS, 'at least 90d: the store refuses to delete what is younger')
    .prefault('400d')
    .describe('The audit log: a year and a month.'),
})

export type ServerConfig = z.output<typeof serverSchema>
