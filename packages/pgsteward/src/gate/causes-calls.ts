// Statements that are sent more often for each request than before, and are cheap: what they cost is the way there and back, which no
// figure of the database shows.

import type { Cause } from '../model/comparison.ts'
import { digits } from './causes-reasons.ts'
import type { Side, SideStatement } from './causes-side.ts'
import { excerpt, msWords, numberWords, statementWords } from './causes-words.ts'

/** Calls a request more. */
const LEAST_CALLS = 2
const LEAST_RATIO = 1.5
const LEAST_GROWTH = 0.05
/** Within a region 0.3 to 1.5 ms, the driver's own work included; more of the growth than this is not put on a round trip. */
const MOST_TRIP_MS = 2

/** `told`: keys of statements whose own time explains them. */
export function callCauses(base: Side, head: Side, told: ReadonlySet<string>): readonly Cause[] {
  const growthMs = head.requestMs - base.requestMs
  const outsideMs = growthMs - (head.databaseMsPerRequest - base.databaseMsPerRequest)
  if (growthMs < LEAST_GROWTH * base.requestMs || outsideMs <= 0) return []
  const more = [...head.statements].map(([key, after]) => {
    const before = base.statements.get(key) ?? null
    return { key, before, after, calls: after.callsPerRequest - (before?.callsPerRequest ?? 0) }
  })
  const allCalls = more.reduce((sum, { calls }) => sum + Math.max(0, calls), 0)
  const tripMs = allCalls > 0 ? Math.min(MOST_TRIP_MS, outsideMs / allCalls) : 0
  return more
    .filter(
      ({ key, before, after, calls }) =>
        !told.has(key) &&
        calls >= LEAST_CALLS &&
        (before === null || after.callsPerRequest >= before.callsPerRequest * LEAST_RATIO),
    )
    .sort((a, b) => b.calls - a.calls)
    .map(({ before, after, calls }) => causeOf(before, after, calls * tripMs, growthMs))
}

function causeOf(
  before: SideStatement | null,
  after: SideStatement,
  tripsMs: number,
  growthMs: number,
): Cause {
  const earlier = before === null ? 'never before' : `${numberWords(before.callsPerRequest)} before`
  return {
    kind: 'statement',
    subject: excerpt(after.text),
    queryId: after.queryId,
    summary: `${statementWords(after)} is sent ${numberWords(after.callsPerRequest)} times a request, ${earlier} (one query for each row, N+1?): in the database that is ${msWords(after.msPerRequest)}, and about ${msWords(tripsMs)} the way there and back.`,
    evidence: [
      { label: 'calls a request before', value: digits(before?.callsPerRequest ?? 0), unit: 'count' },
      { label: 'calls a request now', value: digits(after.callsPerRequest), unit: 'count' },
      { label: 'a call', value: digits(after.msPerCall), unit: 'ms' },
    ],
    share: Math.min(1, (tripsMs + after.msPerRequest - (before?.msPerRequest ?? 0)) / growthMs),
  }
}
