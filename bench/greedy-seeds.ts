// The search of the Anytime algorithm of DTA (Chaudhuri, Narasayya: Anytime Algorithm of Database Tuning Advisor for Microsoft SQL Server, 2020), for comparison in the
// same run: from each candidate as a seed the one that saves the most is added as long as one fits the budget; the best end is taken.

import type { BudgetOptions } from './extend.ts'
import { nameOf, type PlainIndex, setCosts } from './set-costs.ts'

export async function greedyFromSeeds(options: BudgetOptions) {
  const costs = setCosts(options)
  const before = await costs.total([])
  const candidates: PlainIndex[] = []
  for (const candidate of indexesOf(options)) {
    const fits = (await costs.bytesOf([candidate])) <= options.budgetBytes
    if (fits && (await costs.total([candidate])) < before) candidates.push(candidate)
  }
  let best: { readonly set: readonly PlainIndex[]; readonly cost: number } = { set: [], cost: before }
  for (const seed of candidates) {
    let set: readonly PlainIndex[] = [seed]
    let cost = await costs.total(set)
    for (;;) {
      let next: { readonly set: readonly PlainIndex[]; readonly cost: number } | null = null
      for (const candidate of candidates) {
        if (set.includes(candidate)) continue
        const larger = [...set, candidate]
        if ((await costs.bytesOf(larger)) > options.budgetBytes) continue
        const reached = await costs.total(larger)
        if (reached < (next?.cost ?? cost)) next = { set: larger, cost: reached }
      }
      if (next === null) break
      set = next.set
      cost = next.cost
    }
    if (cost < best.cost) best = { set, cost }
  }
  return { remaining: best.cost / before, indexes: best.set.length, explains: costs.explains() }
}

/** Of the columns that one query mentions of one table, each and each ordered pair. */
function indexesOf({ attributes, mostColumns }: BudgetOptions): Iterable<PlainIndex> {
  const all = new Map<string, PlainIndex>()
  const add = (index: PlainIndex) => all.set(nameOf(index), index)
  for (const own of attributes) {
    for (const { table, column } of own) {
      add({ table, columns: [column] })
      if (mostColumns < 2) continue
      for (const other of own)
        if (other.table === table && other.column !== column) add({ table, columns: [column, other.column] })
    }
  }
  return all.values()
}
