// Where the planner's row estimates part from what came: the lowest step, since all above it are reckoned from it.

import type { PlanInsight } from '../../model/plan.ts'
import type { InsightContext } from './insight-context.ts'
import { numberAt, type PlanStep, type PlanSteps } from './plan-steps.ts'
import { rowsOf, stepName, timesAs } from './words.ts'

/** Estimates are guesses: a plan bears several times; from ten on joins and sorts are chosen for another table. */
const WRONG_BY = 10
/** What is misjudged among some hundred rows costs nothing. */
const LEAST_ROWS = 500

/** They pass on what is below them, or count otherwise (a BitmapAnd has no rows, a Modify Table those that it returns). */
const NO_ORIGIN = new Set([
  'BitmapAnd',
  'BitmapOr',
  'ModifyTable',
  'Modify Table',
  'Hash',
  'Sort',
  'Incremental Sort',
  'Materialize',
  'Memoize',
  'Gather',
  'Gather Merge',
  'Limit',
  'LockRows',
  'Result',
  'Subquery Scan',
])
/** They have read all of their input before the first row comes out. */
const READS_ALL = new Set(['Sort', 'Hash', 'Aggregate', 'WindowAgg', 'SetOp'])
const JOINS = new Set(['Nested Loop', 'Hash Join', 'Merge Join'])

export interface Misestimate {
  readonly step: PlanStep
  /** Per loop. */
  readonly expected: number
  readonly actual: number
  /** Actual over expected; below 1 it was expected too high. */
  readonly ratio: number
}

/** Steps that misjudge while their inputs do not, the widest apart first. */
export function misestimates(steps: PlanSteps): readonly Misestimate[] {
  if (!steps.isAnalyzed) return []
  return steps.all
    .flatMap((step) => {
      const found = misestimateAt(step)
      return found !== null && !NO_ORIGIN.has(step.node['Node Type']) && !isWrongBelow(step) ? [found] : []
    })
    .sort((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)))
}

export function misestimateInsights(steps: PlanSteps, context: InsightContext): readonly PlanInsight[] {
  if (!steps.isAnalyzed) return misestimatedAsAWhole(steps, context)
  return misestimates(steps).map(({ step, expected, actual, ratio }) => ({
    kind: 'misestimate',
    words:
      `The planner expected ${rowsOf(expected)} from the ${stepName(step.node)}, and ${rowsOf(actual)} came` +
      `${step.loops > 1 ? ' each time' : ''}: ${timesAs(ratio > 1 ? ratio : 1 / ratio)} as ${
        ratio > 1 ? 'many' : 'few'
      }.`,
    share: concernedShare(step),
    path: step.path,
    figures: {
      step: stepName(step.node),
      expectedRows: expected,
      actualRows: actual,
      loops: step.loops,
      ...('Relation Name' in step.node ? { table: step.node['Relation Name'] as string } : {}),
    },
  }))
}

/** Of a plan that did not run: what its statement returned on average, against what the planner expects. */
export function misestimatedAsAWhole(
  { root }: PlanSteps,
  { rowsPerCall }: InsightContext,
): readonly PlanInsight[] {
  if (rowsPerCall == null || hasLimit(root)) return []
  // a write counts the rows that it changes
  const counted = /^Modify ?Table$/.test(root.node['Node Type']) ? (root.children[0] ?? root) : root
  const expected = counted.node['Plan Rows']
  const ratio = rowsPerCall / Math.max(expected, 1)
  // the average over many values may well be far below what the planner takes for typical
  if (ratio < WRONG_BY || rowsPerCall < LEAST_ROWS) return []
  return [
    {
      kind: 'misestimate',
      words: `The planner expects ${rowsOf(expected)}, and the statement returns ${rowsOf(rowsPerCall)} a call: ${timesAs(ratio)} as many.`,
      share: 1,
      path: counted.path,
      figures: { step: stepName(counted.node), expectedRows: expected, actualRows: rowsPerCall, loops: 1 },
    },
  ]
}

function hasLimit(step: PlanStep): boolean {
  return step.node['Node Type'] === 'Limit' || step.children.some((each) => isInput(each) && hasLimit(each))
}

/** Null: near enough, too few, or its rows were cut off by what is above. */
export function misestimateAt(step: PlanStep): Misestimate | null {
  const [expected, actual] = [step.node['Plan Rows'], numberAt(step.node, 'Actual Rows')]
  if (actual === null || step.loops === 0) return null
  if (Math.max(expected, actual) * step.loops < LEAST_ROWS) return null
  const ratio = Math.max(actual, 1 / step.loops, 0.01) / Math.max(expected, 1)
  if (ratio < WRONG_BY && ratio > 1 / WRONG_BY) return null
  // a lookup that finds less than expected costs less, and depends on what it is given
  if (ratio < 1 && (mayStopEarly(step) || (step.loops > 1 && isWithinLoop(step)))) return null
  // rows that a merge join goes back to are counted again
  if (ratio > 1 && step.parent?.node['Node Type'] === 'Merge Join' && isInner(step)) return null
  return { step, expected, actual, ratio }
}

function isWrongBelow(step: PlanStep): boolean {
  return step.children.some(
    (child) => isInput(child) && (misestimateAt(child) !== null || isWrongBelow(child)),
  )
}

function isInput({ node }: PlanStep): boolean {
  return node['Parent Relationship'] !== 'InitPlan' && node['Parent Relationship'] !== 'SubPlan'
}

/** Something above takes what it needs and no more: a LIMIT, EXISTS, a merge join that reached its end. */
function mayStopEarly(step: PlanStep): boolean {
  for (let [at, parent] = [step, step.parent]; parent !== null; [at, parent] = [parent, parent.parent]) {
    const { node } = parent
    if (node['Node Type'] === 'Limit' || node['Node Type'] === 'Merge Join') return true
    if (!isInput(at)) return true
    if (isInner(at) && (node['Inner Unique'] === true || /Semi|Anti/.test(String(node['Join Type']))))
      return true
    if (READS_ALL.has(node['Node Type']) && node.Strategy !== 'Sorted') return false
  }
  return false
}

function isWithinLoop(step: PlanStep): boolean {
  const { parent } = step
  if (parent === null) return false
  return (parent.node['Node Type'] === 'Nested Loop' && isInner(step)) || isWithinLoop(parent)
}

function isInner({ node }: PlanStep): boolean {
  return node['Parent Relationship'] === 'Inner'
}

/** Of the nearest join above it, whose way was chosen by the estimate; of the step itself where none is. */
function concernedShare(step: PlanStep): number {
  for (let parent = step.parent; parent !== null; parent = parent.parent) {
    if (JOINS.has(parent.node['Node Type'])) return parent.share
  }
  return step.share
}
