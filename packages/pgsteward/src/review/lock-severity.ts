// How grave it is that others wait, and how it is said.

import type { Evidence, Severity } from '../model/finding.ts'
import type { ReviewedLock, Span } from '../model/review.ts'
import type { RelationName } from './operation.ts'

/** A blocked request is noticed after a second; most clients give up within ten. */
const NOTICED_MS = 1000
export const GIVEN_UP_MS = 10_000
/** Writes that wait are mostly in the background, and retried: three times as long. */
const WRITES_ONLY = 3

export function lockSeverity(blocks: ReviewedLock['blocks'], held: Span | null): Severity {
  if (blocks === 'nothing' || blocks === 'schema changes') return 'info'
  if (held === null) return 'warning'
  const factor = blocks === 'writes' ? WRITES_ONLY : 1
  if (held.lowMs >= NOTICED_MS * factor || held.highMs >= GIVEN_UP_MS * factor) return 'critical'
  return held.highMs >= NOTICED_MS * factor ? 'warning' : 'info'
}

export const BLOCKING: readonly ReviewedLock['blocks'][] = ['reads and writes', 'writes']

export function shownName({ schema, name }: RelationName): string {
  return schema === null ? name : `${schema}.${name}`
}

export function spanEvidence(span: Span | null): readonly Evidence[] {
  return span === null
    ? []
    : [
        { label: 'predicted at least', value: Math.round(span.lowMs), unit: 'ms' },
        { label: 'at most', value: Math.round(span.highMs), unit: 'ms' },
      ]
}
