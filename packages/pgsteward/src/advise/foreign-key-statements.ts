// What a delete or a key change of a parent makes PostgreSQL do to its children: searches that no plan shows. Each becomes a
// statement of its own, so that an index on the referencing columns is weighed like any other.

import { ident, qualified } from '../sql/quote.ts'
import { type ForeignKey, nameOf, type Surroundings } from './surroundings.ts'
import type { WorkloadStatement } from './workload.ts'

/** Rows a minute, by schema.name. */
export interface ParentChanges {
  readonly deleted: ReadonlyMap<string, number>
  readonly rekeyed: ReadonlyMap<
    string,
    { readonly columns: readonly string[]; readonly rowsPerMinute: number }[]
  >
}

export interface ForeignKeyStatement extends WorkloadStatement {
  readonly foreignKey: string
}

/** A cascade of cascades that never ends would be a ring of tables. */
const DEEPEST_CASCADE = 5

export function foreignKeyStatements(
  changes: ParentChanges,
  surroundings: Surroundings,
): readonly ForeignKeyStatement[] {
  const rates = new Map<
    string,
    { readonly key: ForeignKey; readonly kind: 'delete' | 'rekey'; callsPerMinute: number }
  >()
  const note = (key: ForeignKey, kind: 'delete' | 'rekey', rate: number) => {
    const id = `${nameOf({ schema: key.child.schema, name: key.child.table })} ${key.name} ${kind}`
    const known = rates.get(id)
    if (known === undefined) rates.set(id, { key, kind, callsPerMinute: rate })
    else known.callsPerMinute += rate
  }
  const follow = (parent: string, rate: number, depth: number): void => {
    if (depth > DEEPEST_CASCADE || rate <= 0) return
    for (const key of surroundings.foreignKeys) {
      if (nameOf({ schema: key.parent.schema, name: key.parent.table }) !== parent) continue
      note(key, 'delete', rate)
      if (key.onDelete !== 'cascade') continue
      const child = nameOf({ schema: key.child.schema, name: key.child.table })
      follow(child, rate * childrenPerParent(key, surroundings), depth + 1)
    }
  }
  for (const [parent, rate] of changes.deleted) follow(parent, rate, 1)
  for (const [parent, updates] of changes.rekeyed) {
    for (const { columns, rowsPerMinute } of updates) {
      for (const key of surroundings.foreignKeys) {
        if (nameOf({ schema: key.parent.schema, name: key.parent.table }) !== parent) continue
        if (key.parent.columns.some((column) => columns.includes(column))) note(key, 'rekey', rowsPerMinute)
      }
    }
  }
  return [...rates.values()].map(({ key, kind, callsPerMinute }) => ({
    id: `foreign key ${key.name}`,
    sql: searchSql(key, kind),
    callsPerMinute,
    variants: [],
    rowsPerCall: null,
    foreignKey: key.name,
  }))
}

function childrenPerParent(key: ForeignKey, { tables }: Surroundings): number {
  const rowsOf = (schema: string, name: string) =>
    tables.find((table) => table.schema === schema && table.name === name)?.rows ?? 0
  return rowsOf(key.child.schema, key.child.table) / Math.max(1, rowsOf(key.parent.schema, key.parent.table))
}

/** As PostgreSQL's own referential triggers write it. */
function searchSql({ child, onDelete, onUpdate }: ForeignKey, kind: 'delete' | 'rekey'): string {
  const table = qualified(child.schema, child.table)
  const where = child.columns.map((column, index) => `${ident(column)} = $${index + 1}`).join(' and ')
  const action = kind === 'delete' ? onDelete : onUpdate
  if (action === 'restrict') return `select 1 from only ${table} as x where ${where} for key share of x`
  if (action === 'cascade' && kind === 'delete') return `delete from only ${table} where ${where}`
  const set = child.columns.map(
    (column) => `${ident(column)} = ${action === 'cascade' ? ident(column) : 'null'}`,
  )
  return `update only ${table} set ${set.join(', ')} where ${where}`
}
