// What the latest advice on indexes has for a statement: an index that serves it, none although it looked, or nothing yet.

import type { AdviceReading } from '../../facts/advice.ts'
import type { AdvisedIndex } from '../../model/advice.ts'
import type { Evidence } from '../../model/finding.ts'

export function advisedFor({ done }: AdviceReading, queryId: string, table: string): AdvisedIndex | null {
  return (
    done?.report?.indexes.find(
      (index) => index.table === table && index.statements.some((served) => served.id === queryId),
    ) ?? null
  )
}

export function adviceEvidence(advice: AdviceReading, queryId: string, table: string): readonly Evidence[] {
  const index = advisedFor(advice, queryId, table)
  const knows = advice.done?.report?.statements.some((each) => each.id === queryId) === true
  const value =
    index !== null
      ? `${index.name} on ${table} ${index.definition} would serve it (missing-index, partial-index)`
      : knows
        ? 'weighed the statement and found no index that pays'
        : 'has not weighed the statement yet: seek it on the page of the advice, or by pgsteward advise'
  return [{ label: 'the latest advice on indexes', value, unit: 'text' }]
}
