// Measures how well a planner agrees with the target's own EXPLAIN on the unchanged schema: on each build, for the workload at hand.

import type { Agreement, NotPlanned, Parameters, Planned, WhatIfPlanner } from '../model/what-if.ts'
import { comparePlans, isSameCost } from '../plans/compare-plans.ts'
import type { Session } from '../postgres/connect.ts'
import { literal } from '../sql/quote.ts'
import { explain } from './explain.ts'

export interface AskedStatement {
  readonly id: string
  readonly sql: string
  readonly parameters: Parameters
}

export interface Disagreement {
  readonly id: string
  /** Where the shapes part; null: the same shape at another cost. */
  readonly difference: string | null
  readonly targetCost: number
  readonly planCost: number
}

export interface MeasuredAgreement extends Agreement {
  readonly disagreements: readonly Disagreement[]
  /** Statements that one side or the other could not plan. */
  readonly failures: readonly {
    readonly id: string
    readonly side: 'target' | 'planner'
    readonly message: string
  }[]
}

export interface PlanningTarget {
  explain(sql: string, parameters: Parameters): Promise<Planned | NotPlanned>
}

/**
 * Explains on the target, in its read-only session, with the settings that a session of the role has by itself: never executes.
 * What the session was bounded by for reading is reset for good, except its timeouts.
 */
export async function planningTarget(
  session: Session,
  settings: Readonly<Record<string, string>> = {},
): Promise<PlanningTarget> {
  for (const name of [
    'search_path',
    'jit',
    'max_parallel_workers_per_gather',
    'timezone',
    'datestyle',
    'intervalstyle',
  ])
    await session.query('twin', `reset ${name}`)
  for (const [name, value] of Object.entries(settings))
    await session.query('twin', `select pg_catalog.set_config(${literal(name)}, ${literal(value)}, false)`)
  const send = async (sql: string) => {
    try {
      const { rows } = await session.query('twin', sql)
      const text = (value: unknown) =>
        value === null ? null : typeof value === 'string' ? value : JSON.stringify(value)
      return { rows: (rows ?? []).map((row) => Object.values(row).map(text)), error: null }
    } catch (error) {
      const { code, message, severity } = error as { code?: string; message: string; severity?: string }
      if (severity === undefined) throw error
      return { rows: [], error: { sqlState: code ?? null, message } }
    }
  }
  return {
    explain: (sql, parameters) =>
      explain(send, sql, parameters, { versionNum: session.server.versionNum, isVerbose: false }),
  }
}

export async function measureAgreement(
  target: PlanningTarget,
  planner: PlanningTarget | Pick<WhatIfPlanner, 'explainAll'>,
  statements: readonly AskedStatement[],
): Promise<MeasuredAgreement> {
  const disagreements: Disagreement[] = []
  const failures: { id: string; side: 'target' | 'planner'; message: string }[] = []
  let [sameShape, sameCost] = [0, 0]
  let actuals: readonly (Planned | NotPlanned)[] = []
  for (const [place, { id, sql, parameters }] of statements.entries()) {
    if (place % AT_ONCE === 0) actuals = await askSome(planner, statements.slice(place, place + AT_ONCE))
    const expected = await target.explain(sql, parameters)
    const actual = actuals[place % AT_ONCE]!
    if ('error' in expected) failures.push({ id, side: 'target', message: expected.error.message })
    if ('error' in actual) failures.push({ id, side: 'planner', message: actual.error.message })
    if ('error' in expected || 'error' in actual) continue
    const comparison = comparePlans(expected.plan, actual.plan)
    const targetCost = expected.plan['Total Cost']
    const isCost = isSameCost(comparison, targetCost)
    if (comparison.isSameShape) sameShape++
    if (isCost) sameCost++
    if (!comparison.isSameShape || !isCost)
      disagreements.push({
        id,
        difference: comparison.difference,
        targetCost,
        planCost: actual.plan['Total Cost'],
      })
  }
  const couldNotPlan = new Set(failures.map((failure) => failure.id)).size
  return { statements: statements.length, sameShape, sameCost, couldNotPlan, disagreements, failures }
}

/** Of the planner's answers, held at a time. */
const AT_ONCE = 100

async function askSome(
  planner: PlanningTarget | Pick<WhatIfPlanner, 'explainAll'>,
  statements: readonly AskedStatement[],
): Promise<readonly (Planned | NotPlanned)[]> {
  if ('explainAll' in planner) return planner.explainAll(statements)
  const answers: (Planned | NotPlanned)[] = []
  for (const { sql, parameters } of statements) answers.push(await planner.explain(sql, parameters))
  return answers
}
