// What /api/v1 speaks, as zod schemas: the server answers with these, the dashboard imports their types. Dates are ISO 8601.

import { z } from 'zod'
import type { AdviceReport } from './advice.ts'
import { alertWire } from './alert-wire.ts'
import { OPERATION_KINDS } from './application.ts'
import { evidenceWire, unitWire as unit } from './evidence-wire.ts'
import { AREAS, LOCKS, SEVERITIES } from './finding.ts'
import { EFFECT_VERDICTS } from './index-effect.ts'
import { EVENT_KINDS, PLAN_SOURCES } from './plan.ts'
import { overdueReviewWire } from './review-wire.ts'

export * from './access-wire.ts'
export * from './activity-wire.ts'
export * from './alert-wire.ts'
export * from './annotation-wire.ts'
export * from './availability-wire.ts'
export * from './capacity.ts'
export * from './change-wire.ts'
export * from './evidence-wire.ts'
export * from './incident-wire.ts'
export * from './load-wire.ts'
export * from './load-wire.ts'
export * from './log-wire.ts'
export * from './log-wire.ts'
export * from './maintenance-wire.ts'
export * from './maintenance-wire.ts'
export * from './on-call-wire.ts'
export * from './optimization-wire.ts'
export * from './practice-wire.ts'
export type { ActionItemWire, ToldEntryWire } from './record-wire.ts'
export * from './rehearsal-wire.ts'
export * from './report.ts'
export * from './report-wire.ts'
export * from './review-wire.ts'
export * from './search-wire.ts'

const at = z.iso.datetime()

export const subjectWire = z.object({
  kind: z.string(),
  database: z.string().optional(),
  schema: z.string().optional(),
  name: z.string().optional(),
  queryId: z.string().optional(),
  application: z.string().optional(),
})

export const remedyWire = z.object({
  sql: z.array(z.string()).readonly(),
  undo: z.array(z.string()).readonly().nullable(),
  lock: z.enum(LOCKS),
  caution: z.string(),
})

export const findingWire = z.object({
  targetId: z.string(),
  key: z.string(),
  checkId: z.string(),
  area: z.enum(AREAS),
  severity: z.enum(SEVERITIES),
  state: z.enum(['pending', 'open', 'muted', 'resolved']),
  subject: subjectWire,
  /** The subject as a person says it. */
  label: z.string(),
  summary: z.string(),
  evidence: z.array(evidenceWire).readonly(),
  remedy: remedyWire.optional(),
  firstSeenAt: at,
  lastSeenAt: at,
  openedAt: at.nullable(),
  resolvedAt: at.nullable(),
  mutedUntil: at.nullable(),
  muteReason: z.string().nullable(),
})

export const findingEventWire = z.object({
  at,
  transition: z.string(),
  severity: z.enum(SEVERITIES),
  actor: z.string().nullable(),
  reason: z.string().nullable(),
})

/** Something that happened around the time at which a finding began. */
export const aroundEventWire = z.object({
  at,
  /** deployment, schema, settings, statistics, restart, plan, blocking, finding. */
  kind: z.string(),
  subject: z.string(),
  detail: z.string(),
  findingKey: z.string().nullable(),
  queryId: z.string().nullable(),
})

/** GET /targets/:target/findings?told=true: a finding with what happened around its begin and with what to do. */
export const toldFindingWire = findingWire.extend({
  events: z.array(aroundEventWire),
  /** In words, from the check's page; the remedy has the statements where there are some. */
  fix: z.string().nullable(),
})

export const findingDetailWire = z.object({
  finding: findingWire,
  /** From a quarter of an hour before it was first seen to a minute after, in order of time. */
  events: z.array(aroundEventWire).optional(),
  /** Of its present or latest life; null or absent: nobody is told of it. */
  alert: alertWire.nullable().optional(),
  /** Markdown, filled with what the finding says; null: its check has none. */
  runbook: z.string().nullable().optional(),
  check: z.object({
    id: z.string(),
    title: z.string(),
    /** The check's page, as Markdown. */ page: z.string(),
  }),
  history: z.array(findingEventWire),
})

export const severityCountsWire = z.object({ critical: z.number(), warning: z.number(), info: z.number() })

export const targetWire = z.object({
  id: z.string(),
  /** host:port/database, never user or password. */
  address: z.string(),
  labels: z.record(z.string(), z.string()),
  status: z.enum(['starting', 'up', 'down']),
  /** Why it is down. */
  because: z.string().nullable(),
  version: z.string().nullable(),
  role: z.enum(['primary', 'standby']).nullable(),
  lastReadAt: at.nullable(),
  /** What is missing on the target and what is lost without it; doctor prints the statements that mend it. */
  lacks: z.array(z.string()),
  findings: severityCountsWire,
})

