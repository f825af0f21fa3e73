// What /api/v1 speaks of PostgreSQL's log; part of wire.ts.

import { z } from 'zod'
import { SEVERITIES } from './finding.ts'
import { LOG_AREAS, LOG_SEVERITIES } from './log-event.ts'
import type { PlanNode } from './what-if.ts'

const at = z.iso.datetime()

/** GET /log-classes: the catalogue. */
export const logClassWire = z.object({
  id: z.string(),
  area: z.enum(LOG_AREAS),
  title: z.string(),
  severity: z.enum(SEVERITIES),
})

export const logEventWire = z.object({
  id: z.string(),
  at,
  class: z.string(),
  /** The class', or `Not in the catalogue`. */
  title: z.string(),
  /** How bad the class is; of one that is not in the catalogue by PostgreSQL's severity. */
  severity: z.enum(SEVERITIES),
  level: z.enum(LOG_SEVERITIES),
  sqlState: z.string().nullable(),
  pid: z.number().nullable(),
  user: z.string().nullable(),
  database: z.string().nullable(),
  application: z.string().nullable(),
  client: z.string().nullable(),
  queryId: z.string().nullable(),
  fingerprint: z.string().nullable(),
  /** Literals replaced. */
  query: z.string().nullable(),
  message: z.string(),
  detail: z.string().nullable(),
  hint: z.string().nullable(),
  context: z.string().nullable(),
  durationMs: z.number().nullable(),
  parameters: z.array(z.string().nullable()).nullable(),
  figures: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Statements of pg_stat_statements with the same fingerprint. */
  queryIds: z.array(z.string()),
})

export const logClassCountWire = logClassWire.extend({
  count: z.number(),
  firstAt: at,
  lastAt: at,
  databases: z.array(z.string()),
  /** In words, from the class' page; null: it has none. */
  fix: z.string().nullable(),
})

export const logSourceWire = z.object({
  source: z.string(),
  lastAt: at.nullable(),
  lines: z.number(),
  bytes: z.number(),
  unknown: z.number(),
  unreadable: z.number(),
  because: z.string().nullable(),
})

/** A setting of the target without which its log says less. */
export const logSettingWire = z.object({
  name: z.string(),
  value: z.string().nullable(),
  advised: z.string(),
  /** What the log does not tell without it. */
  lost: z.string(),
  sql: z.string(),
  needsRestart: z.boolean(),
})

/** GET /targets/:target/logs */
export const logsWire = z.object({
  /** False: nothing is configured, or nothing ever came. */
  hasSource: z.boolean(),
  sources: z.array(logSourceWire),
  /** What the target's settings leave out. */
  settings: z.array(logSettingWire),
  /** Where files of the target lie, as far as it tells; for the configuration. */
  suggestedFile: z.string().nullable(),
  /** The address that lines may be sent to. */
  pushPath: z.string().nullable(),
  /** Most urgent first, then most frequent. */
  classes: z.array(logClassCountWire),
  /** Messages by time: seconds since the epoch (a bucket's begin), then information, warnings, critical ones. */
  history: z.object({
    stepSeconds: z.number(),
    points: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
  }),
  /** The latest first, as filtered. */
  events: z.array(logEventWire),
})

/** GET /targets/:target/logs/:id */
export const logEventDetailWire = z.object({
  event: logEventWire,
  plan: z.custom<PlanNode>((value) => typeof value === 'object').nullable(),
  /** The class' page, as Markdown. */
  page: z.string(),
})

export type LogClassWire = z.output<typeof logClassWire>
export type LogEventWire = z.output<typeof logEventWire>
export type LogClassCountWire = z.output<typeof logClassCountWire>
export type LogSourceWire = z.output<typeof logSourceWire>
export type LogSettingWire = z.output<typeof logSettingWire>
export type LogsWire = z.output<typeof logsWire>
export type LogEventDetailWire = z.output<typeof logEventDetailWire>
