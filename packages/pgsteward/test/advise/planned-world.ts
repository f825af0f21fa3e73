// A world in which every plan of every statement is known beforehand: a planner that takes the cheapest whose indexes are there.

import { ascending, type IndexDesign } from '../../src/advise/index-design.ts'
import type { PreparedStatement } from '../../src/advise/prepare-statement.ts'
import type { PlanNode, WhatIfPlanner } from '../../src/model/what-if.ts'

export interface WorldPlan {
  /** Places in `designs`. */
  readonly uses: readonly number[]
  readonly cost: number
}

export interface World {
  readonly designs: readonly IndexDesign[]
  readonly sizesBytes: readonly number[]
  readonly statements: readonly {
    readonly callsPerMinute: number
    readonly baseCost: number
    readonly plans: readonly WorldPlan[]
  }[]
}

/** Design `number` of a table: a column of its own. */
export function designOn(table: string, number: number): IndexDesign {
  const column = `c${number}`
  return {
    schema: 'public',
    table,
    method: 'btree',
    keys: [ascending({ sql: column, column, columns: [column], type: 'bigint' })],
    equalityKeys: 1,
    include: [],
    where: null,
  }
}

/** Statements mention the columns of all designs that any of their plans uses. */
export function statementsOf(world: World): readonly PreparedStatement[] {
  return world.statements.map(({ callsPerMinute, plans }, number) => {
    const columns = new Map<string, Set<string>>()
    for (const place of plans.flatMap(({ uses }) => uses)) {
      const { table, keys } = world.designs[place]!
      const set = columns.get(`public.${table}`) ?? new Set()
      columns.set(`public.${table}`, set.add(keys[0]!.on.column!))
    }
    return {
      id: `${number}`,
      sql: `${number}`,
      callsPerMinute,
      foreignKey: null,
      samples: [{ sql: `${number}`, parameters: { kind: 'none' }, weight: 1 }],
      valuesFrom: 'text',
      sources: [],
      writes: [],
      rowsPerCall: null,
      tables: new Set(columns.keys()),
      columns,
      isPlanned: true,
    } as PreparedStatement
  })
}

/** The cheapest plan of a statement whose indexes all satisfy `isThere`. */
export function planIn(
  { baseCost, plans }: World['statements'][number],
  isThere: (place: number) => boolean,
): WorldPlan {
  return plans.reduce<WorldPlan>(
    (best, plan) => (plan.cost < best.cost && plan.uses.every(isThere) ? plan : best),
    { uses: [], cost: baseCost },
  )
}

/** Sketches are known by their table and column. */
export function plannerOf(world: World): WhatIfPlanner {
  const places = new Map(
    world.designs.map(({ table, keys }, place) => [`${table} ${keys[0]!.on.sql}`, place] as const),
  )
  let shown: ReadonlySet<string> = new Set()
  const node = (over: Partial<PlanNode>): PlanNode => ({
    'Node Type': 'Append',
    'Startup Cost': 0,
    'Total Cost': 0,
    'Plan Rows': 1,
    'Plan Width': 8,
    ...over,
  })
  const explain = (sql: string, seeing: ReadonlySet<string>) => {
    const { uses, cost } = planIn(world.statements[Number(sql)]!, (place) => seeing.has(`s${place}`))
    const scans = uses.map((place) => node({ 'Node Type': 'Index Scan', 'Index Name': `s${place}` }))
    return { plan: node({ 'Total Cost': cost, Plans: scans }) }
  }
  const planner: WhatIfPlanner = {
    kind: 'native',
    versionNum: 180_000,
    explain: async (sql) => explain(sql, shown),
    explainAll: async (asked) => asked.map(({ sql, seeing }) => explain(sql, seeing ?? shown)),
    sketch: async ({ table, keys }) => {
      const place = places.get(`${table} ${keys.join(', ')}`)
      if (place === undefined) return { error: { sqlState: null, message: 'not of this world' } }
      return {
        handle: `s${place}`,
        indexNames: [`s${place}`],
        sizeBytes: world.sizesBytes[place]!,
        treeHeight: 1,
      }
    },
    sketchAll: (sketches) => Promise.all(sketches.map(planner.sketch)),
    show: async (handles) => {
      shown = handles
    },
    close: async () => {},
  }
  return planner
}
