// What migrations do to the plans of the known workload: statements that no longer plan, that read large tables, that became dearer,
// indexes that they used and that are gone. For a review; a plan check has a policy of its own (conditions/).

import type { Severity } from '../model/finding.ts'
import type { ReplannedStatement, ReviewFinding } from '../model/review.ts'

export interface LostIndex {
  readonly schema: string
  readonly name: string
  readonly table: string
}

/** Plans in units of a page read in order: below this nobody notices a difference. */
const NOTICEABLE_COST = 100
const DEARER = 1.5
const MUCH_DEARER = 5
/** About a second of reading from memory, by the planner's own scale. */
const HEAVY_COST = 10_000

export function judgePlans(
  plans: readonly ReplannedStatement[],
  lost: readonly LostIndex[],
): readonly ReviewFinding[] {
  return [
    ...plans.flatMap((each) => [...failing(each), ...dearer(each)]),
    ...lost.flatMap((index) => lostIndex(index, plans)),
  ]
}

function failing({ id, before, errorAfter, sql }: ReplannedStatement): readonly ReviewFinding[] {
  // what failed before fails for reasons of its own
  if (before === null || errorAfter === null) return []
  return [
    finding('query-fails', 'critical', id, `the workload's statement fails afterwards: ${errorAfter}`, [
      { label: 'statement', value: sql.slice(0, 200) },
    ]),
  ]
}

function dearer({
  id,
  before,
  after,
  callsPerMinute,
  difference,
}: ReplannedStatement): readonly ReviewFinding[] {
  if (before === null || after === null) return []
  const ratio = after.cost / Math.max(before.cost, 0.01)
  const more = after.cost - before.cost
  if (ratio < DEARER || more < NOTICEABLE_COST) return []
  const severity: Severity = ratio >= MUCH_DEARER && more >= HEAVY_COST ? 'critical' : 'warning'
  const scan = after.sequentialScans.find(
    ({ table }) => !before.sequentialScans.some((known) => known.table === table),
  )
  const why =
    scan === undefined ? (difference ?? 'the same plan costs more') : `it reads all of ${scan.table}`
  return [
    finding('plan-change', severity, id, `its plan costs ${times(ratio)} as much: ${why}`, [
      { label: 'cost before', value: round(before.cost) },
      { label: 'cost after', value: round(after.cost) },
      { label: 'calls a minute', value: round(callsPerMinute) },
    ]),
  ]
}

function lostIndex(
  { schema, name, table }: LostIndex,
  plans: readonly ReplannedStatement[],
): readonly ReviewFinding[] {
  const users = plans.filter(({ before }) => before?.indexes.includes(name))
  if (users.length === 0) return []
  const hurt = users.filter(
    ({ before, after }) => after === null || after.cost > before!.cost * DEARER + NOTICEABLE_COST,
  )
  return [
    finding(
      'index-lost',
      hurt.length > 0 ? 'critical' : 'info',
      `${schema}.${name}`,
      hurt.length > 0
        ? `${hurt.length} of the workload's statements used this index of ${table} and have nothing as good`
        : `${users.length} of the workload's statements used this index of ${table} and plan as cheaply without`,
      users.slice(0, 5).map(({ id, before, after }) => ({
        label: id,
        value: `${round(before!.cost)} to ${after === null ? 'failing' : round(after.cost)}`,
      })),
    ),
  ]
}

function finding(
  rule: string,
  severity: Severity,
  subject: string,
  summary: string,
  evidence: ReviewFinding['evidence'],
): ReviewFinding {
  return { rule, severity, migration: null, line: null, subject, summary, evidence, safer: [] }
}

export function times(ratio: number): string {
  return ratio >= 100 ? `${Math.round(ratio).toLocaleString('en-US')} times` : `${ratio.toFixed(1)} times`
}

function round(value: number): number {
  return Number(value.toFixed(value < 100 ? 2 : 0))
}
