// What a workload writes, table by table, and what a set of advised indexes costs there.

import type { NotPlanned, PlanNode, Planned, WhatIfPlanner } from '../model/what-if.ts'
import type { CostBook, IndexSet } from './cost-book.ts'
import type { ParentChanges } from './foreign-key-statements.ts'
import type { IndexDesign } from './index-design.ts'
import type { PreparedStatement } from './prepare-statement.ts'
import { nameOf, type Surroundings } from './surroundings.ts'
import { NO_WRITE_COST, type TableWrites, type WriteCost, writeCost } from './write-cost.ts'

const NOTHING = { insertsPerMinute: 0, deletesPerMinute: 0, estimatedDeletes: 0, estimatedDeleteCalls: 0 }

/** A table whose rows come from elsewhere is not emptied more often than once a day. */
const MINUTES_OF_A_DAY = 24 * 60

/** Rows a minute by table, as they were counted, the text says or the planner estimates. */
export async function writesOf(
  statements: readonly PreparedStatement[],
  planner: WhatIfPlanner,
  { tables }: Surroundings,
): Promise<{ readonly writes: ReadonlyMap<string, TableWrites>; readonly changes: ParentChanges }> {
  const writes = new Map<
    string,
    {
      insertsPerMinute: number
      deletesPerMinute: number
      estimatedDeletes: number
      estimatedDeleteCalls: number
      updates: { columns: readonly string[]; rowsPerMinute: number }[]
    }
  >()
  for (const statement of statements) {
    if (statement.writes.length === 0) continue
    const estimated = statement.writes.some(({ rows }) => rows === null)
      ? await rowsOf(statement, planner)
      : 1
    for (const { table, kind, columns, rows } of statement.writes) {
      const name = nameOf(table)
      const entry = writes.get(name) ?? { ...NOTHING, updates: [] }
      const isCounted = kind === 'insert' || new RegExp(`^\\s*${kind}\\b`, 'i').test(statement.sql)
      const known = (isCounted ? statement.rowsPerCall : null) ?? rows
      const rowsPerMinute = statement.callsPerMinute * (known ?? estimated)
      if (kind === 'insert') entry.insertsPerMinute += rowsPerMinute
      if (kind === 'delete' && known !== null) entry.deletesPerMinute += rowsPerMinute
      if (kind === 'delete' && known === null) {
        entry.estimatedDeletes += rowsPerMinute
        entry.estimatedDeleteCalls += statement.callsPerMinute
      }
      if (kind === 'update') entry.updates.push({ columns, rowsPerMinute })
      writes.set(name, entry)
    }
  }
  // what is deleted came in before: an estimate of a range says nothing of how often it finds that many
  for (const { schema, name, rows } of tables) {
    const entry = writes.get(`${schema}.${name}`)
    if (entry === undefined) continue
    const most = entry.insertsPerMinute > 0 ? entry.insertsPerMinute : rows / MINUTES_OF_A_DAY
    // that each call finds one row needs no range
    entry.deletesPerMinute += Math.min(entry.estimatedDeletes, Math.max(most, entry.estimatedDeleteCalls))
  }
  const deleted = new Map([...writes].map(([name, { deletesPerMinute }]) => [name, deletesPerMinute]))
  const rekeyed = new Map([...writes].map(([name, { updates }]) => [name, updates]))
  return { writes, changes: { deleted, rekeyed } }
}

async function rowsOf(statement: PreparedStatement, planner: WhatIfPlanner): Promise<number> {
  let rows = 0
  for (const { sql, parameters, weight } of statement.samples) {
    const planned: Planned | NotPlanned = await planner.explain(sql, parameters)
    rows += weight * ('error' in planned ? 1 : modifiedRows(planned.plan))
  }
  return rows
}

function modifiedRows(plan: PlanNode): number {
  if (plan['Node Type'] === 'ModifyTable')
    return (plan.Plans ?? []).reduce((sum, child) => sum + child['Plan Rows'], 0)
  return (plan.Plans ?? []).reduce((most, child) => Math.max(most, modifiedRows(child)), 1)
}

/** What a set of designs costs in writes; remembered by table. */
export function writeCosts(
  book: CostBook,
  surroundings: Surroundings,
  writes: ReadonlyMap<string, TableWrites>,
): (set: IndexSet) => WriteCost {
  const tables = new Map(surroundings.tables.map((table) => [nameOf(table), table]))
  const cached = new Map<string, WriteCost>()
  return (set) => {
    const byTable = new Map<string, { set: IndexSet; designs: IndexDesign[] }>()
    for (const { bit, design } of book.membersOf(set)) {
      const name = `${design.schema}.${design.table}`
      const entry = byTable.get(name) ?? { set: 0n, designs: [] }
      entry.set |= bit
      entry.designs.push(design)
      byTable.set(name, entry)
    }
    let sum = NO_WRITE_COST
    for (const [name, { set: own, designs }] of byTable) {
      const key = `${name} ${own}`
      let cost = cached.get(key)
      if (cost === undefined) {
        const table = tables.get(name)
        const existing = surroundings.indexes.filter((index) => `${index.schema}.${index.table}` === name)
        cost =
          table === undefined
            ? NO_WRITE_COST
            : writeCost(designs, table, existing, writes.get(name), surroundings.randomPageCost)
        cached.set(key, cost)
      }
      sum = {
        units: sum.units + cost.units,
        walBytesPerMinute: sum.walBytesPerMinute + cost.walBytesPerMinute,
        hotLostPerMinute: sum.hotLostPerMinute + cost.hotLostPerMinute,
      }
    }
    return sum
  }
}