export const slowStatementWire = z.object({
  queryId: z.string(),
  database: z.string(),
  user: z.string(),
  text: z.string(),
  calls: z.number(),
  callsPerSecond: z.number(),
  totalExecMs: z.number(),
  meanExecMs: z.number(),
  rowsPerCall: z.number(),
  /** Shared blocks found in the cache; null when none were touched. */
  cacheHitRatio: z.number().nullable(),
  /** Of the execution time of all statements in the window. */
  timeShare: z.number(),
})

/** An index that the latest advice proposes for a table; `gainRatio`: of the cost of all statements. */
export const advisedIndexWire = z.object({
  name: z.string(),
  definition: z.string(),
  sizeBytes: z.number(),
  gainRatio: z.number(),
})

export const tableWire = z.object({
  database: z.string(),
  schema: z.string(),
  name: z.string(),
  kind: z.string(),
  rows: z.number(),
  totalBytes: z.number(),
  tableBytes: z.number(),
  indexBytes: z.number(),
  /** Null until the store knows the size of a day ago. */
  growthBytesPerDay: z.number().nullable(),
  deadTuples: z.number(),
  lastVacuumAt: at.nullable(),
  lastAnalyzeAt: at.nullable(),
  scansPerSecond: z.object({ sequential: z.number(), index: z.number() }).nullable(),
  /** What the latest advice proposes for it. */
  advised: z.array(advisedIndexWire).optional(),
})

export const indexWire = z.object({
  database: z.string(),
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  definition: z.string(),
  method: z.string(),
  isUnique: z.boolean(),
  isPrimary: z.boolean(),
  isValid: z.boolean(),
  sizeBytes: z.number(),
  scansSinceReset: z.number(),
  lastScanAt: at.nullable(),
})

export const poolWire = z.object({
  instance: z.string(),
  pool: z.string(),
  max: z.number().nullable(),
  used: z.number(),
  idle: z.number(),
  waiting: z.number(),
  waitP95Ms: z.number().nullable(),
  oldestCheckoutMs: z.number().nullable(),
  oldestCheckoutBy: z.string().nullable(),
})

/** O5; also the answer of GET /api/admin/performance-metrics, one element a target. */
export const performanceMetricsWire = z.object({
  targetId: z.string(),
  at: at.nullable(),
  /** Seconds that the rates are over. */
  intervalSeconds: z.number().nullable(),
  connections: z.object({
    total: z.number(),
    active: z.number(),
    idle: z.number(),
    idleInTransaction: z.number(),
    waiting: z.number(),
    /** max_connections without the reserved ones. */
    usable: z.number(),
  }),
  queriesPerSecond: z.number().nullable(),
  transactionsPerSecond: z.number().nullable(),
  cacheHitRatio: z.number().nullable(),
  /** Index scans' share of all scans of tables. */
  indexUsageRatio: z.number().nullable(),
  slowestStatements: z.array(slowStatementWire),
  tables: z.array(
    z.object({
      schema: z.string(),
      name: z.string(),
      totalBytes: z.number(),
      growthBytesPerDay: z.number().nullable(),
    }),
  ),
  databaseBytes: z.number().nullable(),
  /** O3: of the applications that report, as each process told last; empty when none does. */
  pools: z.array(poolWire.extend({ application: z.string() })).optional(),
})

export const seriesWire = z.object({
  name: z.string(),
  unit,
  labels: z.record(z.string(), z.string()),
  /** Seconds since the epoch and value; a gap is null. */
  points: z.array(z.tuple([z.number(), z.number().nullable()])),
})

/** An operation of an application, over the window: a route, a statement at one place, a call to another service, a named metric. */
export const operationWire = z.object({
  application: z.string(),
  kind: z.enum(OPERATION_KINDS),
  name: z.string(),
  route: z.string().nullable(),
  fingerprint: z.string().nullable(),
  model: z.string().nullable(),
  action: z.string().nullable(),
  /** `src/routes/members.ts:41` */
  caller: z.string().nullable(),
  labels: z.string().nullable(),
  count: z.number(),
  perSecond: z.number(),
  errorRatio: z.number(),
  totalMs: z.number(),
  meanMs: z.number(),
  maxMs: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  /** Queries: rows a call. Requests: statements a request. */
  rowsPerCall: z.number(),
  /** Requests: share of their time that their statements took. */
  queryTimeRatio: z.number().nullable(),
  lastAt: at,
  /** Queries: literals replaced; null when the text is not known. */
  text: z.string().nullable().optional(),
  /** Queries: statements of pg_stat_statements with the same fingerprint. */
  queryIds: z.array(z.string()).optional(),
})

