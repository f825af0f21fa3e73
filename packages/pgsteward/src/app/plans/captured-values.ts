// Values of a statement's parameters as a slow execution had them, for a plan that is made for them and not for any.

import type { Milliseconds } from '../../model/units.ts'
import { fingerprintOf } from '../../sql/fingerprint.ts'
import type { Store } from '../../store/store.ts'

/** The planner's choice for values of yesterday says little of today. */
const CAPTURED_WITHIN_MS: Milliseconds = 24 * 3_600_000
const MOST_LOOKED_AT = 5

/**
 * Of its latest slow execution, $1 first; null where none was captured whole: what was redacted, cut or written in JavaScript's way
 * (lists, binary) is no value to plan with.
 */
export async function capturedValues(
  store: Pick<Store, 'slowQueries'>,
  targetId: string,
  statement: { readonly text: string; readonly parameters: number },
  now: Date,
): Promise<readonly (string | null)[] | null> {
  if (statement.parameters === 0) return null
  const slow = await store.slowQueries(
    targetId,
    { from: new Date(now.getTime() - CAPTURED_WITHIN_MS), to: now },
    { fingerprint: fingerprintOf(statement.text), order: 'latest', limit: MOST_LOOKED_AT },
  )
  for (const { parameters } of slow) {
    const values = parameters === null ? null : wholeValues(parameters)
    if (values !== null && values.length === statement.parameters) return values
  }
  return null
}

function wholeValues(parameters: readonly (string | null)[]): readonly (string | null)[] | null {
  const values = parameters.map((value) => (value === 'null' ? null : value))
  return values.some((value) => value !== null && isNoValue(value)) ? null : values
}

function isNoValue(value: string): boolean {
  return value.includes('[redacted]') || value.endsWith('…') || /^[[<]/.test(value) || value === '?'
}
