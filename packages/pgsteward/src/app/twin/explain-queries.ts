// Asks a planner about every statement of a file: with its literals, or generically where it holds $1.

import type { NotPlanned, Parameters, PlanNode, Planned, WhatIfPlanner } from '../../model/what-if.ts'
import type { AskedStatement } from '../../twin/agreement.ts'
import type { WorkloadQuery } from '../workload/workload-queries.ts'

export interface ExplainedQuery {
  readonly id: string
  readonly plan: PlanNode | null
  readonly error?: string
}

export interface ExplainedQueries {
  /** In the order of the queries. */
  readonly plans: readonly ExplainedQuery[]
  /** As they were asked; without those that are no SQL. */
  readonly asked: readonly AskedStatement[]
}

/** In one round trip; more would be long without a word. */
const AT_ONCE = 100

/** PostgreSQL's undefined_parameter: there is a $1, and no value for it. */
const WANTS_VALUES = '42P02'

/** One that can't be planned has an error of its own. */
export async function explainQueries(
  planner: Pick<WhatIfPlanner, 'explainAll'>,
  queries: readonly WorkloadQuery[],
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (text: string) => void },
): Promise<ExplainedQueries> {
  const plans: ExplainedQuery[] = []
  const asked: AskedStatement[] = []
  for (let start = 0; start < queries.length; start += AT_ONCE) {
    signal.throwIfAborted()
    onProgress(`explaining ${start} of ${queries.length}`)
    const some = queries.slice(start, start + AT_ONCE)
    const answers = await explained(planner, some)
    for (const [place, { id, sql }] of some.entries()) {
      const { answer, parameters } = answers[place]!
      plans.push(
        'error' in answer ? { id, plan: null, error: answer.error.message } : { id, plan: answer.plan },
      )
      if (!isNoSql(answer)) asked.push({ id, sql, parameters })
    }
  }
  return { plans, asked }
}

/** No server would plan it; not to be asked elsewhere. */
function isNoSql(answer: Planned | NotPlanned): boolean {
  return 'error' in answer && (answer.error.sqlState === null || answer.error.sqlState === '42601')
}

interface Answered {
  readonly answer: Planned | NotPlanned
  readonly parameters: Parameters
}

async function explained(
  planner: Pick<WhatIfPlanner, 'explainAll'>,
  queries: readonly WorkloadQuery[],
): Promise<readonly Answered[]> {
  const ask = async (places: readonly number[], parameters: Parameters): Promise<void> => {
    const found = await planner.explainAll(places.map((place) => ({ sql: queries[place]!.sql, parameters })))
    for (const [at, place] of places.entries()) answers[place] = { answer: found[at]!, parameters }
  }
  const answers: Answered[] = queries.map(({ problem }) => ({
    answer: { error: { sqlState: null, message: problem ?? '' } },
    parameters: { kind: 'none' },
  }))
  await ask(
    [...queries.keys()].filter((place) => queries[place]!.problem === null),
    { kind: 'none' },
  )
  const generic = [...queries.keys()].filter((place) => {
    const { answer } = answers[place]!
    return 'error' in answer && answer.error.sqlState === WANTS_VALUES
  })
  if (generic.length > 0) await ask(generic, { kind: 'generic' })
  return answers
}
