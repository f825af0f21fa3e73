// An optimization record as the API speaks of it, and what each of its entries holds: seven steps, from a finding to its measured result.

import { z } from 'zod'
import { evidenceWire } from './evidence-wire.ts'
import { SEVERITIES } from './finding.ts'
import { EFFECT_VERDICTS } from './index-effect.ts'

const at = z.iso.datetime()
const windowWire = z.object({ from: at, to: at })

/** In their order; a record takes them as they come, and deploys before it measures. */
export const OPTIMIZATION_STEPS = [
  'identify',
  'analyse',
  'root-cause',
  'implement',
  'deploy',
  'measure',
  'document',
] as const
export type OptimizationStep = (typeof OPTIMIZATION_STEPS)[number]

export const identifiedWire = z.object({
  title: z.string(),
  findingKey: z.string().nullable(),
  checkId: z.string().nullable(),
  severity: z.enum(SEVERITIES).nullable(),
  /** Of the finding. */
  firstSeenAt: at.nullable(),
  evidence: z.array(evidenceWire),
})

export const analysedWire = z.object({
  /** The statements that it is for, as they ran before; empty: it is for none in particular. */
  statements: z.array(
    z.object({
      queryId: z.string(),
      text: z.string(),
      callsPerMinute: z.number().nullable(),
      meanMs: z.number().nullable(),
      /** Planner cost per call, before and as predicted. */
      costBefore: z.number().nullable(),
      costAfter: z.number().nullable(),
      /** Names of the plan's nodes from the top, as it was; null: none is known. */
      plan: z.array(z.string()).nullable(),
    }),
  ),
  /** Where that comes from, in words. */
  source: z.string(),
})

export const causeFoundWire = z.object({
  text: z.string(),
  /** The check's page, as a path in this project; null: a person wrote it, or there is none. */
  page: z.string().nullable(),
})

export const implementedWire = z.object({
  sql: z.array(z.string()),
  undo: z.array(z.string()).nullable(),
  lock: z.string().nullable(),
  caution: z.string().nullable(),
  jobId: z.string().nullable(),
  /** What was seen of it, in words, where no job and no new index tells. */
  seen: z.string().optional(),
})

export const deployedWire = z.object({
  at,
  /** Null: it was not made by maintenance. */
  jobId: z.string().nullable(),
  decisionId: z.string().nullable(),
  decidedBy: z.string().nullable(),
  /** What the events of the target name as where it came from: a deployment, a migration; null: nothing. */
  through: z.string().nullable(),
})

export const statementMeasuredWire = z.object({
  queryId: z.string(),
  text: z.string(),
  callsPerMinuteBefore: z.number(),
  callsPerMinuteAfter: z.number(),
  meanMsBefore: z.number(),
  meanMsAfter: z.number(),
  blocksPerCallBefore: z.number(),
  blocksPerCallAfter: z.number(),
  /** Cost after to cost before; null: not predicted. */
  predictedRatio: z.number().nullable(),
  /** Mean time after to before; null: too few calls. */
  measuredRatio: z.number().nullable(),
  verdict: z.enum(EFFECT_VERDICTS),
})

/** gone: the check no longer finds it. remains: it still does. */
export const MEASURED_VERDICTS = [...EFFECT_VERDICTS, 'gone', 'remains'] as const

export const measuredWire = z.object({
  verdict: z.enum(MEASURED_VERDICTS),
  because: z.string().nullable(),
  /** Of statements before and after; null: judged by the check and by what the job changed. */
  windows: z.object({ before: windowWire, after: windowWire }).nullable(),
  predictedRatio: z.number().nullable(),
  measuredRatio: z.number().nullable(),
  statements: z.array(statementMeasuredWire),
  evidenceBefore: z.array(evidenceWire),
  evidenceAfter: z.array(evidenceWire),
  value: z.object({
    /** Database time saved; negative: it costs more. Null: not measured. */
    msPerDay: z.number().nullable(),
    /** Of the time of all statements before, 0 to 1. */
    share: z.number().nullable(),
    /** Space freed; negative: it takes more. Null: not measured. */
    bytes: z.number().nullable(),
    source: z.string(),
  }),
})

export const OPTIMIZATION_STATES = ['under-way', 'measuring', 'completed', 'abandoned', 'taken-back'] as const

const headShape = {
  /** OPT-12 */
  name: z.string(),
  number: z.number(),
  targetId: z.string().nullable(),
  state: z.enum(OPTIMIZATION_STATES),
  title: z.string(),
  findingKey: z.string().nullable(),
  openedAt: at,
  updatedAt: at,
  steps: z.array(
    z.object({
      step: z.enum(OPTIMIZATION_STEPS),
      /** Null: it is not done. */
      at: at.nullable(),
      actor: z.string().nullable(),
    }),
  ),
  verdict: z.enum(MEASURED_VERDICTS).nullable(),
  value: measuredWire.shape.value.nullable(),
}

export const optimizationHeadWire = z.object(headShape)
export type OptimizationHeadWire = z.output<typeof optimizationHeadWire>

/** GET /optimizations, the latest first. */
export const optimizationsWire = z.object({ optimizations: z.array(optimizationHeadWire) })

/** GET /optimizations/:name */
export const optimizationWire = z.object({
  ...headShape,
  origin: z.string().nullable(),
  identify: identifiedWire,
  analyse: analysedWire.nullable(),
  rootCause: causeFoundWire.nullable(),
  implement: implementedWire.nullable(),
  deploy: deployedWire.nullable(),
  measure: measuredWire.nullable(),
  /** Markdown; empty: not written yet. */
  document: z.string(),
  amendments: z.array(z.object({ at, actor: z.string(), text: z.string() })),
  /** Why it was abandoned or taken back. */
  endedBecause: z.string().nullable(),
  entries: z.array(z.object({ seq: z.number(), at, actor: z.string(), action: z.string() })),
})
export type OptimizationWire = z.output<typeof optimizationWire>

/** POST /optimizations/:name/amend */
export const amendOptimizationWire = z.object({
  actor: z.string().trim().min(1).prefault('api'),
  text: z.string().trim().min(1, 'what is there to add?'),
  /** It replaces the root cause, which stays in the record's entries. */
  about: z.enum(['root-cause', 'document']).prefault('document'),
})
