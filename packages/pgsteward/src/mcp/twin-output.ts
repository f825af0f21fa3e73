// How tools show what a planner twin said.

import { z } from 'zod'
import type { ReplannedStatement } from '../model/review.ts'
import type { PlanNode } from '../model/what-if.ts'
import { clip } from './inputs.ts'

export const twinOutput = z.object({
  kind: z.string(),
  versionNum: z.number().describe("The twin's server_version_num."),
  targetVersionNum: z.number(),
  statisticsAt: z.string().describe('When schema and statistics were read of the target.'),
  notes: z.array(z.string()).readonly().describe('What the twin lacks.'),
})

/** A plan over hundreds of partitions fills a model's window, and says no more than its steps. */
const LARGEST_PLAN = 20_000

export function smallPlan(plan: PlanNode): Record<string, unknown> | null {
  return JSON.stringify(plan).length > LARGEST_PLAN ? null : { ...plan }
}

const LONGEST_TEXT = 400
const MOST_STEPS = 12

const sideOutput = z.object({
  cost: z.number(),
  steps: z.array(z.string()),
  indexes: z.array(z.string()).readonly(),
  readsWholly: z.array(z.string()).describe('Tables that are read from end to end.'),
})

export const replannedOutput = z.object({
  id: z.string(),
  sql: z.string(),
  callsPerMinute: z.number(),
  before: sideOutput.nullable(),
  after: sideOutput.nullable(),
  error: z.string().nullable(),
  difference: z.string().nullable().describe('Where the plans part; null: they do not.'),
})

export function replannedView(statement: ReplannedStatement): z.input<typeof replannedOutput> {
  const { id, sql, callsPerMinute, before, after, errorBefore, errorAfter, difference } = statement
  return {
    id,
    sql: clip(sql, LONGEST_TEXT),
    callsPerMinute,
    before: before === null ? null : sideView(before),
    after: after === null ? null : sideView(after),
    error: errorAfter ?? errorBefore,
    difference,
  }
}

function sideView({ cost, steps, indexes, sequentialScans }: NonNullable<ReplannedStatement['before']>) {
  return {
    cost,
    steps: steps.slice(0, MOST_STEPS),
    indexes,
    readsWholly: sequentialScans.map(({ schema, table }) => (schema === null ? table : `${schema}.${table}`)),
  }
}

/** Those whose cost or plan changes, by what that is worth a minute. */
export function changedPlans(statements: readonly ReplannedStatement[]): readonly ReplannedStatement[] {
  const worth = ({ before, after, callsPerMinute }: ReplannedStatement) =>
    Math.abs((after?.cost ?? 0) - (before?.cost ?? 0)) * callsPerMinute
  return statements
    .filter(
      (each) =>
        each.difference !== null ||
        (each.errorBefore === null) !== (each.errorAfter === null) ||
        Math.abs((each.after?.cost ?? 0) / (each.before?.cost || 1) - 1) > LEAST_CHANGE,
    )
    .sort((one, other) => worth(other) - worth(one))
}

/** Costs that differ by less are the same plan on an index of another height. */
const LEAST_CHANGE = 0.01
