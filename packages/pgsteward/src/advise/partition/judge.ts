// Whether dividing is worth it, by what the planner says of the statements afterwards and before.

import type { PartitionAdvice, PartitionStatement } from '../../model/partition-advice.ts'

/** Planned costs of both twins agree with the target's within some percent; less than this is none. */
const NOTICEABLE = 0.1

export interface Judged {
  readonly rows: number
  /** Below it an index does as well. */
  readonly leastRows: number
  readonly statements: readonly PartitionStatement[]
  readonly blockers: number
}

/** By shares of time; a statement that a drop replaces costs nothing. Null: none was planned. */
export function costRatioOf(statements: readonly PartitionStatement[]): number | null {
  const all = statements.reduce((sum, { shareOfTime }) => sum + shareOfTime, 0)
  if (all === 0) return null
  const after = statements.reduce(
    (sum, { shareOfTime, isReplacedByDrop, costBefore, costAfter }) =>
      sum + (isReplacedByDrop ? 0 : costBefore === 0 ? shareOfTime : (shareOfTime * costAfter) / costBefore),
    0,
  )
  return after / all
}

export function judge({ rows, leastRows, statements, blockers }: Judged): PartitionAdvice['verdict'] {
  const ratio = costRatioOf(statements)
  const not = (because: string) => ({ is: 'not worthwhile' as const, because })
  const replaced = statements.filter(({ isReplacedByDrop }) => isReplacedByDrop)
  if (ratio === null)
    return not('No statement of the workload reads the table, so nothing tells what it would gain.')
  const worse = statements.filter(
    ({ isReplacedByDrop, costBefore, costAfter }) =>
      !isReplacedByDrop && costAfter > costBefore * (1 + NOTICEABLE),
  )
  const worseShare = worse.reduce((sum, { shareOfTime }) => sum + shareOfTime, 0)
  const harm =
    worse.length === 0
      ? ''
      : ` ${worse.length === 1 ? '1 statement' : `${worse.length} statements`} with ${percent(worseShare)} of the time would get worse.`
  if (ratio > 1 + NOTICEABLE)
    return not(
      `By their planned cost the statements on the table would take ${times(ratio)} as long: what does not bound the key looks into every partition.${harm}`,
    )
  if (rows < leastRows)
    return not(
      `It has ${count(rows)} rows: below ${count(leastRows)} an index does as well, and vacuum and index builds take seconds.`,
    )
  const first =
    blockers === 0
      ? ''
      : ` ${blockers === 1 ? '1 blocker has' : `${blockers} blockers have`} to be settled first.`
  if (ratio < 1 - NOTICEABLE)
    return {
      is: 'worthwhile',
      because: `By their planned cost the statements on the table would take ${percent(ratio)} of the time.${dropWords(replaced.length)}${harm}${first}`,
    }
  if (replaced.length > 0)
    return {
      is: 'worthwhile',
      because: `Rows are deleted by age: dropping a partition takes no time and leaves nothing to vacuum. Other statements cost much the same.${harm}${first}`,
    }
  return not(
    `The statements would cost much the same (${percent(ratio)}), and nothing is deleted by age.${harm} What would be gained is vacuum and index builds in smaller pieces.`,
  )
}

function dropWords(replaced: number): string {
  return replaced === 0 ? '' : ' Rows that are deleted by age would go with their partition.'
}

function percent(share: number): string {
  return share > 0 && share < 0.01 ? 'less than 1 %' : `${Math.round(share * 100)} %`
}

function times(ratio: number): string {
  return ratio >= 10 ? `${Math.round(ratio)} times` : `${ratio.toFixed(1)} times`
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
