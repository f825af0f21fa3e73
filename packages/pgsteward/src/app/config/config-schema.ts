// The configuration: one schema gives type, validation, defaults and reference.

import { z } from 'zod'
import type { AnyCheck } from '../../model/check.ts'
import { duration, size } from '../../model/units.ts'
import { type ServerConfig, serverSchema } from '../access/server-config.ts'
import { type AlertsConfig, alertsSchema } from '../alerts/alert-config.ts'
import { type ProbeConfig, probeIssues, probeSchema } from '../availability/probe-config.ts'
import { type CapacityConfig, capacityIssues, capacitySchema } from '../capacity/capacity-config.ts'
import { type ExportsConfig, exportsSchema } from '../exports/export-config.ts'
import {
  type ChangesConfig,
  changesSchema,
  type ReviewsConfig,
  reviewsSchema,
} from '../govern/change-config.ts'
import { type IncidentsConfig, incidentsSchema } from '../govern/incident-config.ts'
import { type OnCallConfig, onCallIssues, onCallSchema } from '../govern/on-call-config.ts'
import { type TeamConfig, teamSchema } from '../govern/team-config.ts'
import { type MaintenanceConfig, maintenanceSchema } from '../maintenance/maintenance-config.ts'
import { type ReportsConfig, reportIssues, reportsSchema } from '../reports/report-config.ts'
import type { RuleConfig } from '../rules/rule-schema.ts'
import { rulesSchema } from '../rules/rules-schema.ts'
import { targetId } from '../target-id.ts'
import { type McpConfig, mcpSchema } from './mcp-config.ts'

const targetLogsSchema = z.strictObject({
  files: z
    .union([z.string().transform((file) => [file]), z.array(z.string())])
    .prefault([])
    .describe(
      "The target's log files, where pgsteward can read them: paths, or patterns such as /var/log/postgresql/*.log.",
    ),
  format: z
    .enum(['auto', 'stderr', 'csv', 'json'])
    .prefault('auto')
    .describe('Of files and pushed lines; auto: by their names and first lines.'),
  prefix: z
    .string()
    .optional()
    .describe("log_line_prefix of what is read. Default: the target's own setting."),
  http: z
    .boolean()
    .prefault(true)
    .describe('Take lines that are sent to POST /ingest/logs/ID with the ingest token.'),
  syslog: z
    .strictObject({
      host: z.string().prefault('127.0.0.1').describe('Address to listen on.'),
      port: z.number().int().min(0).max(65_535).describe('UDP and TCP; RFC 3164 and 5424.'),
    })
    .optional()
    .describe('Listen for syslog, which has no token: keep it to a network of your own.'),
  sql: z
    .boolean()
    .prefault(false)
    .describe(
      'Read the current log file through the target itself (pg_read_binary_file), where the role may: every 5 s, 1 MB at most.',
    ),
})

const targetSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/i, 'letters, digits, dot, dash and underscore')
    .optional()
    .describe('Name in findings, the API and the dashboard. Default: host and database of the URL.'),
  url: z.string().describe('postgres://USER:PASSWORD@HOST:PORT/DATABASE of a role that has pg_monitor.'),
  maintenanceUrl: z
    .string()
    .optional()
    .describe(
      'A role that may change things; used by maintenance alone. Absent: this target is only ever read.',
    ),
  labels: z
    .record(z.string(), z.string())
    .prefault({})
    .describe('Shown beside findings and exported with every metric.'),
  statementTimeout: duration().prefault('10s').describe('No reading may run longer on the target.'),
  lockTimeout: duration()
    .prefault('1s')
    .describe('No reading waits longer for a lock, so that none queues behind an ALTER TABLE.'),
  letSleep: z
    .boolean()
    .prefault(false)
    .describe(
      'For serverless targets that suspend when idle (Neon): read rarely while nobody else uses the database, so that it may sleep and is not billed for being watched.',
    ),
  logs: targetLogsSchema.prefault({}).describe("Where PostgreSQL's log comes from."),
})

