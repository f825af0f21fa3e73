// What staff, the carrier and members do: one visit each, of a request or a few, as data with a weight.

import type { AnyFaultId } from '../app/faults.ts'
import type { Random } from './random.ts'
import type { Visitor } from './visitor.ts'

export interface Turn {
  readonly visitor: Visitor
  readonly random: Random
}

export interface Action {
  readonly name: string
  /** Relative frequency. */
  readonly weight: number
  /** Happens only while this fault is on. */
  readonly fault?: AnyFaultId
  readonly run: (turn: Turn) => Promise<unknown>
}

export function chooseAction(actions: readonly Action[], random: Random): Action {
  let left = random() * actions.reduce((sum, action) => sum + action.weight, 0)
  for (const action of actions) {
    left -= action.weight
    if (left < 0) return action
  }
  return actions[actions.length - 1]!
}
