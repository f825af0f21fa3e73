// A plan as a flat list of its steps, each with its place and its share of the whole, in time where it was measured and in cost else.

import type { PlanNode } from '../../model/what-if.ts'

export interface PlanStep {
  readonly node: PlanNode
  /** Indexes into Plans from the root. */
  readonly path: readonly number[]
  readonly parent: PlanStep | null
  readonly children: readonly PlanStep[]
  /** Times it ran; estimated where the plan did not run. */
  readonly loops: number
  /** Of the whole plan, what is below included; 0 to 1. */
  readonly share: number
  /** Of the whole plan, what is below not included. */
  readonly ownShare: number
}

export interface PlanSteps {
  readonly root: PlanStep
  /** From the root down, inputs in the plan's order. */
  readonly all: readonly PlanStep[]
  /** With actual rows. */
  readonly isAnalyzed: boolean
  /** What shares are of: work is the cost, counted by the rows that really came, of a plan that ran without a clock (log_timing off). */
  readonly measure: 'time' | 'work' | 'cost'
  /** Of the whole plan; null: not measured. */
  readonly totalMs: number | null
}

export function planSteps(plan: PlanNode): PlanSteps {
  const isAnalyzed = typeof plan['Actual Rows'] === 'number'
  const totalMs = numberAt(plan, 'Actual Total Time')
  const measure = totalMs !== null && totalMs > 0 ? 'time' : isAnalyzed ? 'work' : 'cost'
  const all: PlanStep[] = []
  const work = measure === 'work' ? workOf(plan) : null
  const weigh: Weigh =
    measure === 'time'
      ? weighTime
      : work === null
        ? weighCost
        : (child) => ({
            loops: numberAt(child, 'Actual Loops') ?? 1,
            weight: work.get(child) ?? 0,
            processes: 1,
          })
  const whole = measure === 'time' ? totalMs! : Math.max(work?.get(plan) ?? plan['Total Cost'], 0.01)
  const root = stepOf(plan, [], null, { loops: 1, weight: whole, processes: 1 }, { all, weigh, whole })
  return { root, all, isAnalyzed, measure, totalMs }
}

interface Standing {
  readonly loops: number
  readonly weight: number
  /** Among which the work below a Gather is divided. */
  readonly processes: number
}

type Weigh = (child: PlanNode, parent: PlanNode, standing: Standing) => Standing

interface Making {
  readonly all: PlanStep[]
  readonly weigh: Weigh
  readonly whole: number
}

function stepOf(
  node: PlanNode,
  path: readonly number[],
  parent: PlanStep | null,
  standing: Standing,
  making: Making,
): PlanStep {
  const plans = node.Plans ?? []
  const wanted = plans.map((child) => making.weigh(child, node, standing))
  const sum = wanted.reduce((total, each) => total + each.weight, 0)
  // a LIMIT pays for a part of what is below it only, and clocks are not exact: together never more than the parent
  const scale = sum > standing.weight ? standing.weight / sum : 1
  const children: PlanStep[] = []
  const step: PlanStep = {
    node,
    path,
    parent,
    children,
    loops: standing.loops,
    share: standing.weight / making.whole,
    ownShare: Math.max(0, standing.weight - sum * scale) / making.whole,
  }
  making.all.push(step)
  for (const [place, child] of plans.entries()) {
    const its = wanted[place]!
    children.push(stepOf(child, [...path, place], step, { ...its, weight: its.weight * scale }, making))
  }
  return step
}

function weighTime(child: PlanNode, parent: PlanNode, { processes }: Standing): Standing {
  const below = processes * processesBelow(parent)
  const loops = numberAt(child, 'Actual Loops') ?? 1
  // the scan of a CTE pulls its rows, and so holds its time already
  const isPulled = child['Parent Relationship'] === 'InitPlan' && /^CTE /.test(String(child['Subplan Name']))
  const weight = isPulled ? 0 : ((numberAt(child, 'Actual Total Time') ?? 0) * loops) / below
  return { loops, weight, processes: below }
}

function processesBelow(node: PlanNode): number {
  if (node['Node Type'] !== 'Gather' && node['Node Type'] !== 'Gather Merge') return 1
  const workers = numberAt(node, 'Workers Launched') ?? 0
  return node['Single Copy'] === true ? 1 : workers + 1
}

function weighCost(child: PlanNode, parent: PlanNode, { loops }: Standing): Standing {
  const once = child['Total Cost']
  const kind = child['Parent Relationship']
  if (kind === 'Inner' && parent['Node Type'] === 'Nested Loop') {
    const outer = parent.Plans?.find((each) => each['Parent Relationship'] === 'Outer')
    const times = Math.max(1, outer?.['Plan Rows'] ?? 1)
    // reads from memory after the first time
    const rereads = child['Node Type'] === 'Materialize' ? 1 : times
    const most = Math.max(once, parent['Total Cost'] - (outer?.['Total Cost'] ?? 0))
    return { loops: loops * times, weight: Math.min(once * rereads, most) * scaleOf(loops), processes: 1 }
  }
  if (kind === 'SubPlan' && !/^hashed /.test(String(child['Subplan Name']))) {
    const times = Math.max(1, parent['Plan Rows'])
    return { loops: loops * times, weight: once * times * scaleOf(loops), processes: 1 }
  }
  return { loops, weight: once * scaleOf(loops), processes: 1 }
}

/** Of each step with all below it: its own cost a run, for as many runs, and for as many rows as came where more cost more. */
function workOf(root: PlanNode): ReadonlyMap<PlanNode, number> {
  const found = new Map<PlanNode, number>()
  const visit = (node: PlanNode): number => {
    const inputs = node.Plans ?? []
    const below = inputs.reduce((sum, input) => sum + visit(input), 0)
    const own = Math.max(
      0.01,
      node['Total Cost'] - inputs.reduce((sum, input) => sum + input['Total Cost'], 0),
    )
    const total = below + own * (numberAt(node, 'Actual Loops') ?? 1) * moreThanExpected(inputs[0] ?? node)
    found.set(node, total)
    return total
  }
  visit(root)
  return found
}

/** Finding nothing costs something too. */
const LEAST_FACTOR = 0.25

/** A sequential scan costs the same whatever comes of it, and a filter may have read on for few. */
function moreThanExpected(node: PlanNode): number {
  if (node['Node Type'] === 'Seq Scan' && (node.Plans ?? []).length === 0) return 1
  const ratio = (numberAt(node, 'Actual Rows') ?? 1) / Math.max(1, node['Plan Rows'])
  return (numberAt(node, 'Rows Removed by Filter') ?? 0) > 0
    ? Math.max(1, ratio)
    : Math.max(LEAST_FACTOR, ratio)
}

/** What is asked for is bounded by the parent's weight anyway. */
function scaleOf(loops: number): number {
  return Math.max(1, loops)
}

export function numberAt(node: PlanNode, field: string): number | null {
  const value = node[field]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

export function textAt(node: PlanNode, field: string): string | null {
  const value = node[field]
  return typeof value === 'string' ? value : null
}

/** Rows that came out over all loops; null: it did not run. */
export function actualRows({ node, loops }: PlanStep): number | null {
  const each = numberAt(node, 'Actual Rows')
  return each === null ? null : each * loops
}
