// How a table is to be divided: by what, in what steps, kept for how long. What advice draws, the migration builds and maintenance keeps up.

import type { RelationRef } from './maintenance.ts'

/** Of a time key. Calendar units begin at midnight UTC; a week on Monday. */
export const TIME_STEPS = ['day', 'week', 'month', 'quarter', 'year'] as const
export type TimeStep = (typeof TIME_STEPS)[number]

/** A range each: of time, or of as many values of a growing integer (from 0 on). */
export type PartitionStep =
  | { readonly by: 'time'; readonly every: TimeStep }
  | { readonly by: 'number'; readonly size: number }

export interface PartitionDesign {
  readonly table: RelationRef
  /** One column, not null. Its type as `format_type` spells it. */
  readonly key: { readonly column: string; readonly type: string }
  readonly step: PartitionStep
  /** Partitions that end longer ago are detached. Null: all are kept. Of a time key only. */
  readonly keepMonths: number | null
}
