// How a finding shows a rewrite that the planner twin has proven: the new text, what it saves, and on which condition it is the same.

import type { ProvenRewrite } from '../../facts/rewrites.ts'
import type { Evidence } from '../../model/finding.ts'

export function rewriteEvidence({
  sql,
  why,
  sameResult,
  costBefore,
  costAfter,
}: ProvenRewrite): readonly Evidence[] {
  return [
    { label: 'Rewrite', value: sql, unit: 'text' },
    { label: 'why it helps', value: why, unit: 'text' },
    { label: 'the same rows', value: sameResult, unit: 'text' },
    { label: 'cost a call, as planned', value: costBefore, unit: 'count' },
    { label: 'cost a call, rewritten', value: costAfter, unit: 'count' },
  ]
}

/** Of the first statement that has one of this kind; empty where none was proven. */
export function provenRewrite(
  rewrites: readonly ProvenRewrite[],
  queryIds: readonly string[],
  kind: string,
): readonly Evidence[] {
  const proven = rewrites.find((each) => each.kind.startsWith(kind) && queryIds.includes(each.id))
  return proven === undefined ? [] : rewriteEvidence(proven)
}
