// Statements of the interval together with the plan that each was last seen with: the ground of every check on plans.

import { z } from 'zod'
import type { KnownPlan } from '../../facts/statement-plans.ts'
import type { StatementTextRow } from '../../facts/statement-texts.ts'
import type { StatementRow } from '../../facts/statements.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { Skip } from '../../model/check.ts'
import type { Interval } from '../../model/fact.ts'
import type { Evidence, Severity } from '../../model/finding.ts'
import type { InsightContext } from '../../plans/insights/insight-context.ts'
import { type PlanSteps, planSteps } from '../../plans/insights/plan-steps.ts'
import { type StatementLoad, statementLoads } from './statement-load.ts'

export interface PlannedStatement {
  readonly load: StatementLoad
  readonly plan: KnownPlan
  readonly steps: PlanSteps
  readonly context: InsightContext
}

/** What all of them ask before they speak. */
export const planOptions = {
  minCalls: z
    .number()
    .int()
    .positive()
    .prefault(5)
    .describe('Within the interval: not what somebody tried at a prompt.'),
  minBusy: z
    .number()
    .positive()
    .prefault(0.01)
    .describe('Mean number of sessions kept busy by it: 600 ms of each minute; less is not worth a change.'),
  warnBusy: z
    .number()
    .positive()
    .prefault(0.1)
    .describe('A warning from here on: six seconds of each minute, a tenth of a processor.'),
  criticalBusy: z
    .number()
    .positive()
    .prefault(1)
    .describe('Critical from here on: it keeps a session, and mostly a processor, busy all the time.'),
}
export interface PlanOptions {
  readonly minCalls: number
  readonly minBusy: number
  readonly warnBusy: number
  readonly criticalBusy: number
}

/** No plan is no good news. */
export function skipWithoutPlans(plans: readonly KnownPlan[]): Skip | null {
  return plans.length > 0
    ? null
    : {
        skip: 'no plan is known yet: pgsteward watch looks at those of the heaviest statements, and reads those that auto_explain logs',
      }
}

export function planFor(load: StatementLoad, plans: readonly KnownPlan[]): KnownPlan | undefined {
  const its = plans.filter((plan) => plan.database === load.database && plan.queryIds.includes(load.queryId))
  // by its own id rather than by a fingerprint that several share
  return its.find((plan) => plan.queryId === load.queryId) ?? its[0]
}

/** Statements of this database with a known plan, that ran often enough; the one with the most time first. */
export function plannedStatements(
  database: string,
  statements: Interval<StatementRow>,
  texts: readonly StatementTextRow[],
  plans: readonly KnownPlan[],
  tables: readonly TableRow[],
  { minCalls }: Pick<PlanOptions, 'minCalls'>,
): readonly PlannedStatement[] {
  const rowsOf = (schema: string | null, name: string) => tableNamed(tables, schema, name)?.rows ?? null
  return statementLoads(database, statements, texts).flatMap((load) => {
    const plan = planFor(load, plans)
    if (plan === undefined || load.calls < minCalls) return []
    const { rowsPerCall, blocksPerCall } = load
    return [{ load, plan, steps: planSteps(plan.plan), context: { rowsOf, rowsPerCall, blocksPerCall } }]
  })
}

/** A plan names its schema only where it was asked to: else `public` is meant, or the only one of that name. */
export function tableNamed(
  tables: readonly TableRow[],
  schema: string | null,
  name: string,
): TableRow | undefined {
  const named = tables.filter((table) => table.name === name && (schema === null || table.schema === schema))
  return named.length > 1 ? named.find((table) => table.schema === 'public') : named[0]
}

/** By the sessions that the ill keeps busy: the statement's, times the share of its plan that it is about. */
export function severityByBusy(busySessions: number, { warnBusy, criticalBusy }: PlanOptions): Severity {
  if (busySessions >= criticalBusy) return 'critical'
  return busySessions >= warnBusy ? 'warning' : 'info'
}

/** Where the plan is from, and when. */
export function planEvidence({ plan }: PlannedStatement): readonly Evidence[] {
  const source =
    plan.source === 'auto_explain'
      ? 'as it ran, logged by auto_explain'
      : plan.source === 'parameters'
        ? 'EXPLAIN with captured values'
        : 'EXPLAIN without values'
  return [{ label: 'plan', value: `${source}, last seen ${plan.lastSeenAt.toISOString()}`, unit: 'text' }]
}

export function busyEvidence(busySessions: number, { minBusy, warnBusy }: PlanOptions): readonly Evidence[] {
  return [
    { label: 'sessions kept busy by it', value: busySessions, unit: 'count' },
    { label: 'reported from', value: minBusy, unit: 'count' },
    { label: 'a warning from', value: warnBusy, unit: 'count' },
  ]
}
