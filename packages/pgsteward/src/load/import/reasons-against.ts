// Why a run that another tool measured must not be judged, as far as its figures tell.

import type { LoadRun } from '../../model/load-run.ts'

/** Latencies of failing requests say nothing; the same limit as for our own runs. */
const MAX_ERROR_RATIO = 0.01

export function reasonsAgainst({
  count,
  errors,
  dropped,
  offered,
}: {
  readonly count: number
  readonly errors: number
  readonly dropped: number
  readonly offered: number | null
}): LoadRun['invalid'] {
  const reasons: LoadRun['invalid'] = []
  if (dropped > 0)
    reasons.push({
      reason: 'dropped-arrivals',
      detail: `${dropped}${offered === null ? '' : ` of ${offered}`} iterations never began: what would have been slowest was not measured`,
    })
  if (errors > count * MAX_ERROR_RATIO)
    reasons.push({
      reason: 'too-many-errors',
      detail: `${errors} of ${count} requests failed`,
    })
  return reasons
}

/** For sources whose latencies can't be added up. */
export function percentilesOnly(what: string): LoadRun['invalid'][number] {
  return { reason: 'source-incomplete', detail: `${what}: it can be shown, never compared` }
}
