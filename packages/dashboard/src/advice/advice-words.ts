// What an advice says, in words and shares; pure, so that the words can be tested.

import { formatBytes, formatCompact, formatCount, formatRatio, plural } from '../format.ts'
import type { AdviceReport, AdvisedIndex, ServedStatement } from './advice-types.ts'

/** What all advised indexes together take away of the workload's planned cost, 0 to 1; reads only, writes are told beside it. */
export function savedShare({ cost }: Pick<AdviceReport, 'cost'>): number {
  if (cost.beforePerMinute <= 0) return 0
  return Math.max(0, 1 - cost.afterPerMinute / cost.beforePerMinute)
}

/** What the workload would cost more without this one, of what it costs today. Shares of a set do not add up: one may replace another. */
export function gainShare(
  index: Pick<AdvisedIndex, 'gainPerMinute'>,
  { cost }: Pick<AdviceReport, 'cost'>,
): number {
  return cost.beforePerMinute <= 0 ? 0 : index.gainPerMinute / cost.beforePerMinute
}

/** What writes pay, as a share of what the workload costs today. */
export function writeShare(costPerMinute: number, { cost }: Pick<AdviceReport, 'cost'>): number {
  return cost.beforePerMinute <= 0 ? 0 : costPerMinute / cost.beforePerMinute
}

type Headlined = Pick<
  AdviceReport,
  'cost' | 'indexes' | 'redundant' | 'sizeBytes' | 'budgetBytes' | 'statements'
>

/** Is there anything to gain? */
export function adviceHeadline(report: Headlined): string {
  const { indexes, redundant, statements, sizeBytes, budgetBytes, cost } = report
  if (indexes.length === 0) {
    const weighed = plural(statements.length, 'statement')
    const good = `No further index is worth what it costs: ${weighed} ${statements.length === 1 ? 'was' : 'were'} weighed.`
    if (redundant.length === 0) return good
    return `${good} ${plural(redundant.length, 'existing one is', 'existing ones are')} not needed.`
  }
  const writes =
    cost.writePerMinute <= 0
      ? 'writes pay nothing for that'
      : `writes pay ${formatRatio(writeShare(cost.writePerMinute, report))} for that`
  return `${plural(indexes.length, 'new index', 'new indexes')} would take away ${formatRatio(savedShare(report))} of what the workload costs, in ${formatBytes(sizeBytes)} of the ${formatBytes(budgetBytes)} allowed; ${writes}.`
}

const major = (versionNum: number): number => Math.floor(versionNum / 10_000)

/** Who says so, and how far to believe it. */
export function plannerWords({ kind, versionNum, agreement }: AdviceReport['planner']): string {
  const who =
    kind === 'hypopg'
      ? 'Planned on the target itself, with HypoPG'
      : `Planned by a twin of the target on PostgreSQL ${major(versionNum)}${kind === 'pglite' ? ' (PGlite)' : ''}`
  if (agreement === null) return `${who}; how well that agrees with the target was not measured.`
  const { statements, sameShape, couldNotPlan } = agreement
  const left = couldNotPlan === 0 ? '' : `; ${plural(couldNotPlan, 'statement')} could not be compared`
  return `${who}, as the target does in ${formatCount(sameShape)} of ${plural(statements, 'statement')}${left}.`
}

/** `Seq Scan becomes Index Scan`, as the plans name them. */
export function scanWords({
  scanBefore,
  scanAfter,
}: Pick<ServedStatement, 'scanBefore' | 'scanAfter'>): string {
  return scanBefore === null || scanBefore === scanAfter ? scanAfter : `${scanBefore} becomes ${scanAfter}`
}

/** A statement of pg_stat_statements has a page of its own; the search behind a foreign key has none. */
export function isQueryId(id: string): boolean {
  return /^-?\d{5,}$/.test(id)
}

export const shownTable = ({ schema, table }: Pick<AdvisedIndex, 'schema' | 'table'>): string =>
  schema === 'public' ? table : `${schema}.${table}`

/** `members (tenant_id, name)`: what people call an index that does not exist yet. */
export function indexTitle({
  schema,
  table,
  definition,
}: Pick<AdvisedIndex, 'schema' | 'table' | 'definition'>): string {
  return `${shownTable({ schema, table })} ${definition}`
}

/** All calls a minute of the statements it serves. */
export function callsServed({ statements }: Pick<AdvisedIndex, 'statements'>): number {
  return statements.reduce((sum, { callsPerMinute }) => sum + callsPerMinute, 0)
}

/** What a cost or a time became of what it was: `50 × less`, `30 % more`, `the same`. */
export function ratioWords(ratio: number): string {
  if (ratio > 1 / 1.05 && ratio < 1.05) return 'the same'
  if (ratio >= 1) return ratio >= 2 ? `${factor(ratio)}\u00a0× more` : `${formatRatio(ratio - 1)} more`
  if (ratio <= 0) return 'next to nothing'
  return ratio <= 0.5 ? `${factor(1 / ratio)}\u00a0× less` : `${formatRatio(1 - ratio)} less`
}

const factor = (times: number): string => formatCompact(times < 10 ? times : Math.round(times))

/** What the server says in passing, as a sentence of its own. */
export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? '' : '.'}`
}
