// Is a share of failures above a fixed limit, or is that chance? A normal test of one proportion whose variance is inflated by how much
// the spells differ among each other (Pearson's dispersion, as in two-proportions.ts): failures come in bursts.

import { normalCdf } from './normal.ts'
import { tTail } from './student-t.ts'
import type { Failures } from './two-proportions.ts'

export interface Proportion {
  readonly ratio: number
  /** One-sided: small when the share is above the limit. */
  readonly pValue: number
}

/** Each spell counts once, such as a day of a week. Null: nothing happened. */
export function proportionAbove(spells: readonly Failures[], limit: number): Proportion | null {
  const some = spells.filter(({ count }) => count > 0)
  const count = some.reduce((sum, spell) => sum + spell.count, 0)
  const errors = some.reduce((sum, spell) => sum + spell.errors, 0)
  if (count === 0) return null
  const ratio = errors / count
  // half a failure more keeps the variance above zero
  const smooth = (errors + 0.5) / (count + 1)
  const pearson = some.map(
    (spell) => (spell.errors - spell.count * ratio) ** 2 / (spell.count * smooth * (1 - smooth)),
  )
  const degreesOfFreedom = some.length - 1
  const dispersion =
    degreesOfFreedom > 0 ? Math.max(1, pearson.reduce((sum, each) => sum + each, 0) / degreesOfFreedom) : 1
  const z = (ratio - limit) / Math.sqrt((dispersion * limit * (1 - limit)) / count)
  return { ratio, pValue: degreesOfFreedom > 0 ? tTail(z, degreesOfFreedom) : normalCdf(-z) }
}
