// Sizes of the target's tables, found as the target would find the name.

import type { StatisticsFile } from '../twin/statistics/statistics-file.ts'
import type { RelationName } from './operation.ts'

export interface SizeOf {
  readonly schema: string
  readonly name: string
  readonly rows: number
  readonly sizeBytes: number
  readonly indexes: number
  /** Inserts, updates and deletes a minute can't be told from one reading: whether anything was ever written. */
  readonly isWritten: boolean
}

export interface Sizes {
  /** Of a table, or of an index's table; null: it is not known (made by the migration, or left out). */
  readonly find: (relation: RelationName) => SizeOf | null
}

export function sizesOfTables(file: StatisticsFile): Sizes {
  const byName = new Map<string, SizeOf[]>()
  const put = (name: string, size: SizeOf) => byName.set(name, [...(byName.get(name) ?? []), size])
  // a partitioned table is as large as its parts
  const partsOf = new Map<string, { rows: number; sizeBytes: number }>()
  for (const table of file.tables.filter(({ kind }) => kind !== 'partitioned')) {
    for (let parents = table.parents; parents[0] !== undefined; ) {
      const key = `${parents[0].schema}.${parents[0].name}`
      const sum = partsOf.get(key) ?? { rows: 0, sizeBytes: 0 }
      partsOf.set(key, {
        rows: sum.rows + Math.max(0, table.rows),
        sizeBytes: sum.sizeBytes + table.blocks * 8192,
      })
      const above = file.tables.find((each) => `${each.schema}.${each.name}` === key)
      parents = above?.parents ?? []
    }
  }
  for (const table of file.tables) {
    const parts = table.kind === 'partitioned' ? partsOf.get(`${table.schema}.${table.name}`) : undefined
    const { activity } = table
    const size: SizeOf = {
      schema: table.schema,
      name: table.name,
      rows: parts?.rows ?? Math.max(0, table.rows),
      sizeBytes: parts?.sizeBytes ?? table.blocks * 8192,
      indexes: table.indexes.length,
      isWritten: activity === null || activity.inserted + activity.updated + activity.deleted > 0,
    }
    put(table.name, size)
    for (const index of table.indexes) put(index.name, size)
  }
  return {
    find: ({ schema, name }) => {
      const found = byName.get(name) ?? []
      if (schema !== null) return found.find((each) => each.schema === schema) ?? null
      return found.find((each) => each.schema === 'public') ?? found[0] ?? null
    },
  }
}
