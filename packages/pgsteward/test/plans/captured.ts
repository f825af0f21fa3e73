// Plans that were taken from real servers (capture.ts), for tests that need no server.

import { readFileSync } from 'node:fs'
import type { KnownPlan } from '../../src/facts/statement-plans.ts'
import type { PlanNode } from '../../src/model/what-if.ts'
import { redactPlan } from '../../src/plans/redact-plan.ts'
import { ago } from '../judge.ts'
import type { CapturedPlans } from './capture-plans.ts'

interface Captured {
  readonly tableRows: Readonly<Record<string, number>>
  readonly plans: Readonly<Record<string, CapturedPlans>>
}

const BY_MAJOR = { 14: read(14), 18: read(18) }

export function capturedPlan(id: string, form: 'analyzed' | 'generic', major: 14 | 18 = 18): PlanNode {
  const plans = BY_MAJOR[major].plans[id]
  if (plans === undefined) throw new Error(`no plan of ${id} was captured: run test/plans/capture.ts`)
  return plans[form]
}

export function capturedRows(table: string, major: 14 | 18 = 18): number | null {
  return BY_MAJOR[major].tableRows[table] ?? null
}

/** The current plan of query 1, kept as plans are: without values. */
export function knownPlan(plan: PlanNode, over: Partial<KnownPlan> = {}): KnownPlan {
  const isAnalyzed = plan['Actual Rows'] !== undefined
  return {
    id: '1',
    queryId: '1',
    queryIds: ['1'],
    fingerprint: '0123456789abcdef',
    database: 'app',
    shape: 'abc',
    plan: redactPlan(plan),
    isAnalyzed,
    source: isAnalyzed ? 'auto_explain' : 'generic',
    parameters: null,
    text: '',
    totalCost: plan['Total Cost'],
    durationMs: isAnalyzed ? 100 : null,
    firstSeenAt: ago(3_600_000),
    lastSeenAt: ago(60_000),
    seen: 3,
    ...over,
  }
}

function read(major: number): Captured {
  return JSON.parse(readFileSync(new URL(`captured-${major}.json`, import.meta.url), 'utf8')) as Captured
}

/** What EXPLAIN alone would have told of a plan that ran. */
export function asPlanned(plan: PlanNode): PlanNode {
  const told = JSON.stringify(plan, (field, value) =>
    /^(?:Actual|Rows Removed|Workers Launched|Peak Memory|Sort (?:Method|Space)|Heap Fetches|Exact Heap|Lossy Heap|Hash B|Disk Usage|Original Hash)/.test(
      field,
    )
      ? undefined
      : value,
  )
  return JSON.parse(told) as PlanNode
}
