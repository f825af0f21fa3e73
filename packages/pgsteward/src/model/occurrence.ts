// What happened in an application, or was found, as systems that keep issues (Sentry) are told of it: grouped, so that each group is one
// event at a time.

import type { Evidence, Severity } from './finding.ts'
import type { Milliseconds } from './units.ts'

/** Where a statement was sent. */
export interface StatementPlace {
  readonly application: string
  readonly instance: string
  readonly release: string | null
  readonly environment: string | null
  readonly fingerprint: string
  /** Literals replaced. */
  readonly text: string
  readonly route: string | null
  readonly model: string | null
  readonly action: string | null
  /** `src/routes/members.ts:41`. */
  readonly caller: string | null
  readonly traceId: string | null
}

export type Occurrence =
  | (StatementPlace & {
      readonly kind: 'slow-query'
      readonly at: Date
      readonly durationMs: Milliseconds
      readonly waitedForPoolMs: Milliseconds
      readonly rows: number | null
    })
  /** One request sent the statement so often (N+1). */
  | (StatementPlace & {
      readonly kind: 'repeated-statement'
      readonly at: Date
      readonly repetitions: number
      readonly totalMs: Milliseconds
    })
  | {
      readonly kind: 'finding'
      readonly at: Date
      readonly key: string
      readonly checkId: string
      readonly severity: Severity
      readonly summary: string
      readonly evidence: readonly Evidence[]
    }

/** Occurrences of one group since it was last told. */
export interface OccurrenceGroup {
  readonly worst: Occurrence
  readonly count: number
  readonly totalMs: Milliseconds
  readonly worstMs: Milliseconds
  readonly firstAt: Date
  readonly lastAt: Date
}

/** A group with the event that tells of it, which keeps its id over tries and restarts. */
export interface OccurrenceEvent extends OccurrenceGroup {
  readonly eventId: string
  readonly targetId: string
  /** Tries that were begun, this one included. */
  readonly attempts: number
}

/** What tells one group from another: the same statement of the same route is one issue, wherever in it it was sent. */
export function occurrenceParts(occurrence: Occurrence): readonly string[] {
  const { kind } = occurrence
  return occurrence.kind === 'finding'
    ? [kind, occurrence.key]
    : [kind, occurrence.application, occurrence.fingerprint, occurrence.route ?? '']
}

/** How much of it there was, in time: by it the worst of a group is told apart. */
export function occurrenceMs(occurrence: Occurrence): Milliseconds {
  if (occurrence.kind === 'slow-query') return occurrence.durationMs
  return occurrence.kind === 'finding' ? 0 : occurrence.totalMs
}