const storeSchema = z.strictObject({
  dir: z.string().prefault('.pgsteward/store').describe('Folder of the embedded store.'),
  url: z
    .string()
    .optional()
    .describe('A PostgreSQL 14 or newer to keep the history in; replaces the embedded store.'),
  keepRaw: duration().prefault('3d').describe('Full grain. Three days hold a weekend.'),
  keepHourly: duration()
    .prefault('35d')
    .describe('Hourly sums: a month and the days to look back from its end.'),
  keepDaily: duration()
    .prefault('400d')
    .describe('Daily sums: a year and a month, so that a year can be compared with the one before.'),
  keepResolved: duration().prefault('400d').describe('Findings that are over, with their history.'),
  keepSlowQueries: duration()
    .prefault('30d')
    .describe(
      'Single slow queries, in the table slow_query_log: a month, so that last month can be asked about.',
    ),
  slowQueriesMaxSize: size()
    .prefault('500MB')
    .describe(
      'Of slow_query_log with its indexes. Beyond it the most repetitive go first, then the oldest; how many is counted and shown.',
    ),
  maxSize: size()
    .prefault('5GB')
    .describe('The oldest full-grain days go first when the store grows beyond it.'),
})

const ipOrNetwork = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])
const outboundSchema = z.strictObject({
  allow: z
    .array(ipOrNetwork)
    .prefault([])
    .describe(
      'Addresses or networks that channels, exports and probes may ask although they are link-local, multicast or a metadata service of a cloud, which are refused otherwise: 169.254.1.7, fe80::/64.',
    ),
})

const applicationSchema = z.strictObject({
  service: z.string().min(1).describe('service.name, as the application reports it.'),
  target: z.string().min(1).describe('Id of the target that its statements go to.'),
})

const collectSchema = z.strictObject({
  every: duration()
    .prefault('60s')
    .describe(
      'Cadence of the fast facts; slower ones keep their own. Connections and lock waits are read every 15 s, or oftener with this.',
    ),
  interval: duration()
    .prefault('10m')
    .describe(
      'How far back the increases reach that checks see: long enough to smooth a burst, short enough to notice within minutes.',
    ),
})

const logsSchema = z.strictObject({
  keep: duration()
    .prefault('30d')
    .describe("Events of PostgreSQL's log and their counts: a month, as slow queries are kept."),
  maxSize: size()
    .prefault('500MB')
    .describe('Of the events with their indexes; beyond it the oldest go first. Counts stay.'),
  slowFrom: duration()
    .prefault('100ms')
    .describe(
      'Statements of the log that took so long stand in slow_query_log: a warning, critical from 500 ms, an emergency from 1 s.',
    ),
})

const activitySchema = z.strictObject({
  enabled: z
    .boolean()
    .prefault(true)
    .describe('Sample what sessions do, on a connection of its own to each target.'),
  every: duration()
    .refine((ms) => ms >= 100, 'at least 100ms')
    .prefault('1s')
    .describe(
      'A second shows waits that last tenths of it, in proportion. Asked more rarely by itself where answers would take more than 1 % of the time.',
    ),
})

const plansSchema = z.strictObject({
  enabled: z
    .boolean()
    .prefault(true)
    .describe(
      'Ask each target for the plans of its heaviest statements (EXPLAIN, never ANALYZE), on a connection of its own.',
    ),
  share: z
    .number()
    .min(0.0001)
    .max(0.05)
    .prefault(0.001)
    .describe(
      'Of one core of the target. A thousandth plans ten (large joins) to sixty statements a minute; those whose time a call changes sharply come first.',
    ),
})

const adviseSchema = z.strictObject({
  enabled: z
    .boolean()
    .prefault(true)
    .describe('Seek indexes by itself. Switched off, only a press of the button in the dashboard does.'),
  every: duration()
    .prefault('24h')
    .describe('What statements a database serves changes with releases, not with the hour.'),
  firstAfter: duration()
    .prefault('15m')
    .describe(
      'How much history the first advice waits for: statements that run every few minutes are in it then.',
    ),
  budget: z
    .string()
    .regex(
      /^\s*\d+(\.\d+)?\s*(%|B|[kKMGT]B)\s*$/,
      "a size such as '500MB', or a share of all tables such as '25%'",
    )
    .prefault('25%')
    .describe('Space for new indexes: a size, or a share of the size of all tables.'),
  atMost: z
    .number()
    .int()
    .min(1)
    .prefault(20)
    .describe('New indexes at once. More than these nobody reviews in one go; the next advice has the next.'),
  searchFor: duration()
    .prefault('2m')
    .describe(
      'At low priority, in a process of its own. What is found by then is shown; most searches end within seconds.',
    ),
})

