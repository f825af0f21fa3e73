// Plans a workload on two twins, one with the schema as it is and one with the migrations applied, and sets the plans side by side.

import type { PlanSide, ReplannedStatement } from '../model/review.ts'
import type { Asked, WhatIfPlanner } from '../model/what-if.ts'
import { comparePlans } from '../plans/compare-plans.ts'
import type { StatisticsFile } from '../twin/statistics/statistics-file.ts'
import { memorySetting, type PlanContext, planSide } from './plan-side.ts'

export interface WeightedAsk extends Asked {
  /** Of the statement's calls; a statement's weights sum to 1. */
  readonly weight: number
}

export interface StatementToPlan {
  readonly id: string
  readonly sql: string
  readonly callsPerMinute: number
  readonly isNew: boolean
  /** One or several samples of its parameters. */
  readonly asks: readonly WeightedAsk[]
  readonly valuesFrom: ReplannedStatement['valuesFrom']
}

/** A statement's samples planned, in the order asked. */
export type PlannedStatement = { readonly sides: readonly PlanSide[] } | { readonly error: string }

export async function planAll(
  planner: WhatIfPlanner,
  file: StatisticsFile,
  statements: readonly StatementToPlan[],
): Promise<readonly PlannedStatement[]> {
  const context = contextOf(file)
  const asked = statements.flatMap(({ asks }) => asks)
  const answers = await planner.explainAll(asked)
  let next = 0
  return statements.map(({ asks }): PlannedStatement => {
    const own = answers.slice(next, next + asks.length)
    next += asks.length
    const failed = own.find((each) => 'error' in each)
    if (failed !== undefined && 'error' in failed) return { error: failed.error.message }
    return { sides: own.flatMap((each) => ('plan' in each ? planSide(each.plan, context) : [])) }
  })
}

/** Costs are the means of the samples; the plans shown are those of the sample that lost most, or costs most. */
export function sideBySide(
  statements: readonly StatementToPlan[],
  before: readonly PlannedStatement[],
  after: readonly PlannedStatement[],
): readonly ReplannedStatement[] {
  return statements.map(({ id, sql, callsPerMinute, isNew, valuesFrom, asks }, place) => {
    const [one, other] = [before[place]!, after[place]!]
    const costs = (each: PlannedStatement) => ('sides' in each ? each.sides.map(({ cost }) => cost) : null)
    const shown = worst(costs(one), costs(other))
    const sideOf = (each: PlannedStatement): PlanSide | null =>
      'sides' in each
        ? {
            ...each.sides[shown]!,
            cost: asks.reduce((sum, { weight }, sample) => sum + each.sides[sample]!.cost * weight, 0),
          }
        : null
    const [left, right] = [sideOf(one), sideOf(other)]
    return {
      id,
      sql,
      callsPerMinute,
      isNew,
      before: left,
      after: right,
      errorBefore: 'error' in one ? one.error : null,
      errorAfter: 'error' in other ? other.error : null,
      difference: left === null || right === null ? null : comparePlans(left.plan, right.plan).difference,
      valuesFrom,
    }
  })
}

function worst(before: readonly number[] | null, after: readonly number[] | null): number {
  const losses = (after ?? before ?? []).map(
    (cost, place) => cost - (after === null ? 0 : (before?.[place] ?? 0)),
  )
  return Math.max(0, losses.indexOf(Math.max(...losses)))
}

function contextOf(file: StatisticsFile): PlanContext {
  const tables = new Map(file.tables.map((table) => [`${table.schema}.${table.name}`, table]))
  const byName = new Map(file.tables.map((table) => [table.name, table]))
  return {
    table: (schema, name) => {
      const table = schema === null ? byName.get(name) : tables.get(`${schema}.${name}`)
      if (table === undefined) return null
      let root = table
      for (let parent = root.parents[0]; root.isPartition && parent !== undefined; parent = root.parents[0]) {
        const above = tables.get(`${parent.schema}.${parent.name}`)
        if (above === undefined) break
        root = above
      }
      return {
        rows: Math.max(0, table.rows),
        sizeBytes: table.blocks * 8192,
        root: { schema: root.schema, name: root.name },
      }
    },
    workMemBytes: memorySetting(file.settings.work_mem, 4 * 1024 ** 2),
    hashMemMultiplier: Number(file.settings.hash_mem_multiplier ?? 2) || 2,
  }
}
