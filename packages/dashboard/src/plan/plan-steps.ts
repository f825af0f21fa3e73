// A plan's tree as rows of a table, with what each step is, its own share, and what was expected of it.

export interface PlanNode {
  readonly [field: string]: unknown
}

export interface PlanStep {
  /** Indexes into Plans, from the root; its joined form names the row. */
  readonly path: readonly number[]
  readonly depth: number
  readonly title: string
  /** On what: a table, an index, a function. */
  readonly on: string
  /** Conditions and keys, each with its name. */
  readonly details: readonly (readonly [name: string, text: string])[]
  /** Of the whole plan, without the steps below: time where it was executed, else cost; 0 to 1. */
  readonly share: number
  readonly rowsExpected: number
  /** Over all loops; null: not executed, or never reached. */
  readonly rowsActual: number | null
  readonly loops: number | null
  readonly cost: number
  /** Over all loops; null: not executed. */
  readonly actualMs: number | null
}

const DETAILS = [
  'Index Cond',
  'Recheck Cond',
  'Filter',
  'Join Filter',
  'Hash Cond',
  'Merge Cond',
  'One-Time Filter',
  'Sort Key',
  'Presorted Key',
  'Group Key',
  'Cache Key',
  'Rows Removed by Filter',
  'Rows Removed by Join Filter',
  'Rows Removed by Index Recheck',
  'Sort Method',
  'Sort Space Used',
  'Hash Batches',
  'Heap Fetches',
  'Lossy Heap Blocks',
  'Exact Heap Blocks',
  'Workers Planned',
  'Workers Launched',
  'Subplans Removed',
  'Inputs Left Out',
] as const

export function planSteps(root: PlanNode): readonly PlanStep[] {
  const steps: PlanStep[] = []
  const wholeMs = actualMsOf(root)
  const whole = Math.max(wholeMs ?? costOf(root), Number.MIN_VALUE)
  const visit = (node: PlanNode, path: readonly number[]): void => {
    const inputs = inputsOf(node)
    const measure = wholeMs === null ? costOf : (each: PlanNode) => actualMsOf(each) ?? 0
    const below = inputs.reduce((sum, input) => sum + measure(input), 0)
    const loops = numberOf(node, 'Actual Loops')
    const rows = numberOf(node, 'Actual Rows')
    steps.push({
      path,
      depth: path.length,
      title: titleOf(node),
      on: onOf(node),
      details: detailsOf(node),
      share: Math.min(1, Math.max(0, (measure(node) - below) / whole)),
      // EXPLAIN tells rows of one loop
      rowsExpected: (numberOf(node, 'Plan Rows') ?? 0) * Math.max(1, loops ?? 1),
      rowsActual: rows === null || loops === 0 ? null : rows * (loops ?? 1),
      loops,
      cost: costOf(node),
      actualMs: actualMsOf(node),
    })
    for (const [place, input] of inputs.entries()) visit(input, [...path, place])
  }
  visit(root, [])
  return steps
}

/** How far the planner was off, as a factor from 1 on; null: not known. */
export function misestimateOf(step: PlanStep): number | null {
  if (step.rowsActual === null) return null
  const [one, other] = [Math.max(1, step.rowsExpected), Math.max(1, step.rowsActual)]
  return Math.max(one, other) / Math.min(one, other)
}

function inputsOf(node: PlanNode): readonly PlanNode[] {
  return Array.isArray(node.Plans) ? (node.Plans as readonly PlanNode[]) : []
}

function costOf(node: PlanNode): number {
  return numberOf(node, 'Total Cost') ?? 0
}

function actualMsOf(node: PlanNode): number | null {
  const ms = numberOf(node, 'Actual Total Time')
  return ms === null ? null : ms * (numberOf(node, 'Actual Loops') ?? 1)
}

function numberOf(node: PlanNode, field: string): number | null {
  const value = node[field]
  return typeof value === 'number' ? value : null
}

function titleOf(node: PlanNode): string {
  const type = String(node['Node Type'])
  const join = node['Join Type']
  const parallel = node['Parallel Aware'] === true ? 'Parallel ' : ''
  const strategy =
    type === 'Aggregate'
      ? ({ Hashed: 'Hash ', Sorted: 'Group ', Mixed: 'Mixed ' }[String(node.Strategy)] ?? '')
      : ''
  const kind = join === undefined || join === 'Inner' ? '' : ` (${String(join)})`
  return type === 'ModifyTable' ? String(node.Operation) : `${parallel}${strategy}${type}${kind}`
}

function onOf(node: PlanNode): string {
  const [relation, alias, index] = [node['Relation Name'], node.Alias, node['Index Name']]
  const named = relation ?? node['Function Name'] ?? node['CTE Name'] ?? node['Subplan Name']
  const as = relation !== undefined && alias !== undefined && alias !== relation ? ` ${String(alias)}` : ''
  const using = index === undefined ? '' : `${named === undefined ? '' : ' '}by ${String(index)}`
  return `${named === undefined ? '' : `${String(named)}${as}`}${using}`
}

function detailsOf(node: PlanNode): PlanStep['details'] {
  return DETAILS.flatMap((name) => {
    const value = node[name]
    if (value === undefined || value === null || value === 0) return []
    return [[name, Array.isArray(value) ? value.join(', ') : String(value)] as const]
  })
}
