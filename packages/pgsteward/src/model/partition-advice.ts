// What comes of asking whether a table should be divided into partitions: by what, what stands in the way, and what plans would become of it.

import { z } from 'zod'
import { TIME_STEPS } from './partition.ts'

const count = z.number().nonnegative()
/** 0 to 1. */
const share = z.number().min(0).max(1)
const relation = z.object({ schema: z.string(), name: z.string() })

/** As PartitionDesign. */
export const partitionDesign = z.object({
  table: relation,
  key: z.object({ column: z.string(), type: z.string() }),
  step: z.union([
    z.object({ by: z.literal('time'), every: z.enum(TIME_STEPS) }),
    z.object({ by: z.literal('number'), size: z.number().positive() }),
  ]),
  keepMonths: z.int().positive().nullable(),
})

export const BLOCKER_KINDS = [
  'foreign key',
  'unique constraint',
  'exclusion constraint',
  'on conflict',
  'nullable key',
  'generated key',
  'view',
  'trigger',
  'inheritance',
  'rule',
  'row type',
  'unlogged',
] as const

/** Has to be settled before the table can be divided. */
export const partitionBlocker = z.object({
  kind: z.enum(BLOCKER_KINDS),
  /** The constraint, view, trigger, statement ... */
  name: z.string(),
  because: z.string(),
  whatToDo: z.string(),
})

/** A column that was considered as the key. */
export const consideredKey = z.object({
  column: z.string(),
  type: z.string(),
  /** Of the time of the statements on this table: whose conditions bound it, so that partitions are left out. */
  boundedShare: share,
  /** Of the same: that look rows up by something else, and would have to look into every partition. */
  elsewhereShare: share,
  /** Rows are deleted by their age in it. */
  isRetention: z.boolean(),
  /** Why it can't be the key; null: it can. */
  refusedBecause: z.string().nullable(),
})

export const partitionStatement = z.object({
  id: z.string(),
  sql: z.string(),
  /** Of the time of the statements on this table. */
  shareOfTime: share,
  /** Of the planner, a call, over the same values. */
  costBefore: count,
  costAfter: count,
  /** Those that the plan reads, the most of its samples; of all. */
  partitionsScanned: z.int().nonnegative(),
  partitions: z.int().nonnegative(),
  /** It deletes by age alone: dropping a partition takes its place. */
  isReplacedByDrop: z.boolean(),
})

export const partitionAdvice = z.object({
  table: relation,
  rows: count,
  sizeBytes: count,
  /** Null: there is no column to divide by. */
  design: partitionDesign.nullable(),
  reasons: z.array(z.string()),
  keys: z.array(consideredKey),
  blockers: z.array(partitionBlocker),
  cautions: z.array(z.string()),
  /** With the target's own EXPLAIN on the table as it is; null: nothing was planned. */
  planner: z
    .object({
      kind: z.enum(['pglite', 'native']),
      versionNum: z.int(),
      agreement: z.object({
        statements: count,
        sameShape: count,
        sameCost: count,
        couldNotPlan: count,
      }),
    })
    .nullable(),
  /** The largest share of time first. */
  statements: z.array(partitionStatement),
  /** Planned cost of these statements afterwards as a multiple of before, by their shares of time; null: none was planned. */
  costRatio: z.number().nonnegative().nullable(),
  verdict: z.object({ is: z.enum(['worthwhile', 'not worthwhile']), because: z.string() }),
})

export const partitionReport = z.object({
  target: z.string(),
  tables: z.array(partitionAdvice),
  /** Statements that could not be taken into account, each with its reason. */
  leftOut: z.array(z.object({ id: z.string(), because: z.string() })),
  notes: z.array(z.string()),
})

export type PartitionBlocker = z.infer<typeof partitionBlocker>
export type ConsideredKey = z.infer<typeof consideredKey>
export type PartitionStatement = z.infer<typeof partitionStatement>
export type PartitionAdvice = z.infer<typeof partitionAdvice>
export type PartitionReport = z.infer<typeof partitionReport>
