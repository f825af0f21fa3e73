// Mends the costs of plans over HypoPG's indexes. HypoPG knows no height of a tree (it says -1), so each descent is free, and has no
// deduplication, so its indexes have too many pages. Both are known per scan, and are carried up to the plan's top.

import type { PlanNode } from '../../model/what-if.ts'

export interface HypotheticalIndex {
  /** What plans shall call it. */
  readonly name: string
  readonly rows: number
  /** By our own size model, and as HypoPG has it. */
  readonly blocks: number
  readonly hypopgBlocks: number
  /** Null where the method has no tree. */
  readonly treeHeight: number | null
}

export interface CostSettings {
  readonly versionNum: number
  readonly cpuOperatorCost: number
  readonly randomPageCost: number
}

export interface Knowledge {
  /** By oid. */
  readonly indexes: ReadonlyMap<string, HypotheticalIndex>
  /** Entries that a scan reads, where that is more than the rows it returns. */
  readonly rowsRead: ReadonlyMap<PlanNode, number>
  readonly settings: CostSettings
}

interface Mended {
  readonly node: PlanNode
  /** What one execution of the node costs more than HypoPG's plan says; may be negative. */
  readonly startup: number
  readonly total: number
}

/** DEFAULT_PAGE_CPU_MULTIPLIER of PostgreSQL's selfuncs.c. */
const OPERATORS_PER_LEVEL = 50

/** HypoPG's names: `<13473>btree_parcel_state`. */
const HYPOTHETICAL = /^<(\d+)>/

/**
 * The plan with the names that we gave and the costs that the same plan would have over real indexes. Which plan is chosen stays
 * HypoPG's: where two are close, a real index may make the planner choose the other.
 */
export function mendPlan(plan: PlanNode, { indexes, rowsRead, settings }: Knowledge): PlanNode {
  return isUntouched(plan, indexes) ? plan : mend(plan, { indexes, rowsRead, settings }).node
}

function isUntouched(node: PlanNode, indexes: ReadonlyMap<string, HypotheticalIndex>): boolean {
  return (
    hypotheticalOf(node, indexes) === null && (node.Plans ?? []).every((each) => isUntouched(each, indexes))
  )
}

export function hypotheticalOf<Index extends HypotheticalIndex>(
  node: PlanNode,
  indexes: ReadonlyMap<string, Index>,
): Index | null {
  const oid = HYPOTHETICAL.exec(node['Index Name'] ?? '')?.[1]
  return oid === undefined ? null : (indexes.get(oid) ?? null)
}

function mend(node: PlanNode, knowledge: Knowledge): Mended {
  const children = (node.Plans ?? []).map((child) => mend(child, knowledge))
  const own = hypotheticalOf(node, knowledge.indexes)
  const scan = own === null ? { startup: 0, total: 0 } : scanOf(node, own, knowledge)
  const below = fromChildren(node, children)
  const startup = scan.startup + below.startup
  const total = scan.total + below.total
  return {
    startup,
    total,
    node: {
      ...node,
      ...(own === null ? {} : { 'Index Name': own.name }),
      'Startup Cost': rounded(node['Startup Cost'] + startup),
      'Total Cost': rounded(node['Total Cost'] + total),
      ...(node.Plans === undefined ? {} : { Plans: children.map((child) => child.node) }),
    },
  }
}

/** A descent for each scan of the index (one for each value of IN), and the pages that deduplication saves. */
function scanOf(
  node: PlanNode,
  index: HypotheticalIndex,
  { settings: { versionNum, cpuOperatorCost, randomPageCost }, rowsRead }: Knowledge,
): { startup: number; total: number } {
  const descent =
    index.treeHeight === null ? 0 : (index.treeHeight + 1) * OPERATORS_PER_LEVEL * cpuOperatorCost
  let descents = arrayLengths(String(node['Index Cond'] ?? ''))
  // since 17 the planner expects no more descents than a third of the leaf pages
  if (versionNum >= 170_000) descents = Math.min(descents, Math.max(1, Math.ceil(index.hypopgBlocks / 3)))
  const entries = Math.max(node['Plan Rows'], rowsRead.get(node) ?? 0)
  const pages = pagesOf(entries, index.blocks, index) - pagesOf(entries, index.hypopgBlocks, index)
  const isBitmap = node['Node Type'] === 'Bitmap Index Scan'
  return { startup: isBitmap ? 0 : descent, total: descent * descents + pages * randomPageCost }
}