const loadSchema = z.strictObject({
  targets: z
    .array(z.string())
    .prefault(['http://127.0.0.1', 'http://localhost', 'http://[::1]'])
    .describe(
      'Addresses that load may be put on, and no others: scheme and host, with a port or any. Default: this machine. Name staging here, never production.',
    ),
  dir: z
    .string()
    .prefault('.pgsteward/runs')
    .describe('Where runs are kept as files, each as soon as it has ended.'),
  baselineFile: z
    .string()
    .prefault('benchmarks/main-baseline.json')
    .describe('The active baseline, kept in git; what it replaces goes into history/ beside it.'),
  keep: duration()
    .prefault('400d')
    .describe(
      'Runs and comparisons in the store: a year and a month, so that a year can be compared with the one before.',
    ),
  maxSize: size()
    .prefault('500MB')
    .describe(
      'Of runs in the store; beyond it the details of the oldest go first, while their figures stay.',
    ),
})

/** The schema for a given catalogue of checks: each check's options are validated by its own schema, `false` switches it off. */
export function configSchema(checks: readonly AnyCheck[]) {
  const perCheck = Object.fromEntries(
    checks.map((check) => [check.id, z.union([z.literal(false), strict(check.options)]).optional()]),
  )
  return z
    .strictObject({
      targets: z.array(targetSchema).prefault([]),
      store: storeSchema.prefault({}),
      server: serverSchema.prefault({}),
      collect: collectSchema.prefault({}),
      activity: activitySchema.prefault({}),
      logs: logsSchema.prefault({}),
      plans: plansSchema.prefault({}),
      advise: adviseSchema.prefault({}),
      load: loadSchema.prefault({}),
      capacity: capacitySchema.prefault({}),
      alerts: alertsSchema.prefault({}),
      incidents: incidentsSchema.prefault({}),
      maintenance: maintenanceSchema.prefault({}),
      team: teamSchema,
      onCall: onCallSchema
        .optional()
        .describe('Who is on call when, and who is told next. Absent: nobody is, and routes alone decide.'),
      reports: reportsSchema.prefault({}),
      changes: changesSchema.prefault({}),
      reviews: reviewsSchema.prefault({}),
      mcp: mcpSchema.prefault({}),
      outbound: outboundSchema.prefault({}),
      exports: exportsSchema.prefault({}),
      probes: z
        .array(probeSchema)
        .prefault([])
        .describe(
          "What is asked from outside, beside each target's database: addresses, and what a database or an application has to keep.",
        ),
      applications: z
        .array(applicationSchema)
        .prefault([])
        .describe(
          "Which target an application belongs to, where it cannot be told from the database's host, port and name.",
        ),
      rules: rulesSchema(checks),
      checks: z
        .strictObject(perCheck)
        .prefault({})
        .describe('Options by check id; false switches a check off.'),
    })
    .superRefine((config, context) => {
      for (const issue of probeIssues(config, targetId)) context.addIssue({ code: 'custom', ...issue })
      for (const issue of capacityIssues(config, targetId)) context.addIssue({ code: 'custom', ...issue })
      for (const issue of onCallIssues(config)) context.addIssue({ code: 'custom', ...issue })
      for (const issue of reportIssues(config.reports, config.alerts.channels))
        context.addIssue({ code: 'custom', ...issue })
    })
}

function strict(options: z.ZodType): z.ZodType {
  return options instanceof z.ZodObject ? options.strict() : options
}

export interface TargetConfig extends z.output<typeof targetSchema> {}

export interface Config {
  readonly targets: readonly TargetConfig[]
  readonly store: z.output<typeof storeSchema>
  readonly server: ServerConfig
  readonly collect: z.output<typeof collectSchema>
  readonly activity: z.output<typeof activitySchema>
  readonly logs: z.output<typeof logsSchema>
  readonly plans: z.output<typeof plansSchema>
  readonly advise: z.output<typeof adviseSchema>
  readonly load: z.output<typeof loadSchema>
  readonly capacity: CapacityConfig
  readonly alerts: AlertsConfig
  readonly incidents: IncidentsConfig
  readonly maintenance: MaintenanceConfig
  readonly team: TeamConfig
  readonly onCall?: OnCallConfig | undefined
  readonly reports: ReportsConfig
  readonly changes: ChangesConfig
  readonly reviews: ReviewsConfig
  readonly mcp: McpConfig
  readonly outbound: z.output<typeof outboundSchema>
  readonly exports: ExportsConfig
  readonly probes: readonly ProbeConfig[]
  readonly applications: readonly z.output<typeof applicationSchema>[]
  readonly rules: Readonly<Record<string, RuleConfig>>
  readonly checks: Readonly<Record<string, unknown>>
}

/** What a user's pgsteward.config.ts exports. */
export type ConfigInput = z.input<ReturnType<typeof configSchema>>

/** Gives a configuration file its type: `export default defineConfig({ targets: [...] })`. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config
}