export const applicationWire = z.object({
  application: z.string(),
  /** `pgsteward` for @pgsteward/instrument. */
  sdk: z.string(),
  version: z.string().nullable(),
  environment: z.string().nullable(),
  firstSeenAt: at,
  lastSeenAt: at,
  instances: z.number(),
  requestsPerSecond: z.number(),
  errorRatio: z.number().nullable(),
  requestP95Ms: z.number().nullable(),
  queriesPerSecond: z.number(),
  queriesPerRequest: z.number().nullable(),
  pools: z.array(poolWire),
  /** What was left out because a bound was reached, by kind. */
  dropped: z.record(z.string(), z.number()),
})

/** GET /api/v1/unplaced-applications: reports, but of which target is not known, so that nothing of it is kept. */
export const unplacedApplicationWire = z.object({
  application: z.string(),
  endpoint: z.object({ host: z.string(), port: z.number(), database: z.string() }).nullable(),
  because: z.string(),
  reports: z.number(),
  lastSeenAt: at,
})

export const repeatWire = z.object({
  application: z.string(),
  fingerprint: z.string(),
  text: z.string(),
  route: z.string().nullable(),
  model: z.string().nullable(),
  action: z.string().nullable(),
  caller: z.string().nullable(),
  requests: z.number(),
  repetitionsPerRequest: z.number(),
  totalMs: z.number(),
  /** Statements of pg_stat_statements with the same fingerprint. */
  queryIds: z.array(z.string()),
  lastAt: at,
})

export const applicationDetailWire = z.object({
  application: applicationWire,
  /** requests per second, request p95, error ratio, statements per second, pool used, waiting. */
  series: z.array(seriesWire),
  routes: z.array(operationWire),
  /** Statements grouped by model and action, those without a model by summary. */
  models: z.array(operationWire),
  queries: z.array(operationWire),
  calls: z.array(operationWire),
  metrics: z.array(operationWire),
  repeats: z.array(repeatWire),
  findings: z.array(findingWire),
})

export const slowQueryWire = z.object({
  id: z.string(),
  at,
  application: z.string().nullable(),
  fingerprint: z.string(),
  text: z.string(),
  durationMs: z.number(),
  waitedForPoolMs: z.number(),
  /** `emergency`: the database itself told of a second or more. */
  severity: z.enum(['warning', 'critical', 'emergency']),
  rows: z.number().nullable(),
  caller: z.string().nullable(),
  route: z.string().nullable(),
  model: z.string().nullable(),
  action: z.string().nullable(),
  parameters: z.array(z.string()).nullable(),
  database: z.string().nullable(),
  traceId: z.string().nullable(),
  sqlState: z.string().nullable(),
  source: z.enum(['application', 'log', 'activity']),
  queryIds: z.array(z.string()),
})

export const slowQueryGroupWire = z.object({
  fingerprint: z.string(),
  text: z.string(),
  application: z.string().nullable(),
  route: z.string().nullable(),
  model: z.string().nullable(),
  action: z.string().nullable(),
  caller: z.string().nullable(),
  count: z.number(),
  meanMs: z.number(),
  maxMs: z.number(),
  totalMs: z.number(),
  lastAt: at,
  queryIds: z.array(z.string()),
})

export const slowQueriesWire = z.object({
  groups: z.array(slowQueryGroupWire),
  latest: z.array(slowQueryWire),
  /** In the window: kept, and thrown away because of the size bound. */
  kept: z.number(),
  dropped: z.number(),
  /** False: no application reports and no log is read, so nothing can be here. */
  hasSource: z.boolean(),
})

export const overviewWire = z.object({
  target: targetWire,
  /** One sentence: is it all right? */
  headline: z.string(),
  metrics: performanceMetricsWire,
  findings: z.array(findingWire),
  series: z.array(seriesWire),
  /** Of launches on this target; no alerts. */
  overdueReviews: z.array(overdueReviewWire).optional(),
})

