// The batches of a what-if planner that has no way to send many questions at once.

import type { Asked, NotPlanned, Planned, WhatIfPlanner } from '../model/what-if.ts'

/** `shown` is what plans see before and after. */
export async function explainOneByOne(
  planner: Pick<WhatIfPlanner, 'explain' | 'show'>,
  asked: readonly Asked[],
  shown: ReadonlySet<string>,
  hiddenExisting: ReadonlySet<string>,
): Promise<readonly (Planned | NotPlanned)[]> {
  const answers: (Planned | NotPlanned)[] = []
  try {
    for (const { sql, parameters, seeing } of asked) {
      await planner.show(seeing ?? shown, hiddenExisting)
      answers.push(await planner.explain(sql, parameters))
    }
  } finally {
    await planner.show(shown, hiddenExisting)
  }
  return answers
}

/** One after another; the answers in order. */
export async function inTurn<Question, Result>(
  questions: readonly Question[],
  ask: (question: Question) => Promise<Result>,
): Promise<readonly Result[]> {
  const answers: Result[] = []
  for (const question of questions) answers.push(await ask(question))
  return answers
}
