// What /api/v1 speaks of load runs; part of wire.ts. Runs come in as loadRunSchema has them.

import { z } from 'zod'
import type { Cause, Comparison } from './comparison.ts'
import { DESIGNS, QUANTILES, VERDICTS } from './comparison.ts'
import { ENGINES, loadRunSchema, runMomentSchema, runSeriesSchema } from './load-run.ts'

const at = z.iso.datetime()
const msOrNull = z.number().nullable()

/** What is known of a run before it has ended. */
export const runUnderWayWire = z.object({
  id: z.string(),
  startedAt: at,
  scenario: loadRunSchema.shape.scenario,
  engine: loadRunSchema.shape.engine,
  target: z.string().nullable(),
  /** Warm-up included; null: not known. */
  plannedMs: z.number().nullable(),
  warmUpMs: z.number(),
})

/** POST /load/runs/:id/moments, once a second; the moments that were not sent yet. */
export const momentsReportWire = runUnderWayWire.omit({ id: true }).extend({
  moments: z.array(runMomentSchema).max(600),
})

/**
 * good: valid, thresholds met, no slower than what it was compared with; measured: valid, and nothing says more; warning and failed: by a
 * threshold or a comparison; inconclusive: nothing could be decided; invalid: must not be believed.
 */
export const RUN_STANDINGS = ['good', 'measured', 'warning', 'failed', 'inconclusive', 'invalid'] as const

export const runVerdictWire = z.object({
  standing: z.enum(RUN_STANDINGS),
  /** One or two sentences. */
  text: z.string(),
})

export const loadRunSummaryWire = z.object({
  id: z.string(),
  startedAt: at,
  durationMs: z.number(),
  scenario: loadRunSchema.shape.scenario,
  engine: z.enum(ENGINES),
  target: z.string().nullable(),
  /** Of the watched target whose database it loaded, where one is. */
  targetId: z.string().nullable(),
  ended: loadRunSchema.shape.ended,
  requests: z.number(),
  errors: z.number(),
  requestsPerSecond: z.number(),
  p50Ms: msOrNull,
  p95Ms: msOrNull,
  p99Ms: msOrNull,
  invalid: z.number(),
  thresholdsCrossed: z.number(),
  thresholds: z.number(),
  hostClass: z.string(),
  gitSha: z.string().nullable(),
  branch: z.string().nullable(),
  experiment: z.object({ id: z.string(), side: z.enum(['base', 'head']) }).nullable(),
  verdict: runVerdictWire,
})

export const liveRunWire = runUnderWayWire.extend({
  /** When it was last heard of; `isSilent`: longer ago than a run under way would be. */
  heardAt: at,
  isSilent: z.boolean(),
  requests: z.number(),
  errors: z.number(),
  latest: runMomentSchema.nullable(),
})

export const historyPointWire = z.object({
  id: z.string(),
  at,
  valueMs: msOrNull,
  isInvalid: z.boolean(),
  /** False: another definition, engine, scale or class of host than the latest run's; never judged with it. */
  isComparable: z.boolean(),
  gitSha: z.string().nullable(),
})

export const historyChangeWire = z.object({
  /** Place in `points` of the first run after the change. */
  index: z.number(),
  runId: z.string(),
  /** After by before; above 1 is slower. */
  ratio: z.number(),
})

/** GET /load/series?scenario=&series=&quantile=, the oldest first. */
export const loadHistoryWire = z.object({
  scenario: z.string(),
  series: z.string(),
  quantile: z.enum(QUANTILES),
  points: z.array(historyPointWire),
  changes: z.array(historyChangeWire),
})

export const loadScenarioWire = z.object({
  id: z.string(),
  title: z.string(),
  runs: z.number(),
  latest: loadRunSummaryWire,
  /** p95 of all requests. */
  history: loadHistoryWire,
  /** Names of the baselines that its latest run can be compared with. */
  baselines: z.array(z.string()),
})

