// Statements that take longer or less than in the weeks before, with support, by what that costs.

import type { Milliseconds } from '../../model/units.ts'
import { adjustedPValues } from '../../stats/benjamini-hochberg.ts'
import { median } from '../../stats/order-statistics.ts'
import { pAbove, pBelow } from '../../stats/shift.ts'
import type { StatementTotals } from '../../store/store.ts'
import { LEAST_WEEKS, SLOWER_RATIO, SUPPORT } from './weekly-rules.ts'

export interface StatementShift {
  readonly queryId: string
  readonly database: string
  readonly text: string
  readonly calls: number
  readonly meanMs: Milliseconds
  /** The median of the weeks before. */
  readonly wasMs: Milliseconds
  readonly ratio: number
  /** What its calls of this week took more (or less, negative) than they would have. */
  readonly moreMs: Milliseconds
  /** One-sided, adjusted for all statements that were compared. */
  readonly pValue: number
}

export interface StatementShifts {
  readonly slower: readonly StatementShift[]
  readonly faster: readonly StatementShift[]
  /** With enough calls in this week and in enough of those before. */
  readonly compared: number
  /** Over 10 % slower or faster, but as far as the weeks before differ. */
  readonly notSupported: number
}

/** The mean of fewer calls is a matter of which rows they asked for. */
const LEAST_CALLS = 100

export function statementShifts(
  week: readonly StatementTotals[],
  before: readonly (readonly StatementTotals[])[],
): StatementShifts {
  const pastMeans = before.map(meansOf)
  const compared = [...meansOf(week)].flatMap(([key, now]) => {
    const past = pastMeans.flatMap((means) => means.get(key)?.meanMs ?? []).filter((ms) => ms > 0)
    if (past.length < LEAST_WEEKS || now.meanMs <= 0) return []
    const wasMs = median(past)
    const sample = { kind: 'predicted', base: past.map(Math.log), head: [Math.log(now.meanMs)] } as const
    const ratio = now.meanMs / wasMs
    return [
      {
        ...now,
        wasMs,
        ratio,
        moreMs: (now.meanMs - wasMs) * now.calls,
        p: ratio > 1 ? pAbove(sample, 0) : pBelow(sample, 0),
      },
    ]
  })
  const adjusted = adjustedPValues(compared.map(({ p }) => p))
  const shifts = compared.map(({ p: _, ...rest }, index) => ({ ...rest, pValue: adjusted[index]! }))
  const large = shifts.filter(({ ratio }) => ratio > SLOWER_RATIO || ratio < 1 / SLOWER_RATIO)
  const supported = large
    .filter(({ pValue }) => pValue <= SUPPORT)
    .toSorted((a, b) => Math.abs(b.moreMs) - Math.abs(a.moreMs))
  return {
    slower: supported.filter(({ ratio }) => ratio > 1),
    faster: supported.filter(({ ratio }) => ratio < 1),
    compared: shifts.length,
    notSupported: large.length - supported.length,
  }
}

/** Of all users together; those with too few calls left out. */
function meansOf(rows: readonly StatementTotals[]) {
  const groups = Map.groupBy(rows, ({ database, queryId }) => `${queryId} ${database}`)
  const means = new Map<string, Pick<StatementShift, 'queryId' | 'database' | 'text' | 'calls' | 'meanMs'>>()
  for (const [key, its] of groups) {
    const calls = its.reduce((sum, row) => sum + row.calls, 0)
    const { queryId, database, text } = its[0]!
    if (calls >= LEAST_CALLS)
      means.set(key, {
        queryId,
        database,
        text,
        calls,
        meanMs: its.reduce((sum, row) => sum + row.totalExecMs, 0) / calls,
      })
  }
  return means
}
