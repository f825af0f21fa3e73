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
  /** What shares are of. */
  readonly measure: 'time' | 'cost'
  /** Of the whole plan; null: not measured. */
  readonly totalMs: number | null
}

export function planSteps(plan: PlanNode): PlanSteps {
  const isAnalyzed = typeof plan['Actual Rows'] === 'number'
  const totalMs = numberAt(plan, 'Actual Total Time')
  const measure = totalMs !== null && totalMs > 0 ? 'time' : 'cost'
  const all: PlanStep[] = []
  const weigh = measure === 'time' ? (weighTime as Weigh) : weighCost
  const whole = measure === 'time' ? totalMs! : Math.max(plan['Total Cost'], 0.01)
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