/** GET /load/runs?scenario=&limit= */
export const loadRunsWire = z.object({
  headline: runVerdictWire.nullable(),
  live: z.array(liveRunWire),
  scenarios: z.array(loadScenarioWire),
  /** The latest first. */
  runs: z.array(loadRunSummaryWire),
})

export const causeWire = z.custom<Cause>((value) => typeof value === 'object' && value !== null)

/** Without histograms: those are in the file. */
export const shownRunWire = loadRunSchema.extend({
  series: z.array(runSeriesSchema.omit({ histogram: true, serviceHistogram: true, windows: true })),
})

export const comparisonSummaryWire = z.object({
  id: z.string(),
  at,
  verdict: z.enum(VERDICTS),
  summary: z.string(),
  design: z.enum(DESIGNS),
  base: z.string(),
  head: z.string(),
})

/** GET /load/runs/:id */
export const loadRunWire = z.object({
  /** Null while it is under way. */
  summary: loadRunSummaryWire.nullable(),
  run: shownRunWire.nullable(),
  bottlenecks: z.array(causeWire),
  /** Parts that were left out because of its size; 'body': all but the figures of the summary went for the store's size. */
  leftOut: z.array(z.string()),
  live: liveRunWire.extend({ moments: z.array(runMomentSchema) }).nullable(),
  /** The latest first. */
  comparisons: z.array(comparisonSummaryWire),
})

export const comparedSideWire = z.object({
  /** As asked for: ids of runs, or `baseline:ID`. */
  ref: z.string(),
  label: z.string(),
  runs: z.array(loadRunSummaryWire),
})

/** GET /load/compare?base=&head= */
export const comparedWire = z.object({
  comparison: z.custom<Comparison>((value) => typeof value === 'object' && value !== null),
  base: comparedSideWire,
  head: comparedSideWire,
})

export const loadBaselineWire = z.object({
  id: z.string(),
  name: z.string(),
  scenario: z.object({ id: z.string(), hash: z.string() }),
  hostClass: z.string(),
  status: z.enum(['candidate', 'active', 'retired']),
  createdAt: at,
  promoted: z.object({ at, by: z.string(), reason: z.string() }).nullable(),
  /** The oldest first. */
  runIds: z.array(z.string()),
  p50Ms: msOrNull,
  p95Ms: msOrNull,
})

/** GET /load/baselines */
export const loadBaselinesWire = z.object({ baselines: z.array(loadBaselineWire) })

/** POST /load/baselines: made of kept runs; a whole baseline file is taken as well. */
export const baselineRequestWire = z.object({
  name: z.string().trim().min(1).max(100),
  runs: z.array(z.string()).min(1).max(20),
  reason: z.string().trim().min(3),
  by: z.string().trim().min(1).prefault('dashboard'),
})

export interface RunUnderWay extends z.output<typeof runUnderWayWire> {}
export type MomentsReportWire = z.output<typeof momentsReportWire>
export type RunStanding = (typeof RUN_STANDINGS)[number]
export type RunVerdictWire = z.output<typeof runVerdictWire>
export type LoadRunSummaryWire = z.output<typeof loadRunSummaryWire>
export type LiveRunWire = z.output<typeof liveRunWire>
export type HistoryPointWire = z.output<typeof historyPointWire>
export type HistoryChangeWire = z.output<typeof historyChangeWire>
export type LoadHistoryWire = z.output<typeof loadHistoryWire>
export type LoadScenarioWire = z.output<typeof loadScenarioWire>
export type LoadRunsWire = z.output<typeof loadRunsWire>
export type ShownRunWire = z.output<typeof shownRunWire>
export type LoadRunWire = z.output<typeof loadRunWire>
export type CauseWire = z.output<typeof causeWire>
export type ComparisonSummaryWire = z.output<typeof comparisonSummaryWire>
export type ComparedWire = z.output<typeof comparedWire>
export type LoadBaselineWire = z.output<typeof loadBaselineWire>
export type LoadBaselinesWire = z.output<typeof loadBaselinesWire>