export const statementDetailWire = z.object({
  statement: slowStatementWire,
  /** calls per second, mean ms, rows per second, blocks read per second over the window. */
  series: z.array(seriesWire),
  findings: z.array(findingWire),
  /** Which application, route, model and place sends it; empty when no application reports. */
  callers: z.array(operationWire),
  slowQueries: z.array(slowQueryWire),
  /** By which the log and the applications know it. */
  fingerprint: z.string().nullable().optional(),
  /** Other ways to write it that the planner puts clearly lower, of the latest advice. */
  rewrites: z
    .array(
      z.object({
        kind: z.string(),
        sql: z.string(),
        why: z.string(),
        /** `always`, or on which condition. */
        sameResult: z.string(),
        costBefore: z.number(),
        costAfter: z.number(),
      }),
    )
    .optional(),
  /** Advised indexes that would serve it; costs in the planner's units, per call. */
  advice: z
    .array(
      z.object({
        name: z.string(),
        schema: z.string(),
        table: z.string(),
        definition: z.string(),
        costBefore: z.number(),
        costAfter: z.number(),
      }),
    )
    .optional(),
})

/** GET /targets/:target/advice. With `running` or `failed`, `report` is the one before, of `reportAt`. */
export const adviceWire = z.object({
  status: z.enum(['never', 'running', 'done', 'failed']),
  /** Why it failed; or why there is none yet. */
  because: z.string().nullable(),
  /** While it runs: what it does. */
  progress: z.string().nullable(),
  startedAt: at.nullable(),
  finishedAt: at.nullable(),
  /** Null: none is planned. */
  nextAt: at.nullable(),
  /** That `report` is about. */
  workload: z
    .object({
      source: z.enum(['history', 'pg_stat_statements']),
      statements: z.number(),
      from: at.nullable(),
      to: at.nullable(),
    })
    .nullable(),
  reportAt: at.nullable(),
  /** As model/advice.ts has it, and as `pgsteward advise --json` prints it. */
  report: z.custom<AdviceReport>((value) => typeof value === 'object').nullable(),
})

/** GET /targets/:target/advice/script: what to run, as files. */
export const adviceScriptWire = z.object({
  files: z.array(z.object({ path: z.string(), text: z.string() })),
})

const statementFiguresWire = z.object({
  calls: z.number(),
  callsPerMinute: z.number(),
  meanMs: z.number(),
  totalMsPerMinute: z.number(),
  blocksPerCall: z.number(),
})

/** An index that appeared, and what it did; see model/index-effect.ts. */
export const indexEffectWire = z.object({
  schema: z.string(),
  table: z.string(),
  index: z.string(),
  definition: z.string(),
  appearedAt: at,
  advisedBy: z.string().nullable(),
  before: z.object({ from: at, to: at }),
  after: z.object({ from: at, to: at }),
  /** False: it is measured on. */
  isComplete: z.boolean(),
  predictedCostRatio: z.number().nullable(),
  measuredRatio: z.number().nullable(),
  verdict: z.enum(EFFECT_VERDICTS),
  because: z.string().nullable(),
  statements: z.array(
    z.object({
      queryId: z.string(),
      text: z.string(),
      before: statementFiguresWire,
      after: statementFiguresWire,
      predictedCostRatio: z.number().nullable(),
      measuredRatio: z.number().nullable(),
      verdict: z.enum(EFFECT_VERDICTS),
    }),
  ),
  refreshedAt: at,
})

/** GET /targets/:target/index-effects, the latest first. */
export const indexEffectsWire = z.object({ effects: z.array(indexEffectWire) })

/** Something that happened to the target or its application; charts show it as a mark. */
export const targetEventWire = z.object({
  at,
  kind: z.enum(EVENT_KINDS),
  subject: z.string(),
  detail: z.string(),
})

/** GET /targets/:target/events, the latest first. */
export const targetEventsWire = z.object({ events: z.array(targetEventWire) })

export const planInsightWire = z.object({
  kind: z.string(),
  /** One sentence. */
  words: z.string(),
  /** Of the plan's cost, or time where it was executed; 0 to 1. */
  share: z.number(),
  /** Indexes into Plans, from the root. */
  path: z.array(z.number()).readonly(),
  figures: z.record(z.string(), z.union([z.string(), z.number()])),
})

export const statementPlanWire = z.object({
  id: z.string(),
  source: z.enum(PLAN_SOURCES),
  /** True: with actual rows and times. */
  isAnalyzed: z.boolean(),
  /** Equal for plans of the same steps. */
  shape: z.string(),
  /** The steps in one line. */
  shapeText: z.string(),
  /** A node as EXPLAIN (FORMAT JSON) names its fields, values replaced. */
  plan: z.record(z.string(), z.unknown()),
  insights: z.array(planInsightWire),
  parameters: z.array(z.string().nullable()).readonly().nullable(),
  totalCost: z.number(),
  durationMs: z.number().nullable(),
  firstSeenAt: at,
  lastSeenAt: at,
  seen: z.number(),
})

