// How many entries a scan of a hypothetical index reads: those that its index condition lets through. A plan shows only the rows that
// are left after the filter, so the target is asked for an estimate of the condition alone.

import type { PlanNode } from '../../model/what-if.ts'
import { ident, qualified } from '../../sql/quote.ts'
import type { PlanningTarget } from '../agreement.ts'

/** The question, or null where it can't be asked alone: the condition compares with another table, or with a subquery's result. */
export function conditionQuestion(node: PlanNode, schema: string): string | null {
  const condition = node['Index Cond']
  const table = node['Relation Name']
  if (typeof condition !== 'string' || table === undefined || node.Filter === undefined) return null
  const alias = node.Alias ?? table
  const bare = condition.replace(/'(?:[^']|'')*'/g, "''")
  if (/\$\d|SubPlan|InitPlan/.test(bare)) return null
  const named = [...bare.matchAll(/("(?:[^"]|"")+"|[a-z_][\w$]*)\s*\.(?=["a-z_])/gi)].map(([, name]) => name)
  if (named.some((name) => name !== ident(alias))) return null
  return `select 1 from only ${qualified(schema, table)} as ${ident(alias)} where ${condition}`
}

/** Answers are kept: the same scans come up in plan after plan. */
export class RowsRead {
  readonly #target: PlanningTarget
  readonly #known = new Map<string, number | null>()

  constructor(target: PlanningTarget) {
    this.#target = target
  }

  /** By node; one that is not there reads as many as it returns, as far as can be told. */
  async of(
    plan: PlanNode,
    schemaOf: (node: PlanNode) => string | null,
  ): Promise<ReadonlyMap<PlanNode, number>> {
    const found = new Map<PlanNode, number>()
    const visit = async (node: PlanNode): Promise<void> => {
      const schema = schemaOf(node)
      const question = schema === null ? null : conditionQuestion(node, schema)
      const rows = question === null ? null : await this.#ask(question)
      if (rows !== null) found.set(node, rows)
      for (const child of node.Plans ?? []) await visit(child)
    }
    await visit(plan)
    return found
  }

  async #ask(question: string): Promise<number | null> {
    const before = this.#known.get(question)
    if (before !== undefined) return before
    const answer = await this.#target.explain(question, { kind: 'none' })
    const rows = 'error' in answer ? null : answer.plan['Plan Rows']
    this.#known.set(question, rows)
    return rows
  }
}
