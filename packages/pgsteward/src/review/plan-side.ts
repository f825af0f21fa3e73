// What a plan tells a reviewer: cost, steps, indexes in use, tables read from end to end, and what would not fit into memory.

import type { PlanSide, SequentialScan } from '../model/review.ts'
import type { PlanNode } from '../model/what-if.ts'

export interface TableFigures {
  readonly rows: number
  readonly sizeBytes: number
  /** The partitioned table that it is a part of, or itself. */
  readonly root: { readonly schema: string; readonly name: string }
}

export interface PlanContext {
  /** Figures of a table; null: it is not known (a new one). */
  readonly table: (schema: string | null, name: string) => TableFigures | null
  readonly workMemBytes: number
  readonly hashMemMultiplier: number
}

export function planSide(plan: PlanNode, context: PlanContext): PlanSide {
  const scans = new Map<string, { readonly figures: TableFigures; readonly share: number }>()
  const indexes = new Set<string>()
  const steps: string[] = []
  let spillBytes = 0
  const visit = (node: PlanNode, share: number, parent: PlanNode | null) => {
    const schema = typeof node.Schema === 'string' ? node.Schema : null
    steps.push(stepOf(node))
    if (node['Index Name'] !== undefined) indexes.add(node['Index Name'])
    if (node['Node Type'] === 'Seq Scan' && node['Relation Name'] !== undefined) {
      const figures = context.table(schema, node['Relation Name'])
      const key = `${schema}.${node['Relation Name']}`
      if (figures !== null && share > (scans.get(key)?.share ?? 0)) scans.set(key, { figures, share })
    }
    spillBytes += spillOf(node, parent, context)
    for (const child of node.Plans ?? []) visit(child, readShare(node, child, share), node)
  }
  visit(plan, 1, null)
  return {
    cost: plan['Total Cost'],
    rows: plan['Plan Rows'],
    steps,
    sequentialScans: byRoot([...scans.values()]),
    indexes: [...indexes],
    spillBytes,
    plan,
  }
}

/** Partitions that are all read are one table that is read. */
function byRoot(
  scans: readonly { readonly figures: TableFigures; readonly share: number }[],
): readonly SequentialScan[] {
  const sums = new Map<string, SequentialScan>()
  for (const { figures, share } of scans) {
    const { root, rows, sizeBytes } = figures
    const key = `${root.schema}.${root.name}`
    const known = sums.get(key)
    sums.set(key, {
      schema: root.schema,
      table: root.name,
      rows: (known?.rows ?? 0) + rows * share,
      sizeBytes: (known?.sizeBytes ?? 0) + sizeBytes * share,
    })
  }
  return [...sums.values()]
}

/**
 * Under a LIMIT an input is read as far as its cost is paid for, unless a step between must see all of its input before it gives a
 * first row.
 */
function readShare(node: PlanNode, child: PlanNode, share: number): number {
  if (mustSeeAll(node)) return 1
  if (node['Node Type'] !== 'Limit') return share
  const [start, total] = [child['Startup Cost'], child['Total Cost']]
  if (total <= start) return share
  return share * Math.min(1, Math.max(0, (node['Total Cost'] - start) / (total - start)))
}

function mustSeeAll(node: PlanNode): boolean {
  const type = node['Node Type']
  return type === 'Sort' || type === 'Hash' || (type === 'Aggregate' && node.Strategy !== 'Sorted')
}

/** Rows in memory carry some 24 bytes of their own. */
const ROW_OVERHEAD = 24

function spillOf(node: PlanNode, parent: PlanNode | null, context: PlanContext): number {
  const bytes = node['Plan Rows'] * (node['Plan Width'] + ROW_OVERHEAD)
  // a sort below a LIMIT keeps only the best
  if (node['Node Type'] === 'Sort' && parent?.['Node Type'] !== 'Limit')
    return bytes > context.workMemBytes ? bytes : 0
  if (node['Node Type'] === 'Hash')
    return bytes > context.workMemBytes * context.hashMemMultiplier ? bytes : 0
  return 0
}

function stepOf(node: PlanNode): string {
  const relation = node['Relation Name']
  const index = node['Index Name']
  const using = index === undefined ? '' : ` using ${index}`
  return `${node['Node Type']}${using}${relation === undefined ? '' : ` on ${relation}`}`
}

/** '4MB', '65536kB' or, without a unit, kilobytes. */
export function memorySetting(text: string | undefined, fallbackBytes: number): number {
  const match = /^\s*(\d+)\s*(B|kB|MB|GB|TB)?\s*$/.exec(text ?? '')
  if (match === null) return fallbackBytes
  const factor = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 }[match[2] ?? 'kB']!
  return Number(match[1]) * factor
}
