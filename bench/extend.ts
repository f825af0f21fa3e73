// Extend (Schlosser, Kossmann, Boissier: Efficient Scalable Multi-Attribute Index Selection, ICDE 2019), for comparison in the same run:
// from one-column indexes, each round the addition or the extension with the most cost saved a byte, as long as one fits the budget.

import { type Attribute, type PlainIndex, type PlainWorkload, setCosts } from './set-costs.ts'

export interface BudgetOptions extends PlainWorkload {
  readonly budgetBytes: number
  readonly mostColumns: number
}

/** Below it a step is not taken: the published code's own bound. */
const LEAST_IMPROVEMENT = 1.003

export async function extend(options: BudgetOptions) {
  const { attributes, budgetBytes, mostColumns } = options
  const costs = setCosts(options)
  const { total, bytesOf } = costs
  const all = [
    ...new Map(attributes.flat().map((each) => [`${each.table}.${each.column}`, each] as const)).values(),
  ]
  let set: readonly PlainIndex[] = []
  const before = await total([])
  let cost = before
  for (;;) {
    let best: { set: readonly PlainIndex[]; cost: number; ratio: number } | null = null
    for (const next of steps(set, all, mostColumns)) {
      const [bytes, bytesBefore] = [await bytesOf(next), await bytesOf(set)]
      if (bytes > budgetBytes) continue
      const reached = await total(next)
      if (cost / reached < LEAST_IMPROVEMENT) continue
      const ratio = (cost - reached) / Math.max(1, bytes - bytesBefore)
      if (best === null || ratio > best.ratio) best = { set: next, cost: reached, ratio }
    }
    if (best === null) break
    set = best.set
    cost = best.cost
  }
  return { remaining: cost / before, indexes: set.length, explains: costs.explains() }
}

/** One more index of one column, or one more column behind a chosen index. */
function* steps(
  set: readonly PlainIndex[],
  all: readonly Attribute[],
  mostColumns: number,
): Iterable<readonly PlainIndex[]> {
  for (const { table, column } of all) {
    if (!set.some((each) => each.table === table && each.columns.length === 1 && each.columns[0] === column))
      yield [...set, { table, columns: [column] }]
    for (const each of set) {
      if (each.table !== table || each.columns.includes(column) || each.columns.length >= mostColumns)
        continue
      yield [...set.filter((other) => other !== each), { table, columns: [...each.columns, column] }]
    }
  }
}