export const planChangeWire = z.object({
  queryId: z.string(),
  database: z.string(),
  text: z.string(),
  /** First sight of the new plan; `notBefore`: last sight of the old one. */
  at,
  notBefore: at,
  difference: z.string(),
  /** More than one: it flips to and fro. */
  flips: z.number(),
  meanMsBefore: z.number().nullable(),
  meanMsAfter: z.number().nullable(),
  callsPerMinuteBefore: z.number(),
  callsPerMinuteAfter: z.number(),
  from: statementPlanWire,
  to: statementPlanWire,
  events: z.array(targetEventWire),
})

/** How asking the target for plans goes; null where it is switched off. */
export const planningWire = z
  .object({
    at: at.nullable(),
    planned: z.number(),
    refused: z.array(z.object({ because: z.string(), statements: z.number() })).readonly(),
    /** Tables that pgsteward's role may not read, and so can't plan for. */
    lacksSelectOn: z.array(z.string()).readonly(),
    costMs: z.number(),
    rounds: z.number(),
  })
  .nullable()

/** GET /targets/:target/statements/:queryId/plans, the latest first. */
export const statementPlansWire = z.object({
  plans: z.array(statementPlanWire),
  changes: z.array(planChangeWire),
  planning: planningWire,
  /** Why the target gave no plan when it was last asked; null: it did, or was not asked yet. */
  because: z.string().nullable(),
})

/** GET /targets/:target/plan-changes, the latest first. */
export const planChangesWire = z.object({ changes: z.array(planChangeWire), planning: planningWire })

export const outcomeWire = z.object({
  checkId: z.string(),
  title: z.string(),
  area: z.enum(AREAS),
  status: z.enum(['quiet', 'found', 'skipped', 'failed', 'waiting']),
  because: z.string().nullable(),
  at: at.nullable(),
})

export const errorWire = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    detail: z.string().optional(),
    hint: z.string().optional(),
  }),
})

export const muteRequestWire = z.object({
  reason: z.string().trim().min(3),
  until: at,
  actor: z.string().trim().min(1).default('dashboard'),
})

export type FindingWire = z.output<typeof findingWire>
export type ToldFindingWire = z.output<typeof toldFindingWire>
export type AroundEventWire = z.output<typeof aroundEventWire>
export type FindingDetailWire = z.output<typeof findingDetailWire>
export type TargetWire = z.output<typeof targetWire>
export type SlowStatementWire = z.output<typeof slowStatementWire>
export type TableWire = z.output<typeof tableWire>
export type IndexWire = z.output<typeof indexWire>
export type PerformanceMetricsWire = z.output<typeof performanceMetricsWire>
export type SeriesWire = z.output<typeof seriesWire>
export type OverviewWire = z.output<typeof overviewWire>
export type StatementDetailWire = z.output<typeof statementDetailWire>
export type OutcomeWire = z.output<typeof outcomeWire>
export type ErrorWire = z.output<typeof errorWire>
export type EvidenceWire = z.output<typeof evidenceWire>
export type OperationWire = z.output<typeof operationWire>
export type PoolWire = z.output<typeof poolWire>
export type ApplicationWire = z.output<typeof applicationWire>
export type ApplicationDetailWire = z.output<typeof applicationDetailWire>
export type UnplacedApplicationWire = z.output<typeof unplacedApplicationWire>
export type RepeatWire = z.output<typeof repeatWire>
export type SlowQueryWire = z.output<typeof slowQueryWire>
export type SlowQueryGroupWire = z.output<typeof slowQueryGroupWire>
export type SlowQueriesWire = z.output<typeof slowQueriesWire>
export type TargetEventWire = z.output<typeof targetEventWire>
export type TargetEventsWire = z.output<typeof targetEventsWire>
export type PlanInsightWire = z.output<typeof planInsightWire>
export type StatementPlanWire = z.output<typeof statementPlanWire>
export type PlanChangeWire = z.output<typeof planChangeWire>
export type PlanningWire = z.output<typeof planningWire>
export type StatementPlansWire = z.output<typeof statementPlansWire>
export type PlanChangesWire = z.output<typeof planChangesWire>
export type AdvisedIndexWire = z.output<typeof advisedIndexWire>
export type AdviceWire = z.output<typeof adviceWire>
export type AdviceScriptWire = z.output<typeof adviceScriptWire>
export type IndexEffectWire = z.output<typeof indexEffectWire>
export type IndexEffectsWire = z.output<typeof indexEffectsWire>
