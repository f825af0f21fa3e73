// Extend (Schlosser, Kossmann, Boissier: Efficient Scalable Multi-Attribute Index Selection, ICDE 2019), for comparison in the same run:
// from one-column indexes, each round the addition or the extension with the most cost saved a byte, as long as one fits the budget.

import type { IndexSketch, SketchedIndex, WhatIfPlanner } from '../packages/pgsteward/src/model/what-if.ts'

/** A column that some query mentions. */
export interface Attribute {
  readonly table: string
  readonly column: string
}

export interface ExtendOptions {
  readonly planner: WhatIfPlanner
  readonly queries: readonly { readonly sql: string }[]
  /** By query: the columns that it mentions. */
  readonly attributes: readonly (readonly Attribute[])[]
  readonly budgetBytes: number
  readonly mostColumns: number
}

/** Below it a step is not taken: the published code's own bound. */
const LEAST_IMPROVEMENT = 1.003

interface Chosen {
  readonly table: string
  readonly columns: readonly string[]
}

export async function extend(options: ExtendOptions) {
  const { planner, queries, attributes, budgetBytes, mostColumns } = options
  const sketches = new Map<string, SketchedIndex>()
  const costs = new Map<string, number>()
  let explains = 0
  const nameOf = ({ table, columns }: Chosen) => `${table}(${columns.join(',')})`
  const sketched = async (index: Chosen): Promise<SketchedIndex> => {
    const known = sketches.get(nameOf(index))
    if (known !== undefined) return known
    const sketch: IndexSketch = {
      schema: 'public',
      table: index.table,
      method: 'btree',
      keys: index.columns,
      include: [],
      where: null,
      isUnique: false,
    }
    const made = await planner.sketch(sketch)
    if ('error' in made) throw new Error(made.error.message)
    sketches.set(nameOf(index), made)
    return made
  }
  const total = async (set: readonly Chosen[]): Promise<number> => {
    let sum = 0
    for (const [place, { sql }] of queries.entries()) {
      const own = attributes[place]!
      // an index is of use to a query that mentions any of its columns
      const relevant = set.filter(({ table, columns }) =>
        own.some((each) => each.table === table && columns.includes(each.column)),
      )
      const key = `${place} ${relevant.map(nameOf).sort().join(' ')}`
      let cost = costs.get(key)
      if (cost === undefined) {
        const handles = await Promise.all(relevant.map(sketched))
        const [answer] = await planner.explainAll([
          { sql, seeing: new Set(handles.map(({ handle }) => handle)) },
        ])
        if (answer === undefined || 'error' in answer) throw new Error(`no plan of query ${place}`)
        cost = answer.plan['Total Cost']
        costs.set(key, cost)
        explains += 1
      }
      sum += cost
    }
    return sum
  }
  const bytesOf = async (set: readonly Chosen[]) =>
    (await Promise.all(set.map(sketched))).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const all = [
    ...new Map(attributes.flat().map((each) => [`${each.table}.${each.column}`, each] as const)).values(),
  ]
  let set: readonly Chosen[] = []
  const before = await total([])
  let cost = before
  for (;;) {
    let best: { set: readonly Chosen[]; cost: number; ratio: number } | null = null
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
  return { remaining: cost / before, indexes: set.length, bytes: await bytesOf(set), explains }
}

/** One more index of one column, or one more column behind a chosen index. */
function* steps(
  set: readonly Chosen[],
  all: readonly Attribute[],
  mostColumns: number,
): Iterable<readonly Chosen[]> {
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
