// The mix of requests, and the choice of the next one.

import type { Action, Known, Query, Turn } from './action.ts'
import { faultyActions } from './faulty-actions.ts'
import { pickInt, type Random } from './random.ts'
import { readingActions } from './reading-actions.ts'
import { writingActions } from './writing-actions.ts'

export const allActions: readonly Action[] = [...readingActions, ...writingActions, ...faultyActions]

export function chooseAction(actions: readonly Action[], random: Random): Action {
  let left = random() * actions.reduce((sum, action) => sum + action.weight, 0)
  for (const action of actions) {
    left -= action.weight
    if (left < 0) return action
  }
  return actions[pickInt(random, actions.length)]!
}

export async function runAction(action: Action, query: Query, known: Known, random: Random): Promise<void> {
  const turn: Turn = { query, known, random, church: () => 1 + Math.floor(known.churches * random() ** 3) }
  if (!action.inTransaction) {
    await action.run(turn)
    return
  }
  await query('begin')
  try {
    await action.run(turn)
    await query('commit')
  } catch (error) {
    await query('rollback').catch(() => {}) // the first error is the one to report
    throw error
  }
}