/** Leaf pages that a scan reads, as genericcostestimate has it: the share of the entries. */
function pagesOf(entries: number, blocks: number, { rows }: HypotheticalIndex): number {
  return rows < 1 ? 1 : Math.max(1, Math.ceil((Math.min(entries, rows) * blocks) / rows))
}

function arrayLengths(condition: string): number {
  return [...condition.matchAll(/= ANY \('\{([^}]*)\}'/g)].reduce(
    (product, [, list]) => product * Math.max(1, list!.split(',').length),
    1,
  )
}

/** Nothing comes out of these before their input is read. */
const BLOCKING = new Set(['Sort', 'Hash', 'Bitmap Heap Scan', 'BitmapAnd', 'BitmapOr', 'SetOp', 'WindowAgg'])

function fromChildren(node: PlanNode, children: readonly Mended[]): { startup: number; total: number } {
  let startup = 0
  let total = 0
  const type = node['Node Type']
  const isBlocking = BLOCKING.has(type) || (type === 'Aggregate' && node.Strategy !== 'Sorted')
  for (const [place, child] of children.entries()) {
    const relationship = child.node['Parent Relationship']
    if (child.total === 0 && child.startup === 0) continue
    if (relationship === 'InitPlan') {
      startup += child.total
      total += child.total
      continue
    }
    const times = executions(node, place)
    // rows that a LIMIT leaves unread cost nothing
    const share = type === 'Limit' ? shareRead(node, node.Plans![place]!) : 1
    total += (child.startup + (child.total - child.startup) * share) * times
    if (relationship === 'SubPlan' || (type === 'Append' && place > 0)) continue
    startup += isBlocking ? child.total : child.startup
  }
  // a bitmap's cost is in its total alone
  return type === 'BitmapAnd' || type === 'BitmapOr' ? { startup: 0, total } : { startup, total }
}

function shareRead(limit: PlanNode, input: PlanNode): number {
  const all = input['Total Cost'] - input['Startup Cost']
  if (all <= 0) return 1
  return Math.min(1, Math.max(0, (limit['Total Cost'] - limit['Startup Cost']) / all))
}

/** How often the planner expects an input to be run for one run of its node. */
function executions(node: PlanNode, place: number): number {
  const child = node.Plans![place]!
  const others = node.Plans!.filter((_, other) => other !== place)
  const otherCost = others.reduce((sum, each) => sum + each['Total Cost'], 0)
  if (child['Parent Relationship'] === 'SubPlan') {
    const name = String(child['Subplan Name'] ?? '')
    const conditions = [node.Filter, node['Join Filter'], node['Index Cond']].map(String).join(' ')
    if (`${conditions} ${node['Hash Cond']}`.includes(`hashed ${name}`)) return 1
    // run for each row that the filter sees, of which the plan shows only what it costs
    return conditions.includes(name) ? byCost(node, child, otherCost, Infinity) : rowsOf(node)
  }
  if (node['Node Type'] !== 'Nested Loop' || child['Parent Relationship'] !== 'Inner') return 1
  const outer = node.Plans!.find((each) => each['Parent Relationship'] === 'Outer')
  const loops = outer === undefined ? 1 : rowsOf(outer)
  if (child['Node Type'] === 'Materialize') return 1
  // runs its input only for keys it has not seen: how many those are shows in the cost alone
  return child['Node Type'] === 'Memoize' ? byCost(node, child, otherCost, loops) : loops
}

function byCost(node: PlanNode, child: PlanNode, otherCost: number, most: number): number {
  const spent = node['Total Cost'] - otherCost
  return Math.min(most, Math.max(1, Math.floor(spent / Math.max(child['Total Cost'], 0.01))))
}

function rowsOf(node: PlanNode): number {
  return Math.max(1, node['Plan Rows'])
}

function rounded(cost: number): number {
  return Math.max(0, Math.round(cost * 100) / 100)
}
