// A workload's statements as a review asks for their plans: with the values that were captured, else with values sampled from the
// statistics, as advise does, since one generic plan hides skew and can use no partial index.

import { prepareStatement } from '../../advise/prepare-statement.ts'
import type { Surroundings } from '../../advise/surroundings.ts'
import type { WorkloadStatement } from '../../advise/workload.ts'
import type { StatementToPlan } from '../../review/replan.ts'
import { loadNormaliser, loadParser, mendNormalised } from '../../sql/parse/parse-statements.ts'
import { tableFinder } from '../../sql/parse/table-names.ts'

export async function statementsToPlan(
  statements: readonly WorkloadStatement[],
  surroundings: Surroundings,
  isNew: (id: string) => boolean,
): Promise<readonly StatementToPlan[]> {
  const [parse, normalise] = [await loadParser(), await loadNormaliser()]
  const find = tableFinder(surroundings.tables, surroundings.searchPath)
  return statements.map((statement): StatementToPlan => {
    const { id, sql, callsPerMinute } = statement
    const own = { id, sql, callsPerMinute, isNew: isNew(id) }
    const prepared = prepareStatement(statement, parse, normalise, find, surroundings)
    if ('samples' in prepared) return { ...own, asks: prepared.samples, valuesFrom: prepared.valuesFrom }
    // a table that only the migrations make, or no SQL at all: the planner has the word
    const text = mendNormalised(sql)
    return /\$\d/.test(text)
      ? { ...own, asks: [{ sql: text, parameters: { kind: 'generic' }, weight: 1 }], valuesFrom: 'generic' }
      : { ...own, asks: [{ sql: text, parameters: { kind: 'none' }, weight: 1 }], valuesFrom: 'text' }
  })
}
