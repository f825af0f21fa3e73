// Plans a workload on two twins, one with the schema as it is and one with the migrations applied, and sets the plans side by side.

import type { PlanSide, ReplannedStatement } from '../model/review.ts'
import type { Asked, NotPlanned, Planned, WhatIfPlanner } from '../model/what-if.ts'
import { comparePlans } from '../twin/compare-plans.ts'
import { isOneStatement } from '../twin/one-statement.ts'
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

/** A statement's samples planned: the mean cost, and the plan of the dearest, which is the one to look at. */
export type PlannedStatement = { readonly side: PlanSide } | { readonly error: string }

export async function planAll(
  planner: WhatIfPlanner,
  file: StatisticsFile,
  statements: readonly StatementToPlan[],
): Promise<readonly PlannedStatement[]> {
  const context = contextOf(file)
  const answers = await planner.explainAll(
    statements.flatMap(({ asks }) => asks.filter(({ sql }) => isOneStatement(sql))),
  )
  let next = 0
  return statements.map(({ asks }): PlannedStatement => {
    const planned: { readonly side: PlanSide; readonly weight: number }[] = []
    for (const { sql, weight } of asks) {
      const answer: Planned | NotPlanned = isOneStatement(sql)
        ? answers[next++]!
        : { error: { sqlState: '42601', message: 'more than one statement' } }
      if ('error' in answer) return skipTo(answer.error.message)
      planned.push({ side: planSide(answer.plan, context), weight })
    }
    const dearest = planned.toSorted((one, other) => other.side.cost - one.side.cost)[0]
    if (dearest === undefined) return { error: 'it has no text' }
    const cost = planned.reduce((sum, { side, weight }) => sum + side.cost * weight, 0)
    return { side: { ...dearest.side, cost } }

    // the other samples' answers belong to this statement too
    function skipTo(error: string): PlannedStatement {
      next += asks.slice(planned.length + 1).filter(({ sql }) => isOneStatement(sql)).length
      return { error }
    }
  })
}

export function sideBySide(
  statements: readonly StatementToPlan[],
  before: readonly PlannedStatement[],
  after: readonly PlannedStatement[],
): readonly ReplannedStatement[] {
  return statements.map(({ id, sql, callsPerMinute, isNew, valuesFrom }, place) => {
    const [one, other] = [before[place]!, after[place]!]
    const sides = 'side' in one && 'side' in other ? comparePlans(one.side.plan, other.side.plan) : null
    return {
      id,
      sql,
      callsPerMinute,
      isNew,
      before: 'side' in one ? one.side : null,
      after: 'side' in other ? other.side : null,
      errorBefore: 'error' in one ? one.error : null,
      errorAfter: 'error' in other ? other.error : null,
      difference: sides?.difference ?? null,
      valuesFrom,
    }
  })
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
