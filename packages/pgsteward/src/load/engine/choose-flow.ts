// Which flow an iteration takes: by weight.

import type { CompiledFlow } from './compile-scenario.ts'
import type { Random } from './random.ts'

export function flowChooser(flows: readonly CompiledFlow[]): (random: Random) => CompiledFlow {
  if (flows.length === 1) return () => flows[0]!
  const total = flows.reduce((sum, { weight }) => sum + weight, 0)
  return (random) => {
    let left = random.next() * total
    for (const flow of flows) {
      left -= flow.weight
      if (left < 0) return flow
    }
    return flows.at(-1)!
  }
}
