// explain: what the twin's planner would do with one statement. Nothing is executed, here or on the target.

import { StewardError } from '../../model/error.ts'
import type { Parameters } from '../../model/what-if.ts'
import { insightsOf } from '../../plans/insights/insights-of.ts'
import { planShape } from '../../plans/plan-shape.ts'
import { loadParser } from '../../sql/parse/parse-statements.ts'
import { onePlannable } from './one-plannable.ts'
import { inShort, type TwinBench } from './twin-bench.ts'
import type { ExplainAnswer, ExplainQuestion } from './what-if-question.ts'

export async function answerExplain(
  bench: TwinBench,
  url: string,
  { sql, values }: ExplainQuestion,
  onProgress: (text: string) => void,
): Promise<ExplainAnswer> {
  const text = onePlannable(sql, await loadParser())
  const { file, twin } = await bench.twin(url, onProgress)
  onProgress('planning')
  const parameters = parametersOf(text, values)
  const answer = await twin.planner.explain(text, parameters)
  if ('error' in answer) throw notPlanned(answer.error.message)
  return {
    kind: 'explain',
    plan: answer.plan,
    shapeText: planShape(answer.plan).text,
    insights: insightsOf(answer.plan).map(({ words }) => words),
    parameters: parameters.kind,
    twin: inShort(file, twin),
  }
}

/** As given; without values a text that holds $1 gets a generic plan. */
export function parametersOf(text: string, values: readonly (string | null)[] | null): Parameters {
  if (values !== null && values.length > 0) return { kind: 'values', values }
  return /\$\d/.test(text) ? { kind: 'generic' } : { kind: 'none' }
}

export function notPlanned(because: string): StewardError {
  const isUnknown = /does not exist/.test(because)
  return new StewardError('usage', `the planner refuses it: ${because}`, {
    ...(isUnknown ? { hint: 'What was made a moment ago is known here after ten minutes.' } : {}),
  })
}
