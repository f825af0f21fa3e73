// Scans that read a table the slow way: as a whole again and again, or through an index that is looked up in the table all the same.

import type { PlanInsight } from '../../model/plan.ts'
import type { InsightContext } from './insight-context.ts'
import { actualRows, numberAt, type PlanStep, type PlanSteps } from './plan-steps.ts'
import { countOf, percentOf, rowsOf, stepName } from './words.ts'

const LEAST_LOOPS = 10
/** Over all runs: less is done in a few milliseconds. */
const LEAST_ROWS = 20_000
const LEAST_FETCHES = 1000
/** Some pages are always younger than the last vacuum. */
const MANY_FETCHED = 0.2

export function scanInsights(steps: PlanSteps, context: InsightContext): readonly PlanInsight[] {
  return steps.all.flatMap((step) => repeatedScan(step, steps, context) ?? indexNotAlone(step) ?? [])
}

function repeatedScan(
  step: PlanStep,
  steps: PlanSteps,
  { rowsOf: rowsIn }: InsightContext,
): PlanInsight | null {
  const { node, loops } = step
  const table = node['Relation Name']
  if (node['Node Type'] !== 'Seq Scan' || table === undefined || loops < LEAST_LOOPS) return null
  // workers share one scan
  if (step.parent?.node['Node Type'].startsWith('Gather') || node['Parallel Aware'] === true) return null
  const once = steps.isAnalyzed
    ? (numberAt(node, 'Actual Rows') ?? 0) + (numberAt(node, 'Rows Removed by Filter') ?? 0)
    : (rowsIn?.(node.Schema ?? null, table) ?? node['Plan Rows'])
  if (once * loops < LEAST_ROWS) return null
  const runs = `${countOf(loops)} times`
  return {
    kind: 'scan',
    words: steps.isAnalyzed
      ? `${table} was read as a whole ${runs}, ${rowsOf(once)} each.`
      : `${table} is expected to be read as a whole ${runs}, ${rowsOf(once)} each.`,
    share: step.share,
    path: step.path,
    figures: { step: stepName(node), table, loops, rows: once },
  }
}

function indexNotAlone(step: PlanStep): PlanInsight | null {
  const fetches = (numberAt(step.node, 'Heap Fetches') ?? 0) * Math.min(1, step.loops)
  const rows = actualRows(step) ?? 0
  const table = step.node['Relation Name']
  if (step.node['Node Type'] !== 'Index Only Scan' || table === undefined) return null
  if (fetches < LEAST_FETCHES || fetches < MANY_FETCHED * rows) return null
  return {
    kind: 'scan',
    words: `The ${stepName(step.node)} had to look into the table for ${percentOf(Math.min(1, fetches / Math.max(1, rows)))} of its rows, since its pages were not vacuumed after they changed.`,
    share: step.ownShare,
    path: step.path,
    figures: { step: stepName(step.node), table, heapFetches: fetches, rows },
  }
}
