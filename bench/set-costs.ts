// What sets of indexes cost a workload and how large they are, for published algorithms: each plan and each size is asked for once.

import type { IndexSketch, SketchedIndex, WhatIfPlanner } from '../packages/pgsteward/src/model/what-if.ts'

/** A column that some query mentions. */
export interface Attribute {
  readonly table: string
  readonly column: string
}

export interface PlainIndex {
  readonly table: string
  readonly columns: readonly string[]
}

export interface SetCosts {
  /** Of all queries together. */
  readonly total: (set: readonly PlainIndex[]) => Promise<number>
  readonly bytesOf: (set: readonly PlainIndex[]) => Promise<number>
  readonly explains: () => number
}

export function nameOf({ table, columns }: PlainIndex): string {
  return `${table}(${columns.join(',')})`
}

export interface PlainWorkload {
  readonly planner: WhatIfPlanner
  readonly queries: readonly { readonly sql: string }[]
  /** By query: the columns that it mentions. */
  readonly attributes: readonly (readonly Attribute[])[]
}

export function setCosts({ planner, queries, attributes }: PlainWorkload): SetCosts {
  const sketches = new Map<string, SketchedIndex>()
  const costs = new Map<string, number>()
  let explains = 0
  const sketched = async (index: PlainIndex): Promise<SketchedIndex> => {
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
  const total = async (set: readonly PlainIndex[]): Promise<number> => {
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
  const bytesOf = async (set: readonly PlainIndex[]) =>
    (await Promise.all(set.map(sketched))).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return { total, bytesOf, explains: () => explains }
}
