// ORDER BY ... LIMIT served by an index that has the order but not the condition: the server walks along it, throwing rows away, in
// the hope that some that fit come soon.

import type { PlanInsight } from '../../model/plan.ts'
import { shownCondition } from './conditions.ts'
import type { InsightContext } from './insight-context.ts'
import { actualRows, numberAt, type PlanStep, type PlanSteps, textAt } from './plan-steps.ts'
import { rowsOf, stepName } from './words.ts'

const LEAST_READ = 1000
/** Rows read for each that is returned: an index with the condition reads one or two. */
const READ_FOR_ONE = 20
/** Pages visited a call that the first rows of a list do not need, joins included: 4 MB, and 30 for each row returned. */
const LEAST_BLOCKS = 500
const BLOCKS_FOR_ONE = 30

/** They pass rows on in the order in which they come. */
const KEEPS_ORDER = new Set([
  'Nested Loop',
  'LockRows',
  'Result',
  'ProjectSet',
  'Subquery Scan',
  'Incremental Sort',
  'Gather Merge',
  'Memoize',
  'Materialize',
])

export interface OrderedWalk {
  readonly limit: PlanStep
  readonly scan: PlanStep
  readonly index: string
  /** What the index does not hold; null: another table's condition decides, by a join. */
  readonly condition: string | null
  readonly readRows: number
  readonly returnedRows: number
  /** measured: the plan ran. estimated: the planner knows that it walks far. pages: as many as pg_stat_statements counted. */
  readonly evidence: 'measured' | 'estimated' | 'pages'
}

export function orderedWalks(steps: PlanSteps, context: InsightContext): readonly OrderedWalk[] {
  return steps.all.flatMap((limit) => {
    if (limit.node['Node Type'] !== 'Limit') return []
    const scan = orderedScanBelow(limit)
    const index = scan?.node['Index Name']
    if (scan === null || index === undefined) return []
    const walk = steps.isAnalyzed ? measuredWalk(limit, scan) : expectedWalk(limit, scan, context)
    if (walk === null) return []
    const isFar =
      walk.readRows >= LEAST_READ && walk.readRows >= READ_FOR_ONE * Math.max(1, walk.returnedRows)
    if (!isFar && walk.evidence !== 'pages') return []
    return [{ limit, scan, index, condition: textAt(scan.node, 'Filter'), ...walk }]
  })
}

export function orderByLimitInsights(steps: PlanSteps, context: InsightContext): readonly PlanInsight[] {
  return orderedWalks(steps, context).map(
    ({ limit, scan, index, condition, readRows, returnedRows, evidence }) => {
      const why = condition === null ? 'what the join keeps' : shownCondition(condition)
      const read =
        evidence === 'measured'
          ? `${rowsOf(readRows)} were read for ${rowsOf(returnedRows)}`
          : evidence === 'estimated'
            ? `${rowsOf(readRows)} are expected to be read for ${rowsOf(returnedRows)}`
            : `${rowsOf(readRows)} at least are read for ${rowsOf(returnedRows)}, as the pages visited tell`
      return {
        kind: 'order-by-limit',
        words: `The LIMIT is served by walking along ${index}, which has the order but not ${why}: ${read}.`,
        share: limit.share,
        path: scan.path,
        figures: { step: stepName(scan.node), index, readRows, returnedRows },
      }
    },
  )
}

/** The scan that gives the order: down the outer sides, with no sort in between. */
function orderedScanBelow(limit: PlanStep): PlanStep | null {
  let step = limit.children[0]
  while (step !== undefined && KEEPS_ORDER.has(step.node['Node Type'])) {
    step = step.children.find((each) => each.node['Parent Relationship'] !== 'Inner')
  }
  if (step === undefined || !/^Index (?:Only )?Scan$/.test(step.node['Node Type'])) return null
  const isFiltered = textAt(step.node, 'Filter') !== null || step.parent !== limit
  // one with a condition of its own reads what it must, mostly
  return isFiltered && textAt(step.node, 'Index Cond') === null ? step : null
}

type Walk = Pick<OrderedWalk, 'readRows' | 'returnedRows' | 'evidence'>

function measuredWalk(limit: PlanStep, scan: PlanStep): Walk | null {
  const kept = actualRows(scan)
  const returnedRows = actualRows(limit)
  if (kept === null || returnedRows === null) return null
  const removed = (numberAt(scan.node, 'Rows Removed by Filter') ?? 0) * scan.loops
  // what OFFSET skips is another story
  const passed = (numberAt(limit.children[0]!.node, 'Actual Rows') ?? 0) * limit.loops
  if (textAt(scan.node, 'Filter') === null && kept < READ_FOR_ONE * Math.max(1, passed)) return null
  if (removed + kept < READ_FOR_ONE * Math.max(1, passed)) return null
  return { readRows: removed + kept, returnedRows, evidence: 'measured' }
}

/** The planner reckons with rows that fit being spread evenly; where they are not, the pages visited tell. */
function expectedWalk(
  limit: PlanStep,
  scan: PlanStep,
  { rowsOf, blocksPerCall, rowsPerCall }: InsightContext,
): Walk | null {
  if (textAt(scan.node, 'Filter') === null) return null
  const table = scan.node['Relation Name']
  const rows = table === undefined ? null : (rowsOf?.(scan.node.Schema ?? null, table) ?? null)
  const returnedRows = Math.max(1, limit.node['Plan Rows'])
  // a LIMIT of unknown size is reckoned as a tenth of all rows: not to be compared with anything
  const isGuess = returnedRows >= 0.09 * (limit.children[0]?.node['Plan Rows'] ?? 0)
  if (rows !== null && !isGuess) {
    const readRows = Math.min(rows, (returnedRows / Math.max(1, scan.node['Plan Rows'])) * rows)
    if (readRows >= LEAST_READ) return { readRows, returnedRows, evidence: 'estimated' }
  }
  const returned = Math.max(1, rowsPerCall ?? 1)
  if (blocksPerCall == null || blocksPerCall < Math.max(LEAST_BLOCKS, BLOCKS_FOR_ONE * returned)) return null
  // a row or more on each
  return { readRows: blocksPerCall, returnedRows: returned, evidence: 'pages' }
}
