// A workload's statements as a review asks for their plans: with the values that were captured, else as their texts are.

import { fillIn } from '../advise/sample-parameters.ts'
import type { Workload } from '../advise/workload.ts'
import type { StatementToPlan } from '../review/replan.ts'
import { mendNormalised } from '../sql/parse/parse-statements.ts'

/** More samples of one statement say nothing new. */
const MOST_SAMPLES = 5

export function statementsToPlan(
  workload: Workload,
  isNew: (id: string, sql: string) => boolean,
): readonly StatementToPlan[] {
  return workload.statements.map(({ id, sql, callsPerMinute, variants }) => {
    const text = mendNormalised(sql)
    const own = { id, sql, callsPerMinute, isNew: isNew(id, sql) }
    if (!/\$\d/.test(text))
      return { ...own, asks: [{ sql: text, parameters: { kind: 'none' }, weight: 1 }], valuesFrom: 'text' }
    const samples = variants.slice(0, MOST_SAMPLES)
    if (samples.length === 0)
      return {
        ...own,
        asks: [{ sql: text, parameters: { kind: 'generic' }, weight: 1 }],
        valuesFrom: 'generic',
      }
    return {
      ...own,
      asks: samples.map((values) => ({
        sql: fillIn(text, values),
        parameters: { kind: 'none' },
        weight: 1 / samples.length,
      })),
      valuesFrom: 'captured',
    }
  })
}
