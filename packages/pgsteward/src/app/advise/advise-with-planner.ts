// The search for indexes over whatever planner answers.

import { type Advice, type AskedText, advise, tableBytes } from '../../advise/advise.ts'
import type { WhatIfPlanner } from '../../model/what-if.ts'
import { addressOf } from '../../postgres/connect-error.ts'
import type { AdviseGround } from './advise-request.ts'

/** `onPrepared` is not counted in the time that the search may take. */
export async function adviseWithPlanner(
  planner: WhatIfPlanner,
  { request, surroundings, workload }: AdviseGround,
  onPrepared: (asked: readonly AskedText[]) => Promise<void>,
): Promise<Advice> {
  const { now, signal, onProgress = () => {} } = request
  let startedAt = now().getTime()
  const clock = () => now().getTime() - startedAt
  return advise({
    target: addressOf(request.url),
    planner,
    surroundings,
    workload,
    budgetBytes:
      request.budget.kind === 'bytes'
        ? request.budget.bytes
        : request.budget.share * tableBytes(surroundings),
    mostIndexes: request.mostIndexes,
    clock,
    isTimeUp: () => signal.aborted || clock() > request.searchMs,
    onProgress,
    onPrepared: async (asked) => {
      await onPrepared(asked)
      startedAt = now().getTime()
    },
  })
}
