// Where a rising curve bends, from its points alone, whatever law it follows. Satopää et al., Kneedle, 2011.

import type { LoadPoint } from './scalability-law.ts'

/** What rises less than this from the lowest to the highest has no knee, but noise. */
const LEAST_RISE = 0.1

/** Kneedle: the point that lies furthest above the straight line from the first to the best. Null: they do not rise, or do so evenly. */
export function kneeOf(levels: readonly LoadPoint[]): number | null {
  const top = levels.reduce(
    (best, each, index) => (each.throughput > levels[best]!.throughput ? index : best),
    0,
  )
  const [first, last] = [levels[0], levels[top]]
  if (first === undefined || last === undefined || top === 0) return null
  const rise = last.throughput - first.throughput
  if (rise < LEAST_RISE * last.throughput) return null
  let knee: number | null = null
  let furthest = 0.1
  for (const { n, throughput } of levels.slice(1, top + 1)) {
    const above = (throughput - first.throughput) / rise - (n - first.n) / (last.n - first.n)
    if (above > furthest) [furthest, knee] = [above, n]
  }
  // straight up to the best, and lower afterwards: the best is the knee
  return knee ?? (top < levels.length - 1 ? last.n : null)
}
