// The remedy for an unlogged table: set it logged, after the unlogged tables that it references.

import type { ForeignKeyRow } from '../../facts/foreign-keys.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { Remedy } from '../../model/finding.ts'
import { qualified } from '../../sql/quote.ts'

/** Undefined where no order of statements would run, as for tables that reference each other. */
export function setLogged(
  table: TableRow,
  unlogged: readonly TableRow[],
  foreignKeys: readonly ForeignKeyRow[],
): Remedy | undefined {
  const order = loggingOrder(table, unlogged, foreignKeys)
  if (order === null) return undefined
  const names = order.map(nameOf)
  const caution = [
    'Waits for every transaction that uses the table, then locks out readers and writers while it writes table and indexes anew: that takes as much disk again, and all of it goes through WAL to replicas and archive. From then on each write costs WAL too. The undo writes it anew once more, and replicas lose its content.',
    ...(names.length > 1
      ? ['Tables that it references come first: no logged table may reference an unlogged one.']
      : []),
    ...(order.some(failsChangesOncePublished)
      ? [
          'A publication of all tables then includes it: without a primary key its updates and deletes fail from that moment.',
        ]
      : []),
  ]
  return {
    sql: names.map((name) => `alter table ${name} set logged`),
    undo: names.toReversed().map((name) => `alter table ${name} set unlogged`),
    lock: 'access exclusive',
    caution: caution.join(' '),
  }
}

/** The table, and before it all unlogged ones that it references, directly or not; null when there is no such order. */
function loggingOrder(
  table: TableRow,
  unlogged: readonly TableRow[],
  foreignKeys: readonly ForeignKeyRow[],
): readonly TableRow[] | null {
  const byName = new Map(unlogged.map((each) => [nameOf(each), each]))
  const referencedBy = (name: string) =>
    foreignKeys
      .filter((key) => qualified(key.schema, key.table) === name)
      .map((key) => qualified(key.referencedSchema, key.referencedTable))
      .filter((referenced) => referenced !== name && byName.has(referenced))
  // grows while it is walked, until it holds all that is reached
  const waiting = new Set([nameOf(table)])
  for (const name of waiting) for (const referenced of referencedBy(name)) waiting.add(referenced)
  const order: TableRow[] = []
  while (waiting.size > 0) {
    const name = [...waiting].find((each) =>
      referencedBy(each).every((referenced) => !waiting.has(referenced)),
    )
    const next = name === undefined ? undefined : byName.get(name)
    // a partitioned table that PostgreSQL 14 to 17 let be called unlogged can't be set logged
    if (next === undefined || next.kind !== 'table') return null
    waiting.delete(nameOf(next))
    order.push(next)
  }
  return order
}

const nameOf = (table: TableRow) => qualified(table.schema, table.name)

/** An unlogged table is in no publication, even in one of all tables, until it is logged. */
function failsChangesOncePublished(table: TableRow): boolean {
  const hasIdentity =
    table.replicaIdentity === 'default' ? table.hasPrimaryKey : table.replicaIdentity !== 'nothing'
  return table.isPublishedForChanges && !hasIdentity
}
