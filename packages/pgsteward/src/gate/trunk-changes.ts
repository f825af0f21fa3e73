// Changes on the trunk: one point a commit or night. Two votes: a change point of the logarithms, and Perfherder's comparison of the
// twelve points before with the twelve after (weighted t of over 7 there), here as Welch's t on logarithms. Only what both see within
// two points, and what is over 5 %, is told. It opens an issue and never fails a pull request: who made the commit may be long gone.

import { changePoints } from '../stats/change-points.ts'
import { median } from '../stats/order-statistics.ts'
import { shiftMoments } from '../stats/shift.ts'
import { LEAST_RATIO } from './bands.ts'

export interface TrunkChange {
  /** Of the first point after it. */
  readonly index: number
  readonly ratio: number
  readonly before: number
  readonly after: number
}

const WINDOW = 12
/** Of both votes. */
const TOLERANCE = 2
/** Fewer points on a side know nothing of their spread. */
const LEAST_SIDE = 5
/** Perfherder takes 7 on single runs of many tests; the other vote allows less here (bench/results/gate.md). */
const LEAST_T = 4

export function trunkChanges(values: readonly (number | null)[]): readonly TrunkChange[] {
  const logs = values.map((value) => (value !== null && value > 0 ? Math.log(value) : null))
  return changePoints(logs).flatMap(({ index }) => {
    const before = known(logs.slice(Math.max(0, index - WINDOW), index))
    const after = known(logs.slice(index, index + WINDOW))
    const ratio = Math.exp(median(after) - median(before))
    const isLarge = ratio > LEAST_RATIO || ratio < 1 / LEAST_RATIO
    if (!isLarge || !hasSecondVote(logs, index)) return []
    return [{ index, ratio, before: Math.exp(median(before)), after: Math.exp(median(after)) }]
  })
}

function hasSecondVote(logs: readonly (number | null)[], index: number): boolean {
  for (let at = index - TOLERANCE; at <= index + TOLERANCE; at += 1) {
    const base = known(logs.slice(Math.max(0, at - WINDOW), Math.max(0, at)))
    const head = known(logs.slice(Math.max(0, at), at + WINDOW))
    if (Math.min(base.length, head.length) < LEAST_SIDE) continue
    const moments = shiftMoments({ kind: 'unpaired', base, head })
    if (moments !== null && Math.abs(moments.mean) > LEAST_T * moments.standardError) return true
  }
  return false
}

function known(values: readonly (number | null)[]): readonly number[] {
  return values.filter((value) => value !== null)
}
