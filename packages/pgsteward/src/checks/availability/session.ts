// How findings name a session, and how they end it: by pid and start, since a pid is soon somebody else's.

import type { Evidence, Remedy, Subject } from '../../model/finding.ts'
import { literal } from '../../sql/quote.ts'
import { queryExcerpt } from '../query/query-excerpt.ts'

export interface Session {
  readonly pid: number
  readonly startedAt: Date | null
}

/** `4711@2026-03-10T12:00:00.000Z`: the same as long as the session lives. */
export function sessionSubject({ pid, startedAt }: Session): Subject {
  return { kind: 'backend', name: `${pid}@${startedAt?.toISOString() ?? 'unknown'}` }
}

/** Who that is, for the one who is called at night. */
export function sessionEvidence(session: {
  readonly pid: number
  readonly user: string | null
  readonly application: string
  readonly clientAddress?: string | null
  readonly query: string
}): readonly Evidence[] {
  return [
    { label: 'pid', value: String(session.pid), unit: 'text' },
    { label: 'user', value: session.user ?? 'unknown', unit: 'text' },
    { label: 'application', value: session.application || 'unnamed', unit: 'text' },
    ...(session.clientAddress == null
      ? []
      : [{ label: 'client', value: session.clientAddress, unit: 'text' as const }]),
    { label: 'statement', value: queryExcerpt(session.query), unit: 'text' },
  ]
}

/** `cancel` ends the statement, and with it the transaction; `terminate` closes the session, which an idle one needs. */
export function endSession(
  how: 'cancel' | 'terminate',
  { pid, startedAt }: Session,
  caution: string,
): Remedy {
  const sameStart =
    startedAt === null
      ? ''
      : ` and pg_catalog.date_trunc('milliseconds', a.backend_start) = ${literal(startedAt.toISOString())}`
  return {
    sql: [
      `select pg_catalog.pg_${how}_backend(a.pid) from pg_catalog.pg_stat_activity a where a.pid = ${pid}${sameStart}`,
    ],
    undo: null,
    lock: 'none',
    caution: `${caution} Its work in this transaction is rolled back and can't be brought back. Needs pg_signal_backend.`,
  }
}
